// A Windows image with a deprovision script of your own. Before a deployment, make the step beside this file:
//   New-AibDeprovisionScript Windows | ConvertTo-AibCustomizer -As Json > windows-step.json

@description('The name of the image template.')
param name string = 'windows'

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
    // Sysprep and the first boot of Windows take their time.
    buildTimeoutInMinutes: 240
    vmProfile: {
      vmSize: 'Standard_D4s_v5'
      osDiskSizeGB: 127
    }
    source: {
      type: 'PlatformImage'
      publisher: 'MicrosoftWindowsServer'
      offer: 'WindowsServer'
      sku: '2022-datacenter-azure-edition'
      version: 'latest'
    }
    customize: [
      {
        type: 'WindowsUpdate'
        name: 'Updates'
        searchCriteria: 'IsInstalled=0'
        filters: [
          'exclude:$_.Title -like \'*Preview*\''
          'include:$true'
        ]
      }
      // None may be outstanding when Sysprep begins.
      {
        type: 'WindowsRestart'
        name: 'RestartBeforeDeprovisioning'
        restartTimeout: '30m'
      }
      // The last one: a step after it can undo it.
      loadJsonContent('windows-step.json')
    ]
    // With 'abort' the build VM stays, so that the logs of Sysprep can be read.
    errorHandling: {
      onCustomizerError: 'cleanup'
      onValidationError: 'cleanup'
    }
    distribute: [
      {
        type: 'SharedImage'
        runOutputName: 'windows'
        galleryImageId: imageDefinitionId
        replicationRegions: [
          location
        ]
      }
    ]
  }
}
