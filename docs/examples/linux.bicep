// A Linux image with a deprovision script of your own. Before a deployment, make the step beside this file:
//   New-AibDeprovisionScript Linux | ConvertTo-AibCustomizer -As Json > linux-step.json

@description('The name of the image template.')
param name string = 'linux'

@description('Where the image is built.')
param location string = resourceGroup().location

@description('The user-assigned identity that the build works with: its resource ID.')
param identityId string

@description('The image definition in a compute gallery: its resource ID. Its generation and security type have to be those of the source.')
param imageDefinitionId string

resource template 'Microsoft.VirtualMachineImages/imageTemplates@2024-02-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    buildTimeoutInMinutes: 120
    vmProfile: {
      vmSize: 'Standard_D2s_v5'
      osDiskSizeGB: 30
    }
    source: {
      type: 'PlatformImage'
      publisher: 'canonical'
      offer: 'ubuntu-24_04-lts'
      sku: 'server'
      version: 'latest'
    }
    customize: [
      {
        type: 'Shell'
        name: 'Updates'
        inline: [
          'sudo apt-get update'
          'sudo DEBIAN_FRONTEND=noninteractive apt-get -y upgrade'
        ]
      }
      // The last one: a step after it can undo it.
      loadJsonContent('linux-step.json')
    ]
    errorHandling: {
      onCustomizerError: 'cleanup'
      onValidationError: 'cleanup'
    }
    distribute: [
      {
        type: 'SharedImage'
        runOutputName: 'linux'
        galleryImageId: imageDefinitionId
        replicationRegions: [
          location
        ]
      }
    ]
  }
}
