using AibDeprovision.Machine;
using AibDeprovision.Plans;
using AibDeprovision.Scripts;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>What is on a healthy build VM: Windows Server 2022 with a guest agent that has its telemetry built in.</summary>
internal static class FreshInstallation
{
    private static readonly string[] Programs =
    [
        "cmd.exe", "net.exe", "reg.exe", "sc.exe", "shutdown.exe", "whoami.exe", "timeout.exe", "icacls.exe",
        @"Sysprep\Sysprep.exe", "VMAgentDisabler.dll", "spopk.dll", @"Sysprep\Panther\IE\setupact.log",
    ];

    private static readonly string[] Folders =
    [
        @"C:\Windows\Panther", @"C:\Windows\Temp", @"C:\Windows\Logs\CBS", @"C:\Windows\Prefetch", @"C:\Windows\SoftwareDistribution\Download", @"C:\Windows\System32\config",
        @"C:\Windows\System32\winevt\Logs", @"C:\Users\packer\AppData\Local\Temp", @"C:\Users\packer\AppData\Roaming", @"C:\Users\packer\Desktop", @"C:\Users\Public", @"C:\Users\Default",
        @"C:\Program Files", @"C:\Program Files (x86)", @"C:\ProgramData", @"C:\PerfLogs", @"C:\WindowsAzure\Logs", @"C:\Packages\Plugins",
    ];

    // The override is made by customizers that read the default from here.
    private static readonly string Default = ScriptGenerator.Generate(new DeprovisionPlan { Profile = DeprovisionProfile.Generic, GenericVersion = "windows-3" }).Content;

    public static void Fill(SimulatedVm vm)
    {
        vm.Services.Install("RdAgent", displayName: "RdAgent");
        vm.Services.Install("WindowsAzureGuestAgent", displayName: "Windows Azure Guest Agent");
        vm.Services.Install("WinRM", displayName: "Windows Remote Management (WS-Management)");
        vm.Services.Install("TrustedInstaller", ServiceStatus.Stopped, "Windows Modules Installer").StartType = ServiceStartType.Manual;
        foreach (var program in Programs)
        {
            vm.Files.Write($@"{SimulatedVm.System32}\{program}", "");
        }
        foreach (var folder in Folders)
        {
            vm.Files.CreateFolder(folder);
        }
        vm.Files.Write(SimulatedVm.ScriptPath, Default);
        foreach (var process in (string[])["services", "svchost", "WaAppAgent", "WindowsAzureGuestAgent", "wsmprovhost"])
        {
            vm.Processes.Start(process);
        }
        FillRegistry(vm.Registry);
        FillEnvironment(vm.Environment);
    }

    private static void FillRegistry(SimulatedRegistry registry)
    {
        registry.Set(SimulatedVm.SetupKey + @"\State", "ImageState", ImageStates.Complete);
        registry.Set(SimulatedVm.SetupKey + @"\SysPrepExternal\Generalize", "vmagent", SimulatedVm.System32 + @"\VMAgentDisabler.dll,DisableVMAgent");
        registry.Create(SimulatedVm.SetupKey + @"\SysPrepExternal\Cleanup");
        registry.Create(SimulatedVm.SetupKey + @"\SysPrepExternal\Specialize");
        registry.Set(SimulatedSysprep.NextStartKey, "SetupType", 0);
        registry.Set(SimulatedSysprep.NextStartKey, "CmdLine", "");
        registry.Set(@"HKLM\SYSTEM\Setup\Status\SysprepStatus", "CleanupState", 2);
        registry.Set(@"HKLM\SYSTEM\Setup\Status\SysprepStatus", "GeneralizationState", 7);
        const string windows = @"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
        registry.Set(windows, "ProductName", "Windows Server 2022 Datacenter Azure Edition");
        registry.Set(windows, "CurrentBuildNumber", "20348");
        registry.Set(windows, "CurrentBuild", "20348");
        registry.Set(windows + @"\SoftwareProtectionPlatform", "SkipRearm", 0);
        registry.Create(@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing");
        registry.Create(@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update");
        registry.Create(@"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager");
        foreach (var (service, start) in ((string, int)[])[("RdAgent", 2), ("WindowsAzureGuestAgent", 2), ("WinRM", 2), ("TrustedInstaller", 3), ("cdrom", 1)])
        {
            registry.Set(SimulatedServices.KeyOf(service), "Start", start);
        }
        registry.Set(@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS", "Port", 5986);
        registry.Create(@"HKLM\SOFTWARE\Microsoft\Windows Azure");
    }

    private static void FillEnvironment(IDictionary<string, string> environment)
    {
        environment["SystemRoot"] = SimulatedVm.Windows;
        environment["windir"] = SimulatedVm.Windows;
        environment["SystemDrive"] = "C:";
        environment["ProgramFiles"] = @"C:\Program Files";
        environment["ProgramFiles(x86)"] = @"C:\Program Files (x86)";
        environment["ComSpec"] = @"C:\Windows\system32\cmd.exe";
        environment["PUBLIC"] = @"C:\Users\Public";
        environment["ALLUSERSPROFILE"] = @"C:\ProgramData";
        environment["APPDATA"] = @"C:\Users\packer\AppData\Roaming";
        environment["LOCALAPPDATA"] = @"C:\Users\packer\AppData\Local";
        environment["ProgramData"] = @"C:\ProgramData";
        environment["TEMP"] = @"C:\Windows\Temp";
        environment["TMP"] = @"C:\Windows\Temp";
        environment["USERNAME"] = "packer";
        environment["USERPROFILE"] = @"C:\Users\packer";
        environment["COMPUTERNAME"] = "BUILD-VM";
        environment["PROCESSOR_ARCHITECTURE"] = "AMD64";
        environment["NUMBER_OF_PROCESSORS"] = "2";
        environment["OS"] = "Windows_NT";
        environment["Path"] = @"C:\Windows\system32;C:\Windows;C:\Windows\System32\Wbem";
    }
}
