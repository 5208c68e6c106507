using AibDeprovision.Generalizing.Windows;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Sandbox;

namespace AibDeprovision.Rehearsal.Windows.Vm;

/// <summary>How a run of Sysprep goes when nothing on the VM itself decides otherwise.</summary>
internal enum SysprepEnding
{
    /// <summary>It does what it was asked to do.</summary>
    Seals,

    /// <summary>It refuses right away and leaves the machine as it was.</summary>
    RefusesAtValidation,

    /// <summary>A provider breaks in the middle; the machine stays undeployable.</summary>
    DiesHalfWay,

    /// <summary>It never ends, and the machine stays undeployable all the while.</summary>
    Hangs,

    /// <summary>It seals the machine for audit mode, whatever it was asked for.</summary>
    SealsToAudit,
}

/// <summary>An error line of Sysprep.</summary>
/// <param name="Code">The code in brackets; null for none.</param>
/// <param name="Text">What follows the component.</param>
internal sealed record SysprepError(string? Code, string Text);

/// <summary>
/// Sysprep as a state machine: validates, deletes the success tag, makes the image undeployable, generalizes, seals.
/// It writes its logs in the real grammar, and what is wrong on the VM (a pending restart, a provider without its DLL,
/// no rearm left, an earlier run) makes it fail where the real one fails.
/// </summary>
internal sealed class SimulatedSysprep
{
    /// <summary>The key in which Sysprep records how far it has come.</summary>
    public const string StatusKey = @"HKLM\SYSTEM\Setup\Status\SysprepStatus";

    /// <summary>What the next start does.</summary>
    public const string NextStartKey = @"HKLM\SYSTEM\Setup";

    private const string Tag = SimulatedVm.System32 + @"\Sysprep\Sysprep_succeeded.tag";
    private static readonly TimeSpan Validation = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly string[] LoadFolders = [SimulatedVm.System32 + @"\Sysprep\", SimulatedVm.System32 + @"\", SimulatedVm.Windows + @"\"];
    private static readonly string[] AnswerFiles = [@"\System32\Sysprep\unattend.xml", @"\Panther\unattend.xml"];

    private readonly SimulatedVm _vm;
    private readonly PantherLog _log;
    private SimulatedProcess? _atDialog;

    internal SimulatedSysprep(SimulatedVm vm)
    {
        _vm = vm;
        _log = new PantherLog(vm);
    }

    /// <summary>The path of the program.</summary>
    public const string Path = SimulatedVm.System32 + @"\Sysprep\Sysprep.exe";

    /// <summary>How it goes.</summary>
    public SysprepEnding Ending { get; set; }

    /// <summary>What it logs when it refuses or dies.</summary>
    public IReadOnlyList<SysprepError> Errors { get; set; } = [new("0x0f0082", "LaunchDll:Failure occurred while executing 'provider.dll,Generalize', returned error code 5")];

    /// <summary>Whether what it refuses for has been mended; null where nothing mends it.</summary>
    public Func<bool>? IsMended { get; set; }

    /// <summary>From the start to the seal.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether sysprep.exe ends early and SetupHost.exe goes on with the work.</summary>
    public bool HandsOver { get; set; }

    /// <summary>Whether it minds an update that waits for a restart.</summary>
    public bool MindsPendingRestart { get; set; } = true;

    /// <summary>Whether it minds a GeneralizationState other than 7.</summary>
    public bool MindsEarlierRun { get; set; } = true;

    /// <summary>How many times Windows can still be rearmed.</summary>
    public int RearmsLeft { get; set; } = 1000;

    /// <summary>What the system says to an attempt to start it; null when it starts.</summary>
    public string? StartFailure { get; set; }

    /// <summary>Whether a run is under way.</summary>
    public bool IsWorking { get; private set; }

    /// <summary>How it stands with the last run, in words; null where there was none.</summary>
    public string? Fate { get; private set; }

    /// <summary>The command lines it was started with.</summary>
    public IList<string> CommandLines { get; } = [];

    /// <summary>Starts it. It returns at once, as a program with a window does, and works on while time passes.</summary>
    /// <exception cref="InvalidOperationException">The system does not start it; the message says why.</exception>
    public SimulatedProcess Start(IReadOnlyList<string> arguments)
    {
        if ((StartFailure ?? (_vm.User.IsElevated ? null : "The requested operation requires elevation.")) is { } failure)
        {
            throw new InvalidOperationException(failure);
        }
        CommandLines.Add(string.Join(" ", arguments));
        var process = _vm.Processes.Start("Sysprep");
        var switches = SysprepSwitches.Parse(arguments);
        if (switches.ShowsWindow)
        {
            Fate = "Sysprep shows its window and waits for somebody to use it";
            return process;
        }
        if ((IsWorking || _atDialog is { HasExited: false } ? "Another instance of sysprep is running" : ComplaintOf(switches)) is { } complaint)
        {
            _log.Error(complaint);
            Fate = IsWorking ? Fate : $"Sysprep refused: {complaint.Substring(complaint.IndexOf(':') + 1)}";
            After(Moment, () => Close(switches, process));
            return process;
        }
        Run(switches, process);
        return process;
    }

    private string? ComplaintOf(SysprepSwitches switches) =>
        switches.Wrong is not null ? $"ParseCommandLine:Invalid switch {switches.Wrong}"
        : switches.AnswerFile is { } file && !_vm.Files.IsFile(VmPath.Of(_vm, file).Full) ? $"ParseCommandLine:The answer file {file} does not exist"
        : null;

    private void Run(SysprepSwitches switches, SimulatedProcess process)
    {
        IsWorking = true;
        Fate = "Sysprep is still at work";
        _vm.IsSealed = false;
        _log.BeginRun();
        foreach (var argument in CommandLines[CommandLines.Count - 1].Split(' '))
        {
            _log.Info($"ParseCommandLine:Found supported command line option '{argument.TrimStart('/', '-').ToUpperInvariant()}'", "0x0f005f");
        }
        // Not at once: a script that looks right after the start may see the tag of an earlier run.
        After(Moment, DeleteTag);
        After(Validation, () =>
        {
            if (RefusalOf(switches) is { } refusal)
            {
                Fail(refusal, "ValidateSysprepState:Hit failure while validating; the machine is left as it was", switches, process);
                return;
            }
            Work(switches, process);
        });
    }

    private void DeleteTag()
    {
        var isThere = _vm.Files.Exists(Tag);
        _log.Info(isThere ? $"Successfully deleted tag file '{Tag}'" : $"Tag file '{Tag}' does not already exist", isThere ? "0x0f007c" : "0x0f007e");
        _vm.Files.Delete(Tag);
    }

    private void Work(SysprepSwitches switches, SimulatedProcess process)
    {
        var breaks = switches.Generalize ? BreakOf() : null;
        _vm.ImageState = ImageStates.Undeployable;
        if (switches.Generalize)
        {
            _vm.Registry.Set(StatusKey, "GeneralizationState", 3);
        }
        _log.Info("SysprepSession::Validate: All validators passed");
        _log.Info("RunPlatformActions:Executing Sysprep session actions");
        var worker = process;
        if (HandsOver)
        {
            worker = _vm.Processes.Start("SetupHost");
            After(Moment, () => process.Exit(0));
        }
        if (breaks is not null)
        {
            After(Half(), () => Fail(breaks, "WinMain:Hit failure while processing sysprep generalize internal providers; hr = 0x80004005", switches, worker));
        }
        else if (Ending != SysprepEnding.Hangs)
        {
            After(Duration > Validation ? Duration - Validation : Moment, () => Seal(switches, worker));
        }
    }

    private void Seal(SysprepSwitches switches, SimulatedProcess worker)
    {
        var audit = switches.Audit || Ending == SysprepEnding.SealsToAudit || AnswerFilesSayAudit();
        _vm.ImageState = (switches.Generalize, audit) switch
        {
            (true, false) => ImageStates.GeneralizedToOobe,
            (true, true) => ImageStates.GeneralizedToAudit,
            (false, false) => ImageStates.SpecializedToOobe,
            (false, true) => ImageStates.SpecializedToAudit,
        };
        Fate = "Sysprep has ended without generalizing (no /generalize)";
        if (switches.Generalize)
        {
            _vm.Registry.Set(StatusKey, "GeneralizationState", 4);
            _vm.IsSealed = !audit;
            Fate = audit ? "Sysprep has sealed the machine for audit mode" : "Sysprep has sealed the machine";
            SetNextStart(2, @"oobe\windeploy.exe");
            RearmsLeft--;
        }
        After(Moment, () =>
        {
            if (!_vm.Files.IsDiskFull)
            {
                _vm.Files.Write(Tag, "");
            }
            _log.Info("Successfully created tag file", "0x0f0080");
            _log.EndRun();
            IsWorking = false;
            After(Moment, () => End(switches, worker));
        });
    }

    /// <summary>Sets what the next start does: 0 and nothing on a machine that is in use, 2 and the program of OOBE on one that is sealed.</summary>
    public void SetNextStart(int setupType, string commandLine)
    {
        _vm.Registry.Set(NextStartKey, "SetupType", setupType);
        _vm.Registry.Set(NextStartKey, "CmdLine", commandLine);
    }

    private void End(SysprepSwitches switches, SimulatedProcess worker)
    {
        worker.Exit(0);
        if (switches.Shutdown)
        {
            _vm.CutSession("Sysprep was told to shut the machine down (/shutdown)");
        }
        else if (!switches.Quit)
        {
            _vm.CutSession(switches.Reboot ? "Sysprep was told to restart the machine (/reboot)" : "Sysprep restarts the machine when it is not told to /quit");
        }
    }

    private void Fail(IReadOnlyList<SysprepError> errors, string consequence, SysprepSwitches switches, SimulatedProcess worker)
    {
        foreach (var error in errors)
        {
            _log.Error(error.Text, error.Code);
        }
        if (errors.Count > 0)
        {
            _log.Error(consequence);
            _log.EndRun();
        }
        IsWorking = false;
        Fate = errors.Count > 0 ? $"Sysprep has failed: {errors[0].Text}" : "Sysprep has failed without a word";
        Close(switches, worker);
    }

    // Without /quiet it shows a message, and waits for somebody to read it.
    private void Close(SysprepSwitches switches, SimulatedProcess process)
    {
        if (switches.Quiet)
        {
            process.Exit(1);
        }
        else
        {
            _atDialog = process;
        }
    }

    // Validators refuse before anything is touched: the machine can still be used.
    private IReadOnlyList<SysprepError>? RefusalOf(SysprepSwitches switches) =>
        Ending == SysprepEnding.RefusesAtValidation && IsMended?.Invoke() != true ? Errors
        : switches.Generalize && MindsPendingRestart && _vm.Registry.Exists(SimulatedVm.RebootPendingKey)
            ? [new("0x0f0082", "Sysprep_Clean_Validate_Opk: There are one or more Windows updates that require a reboot. To run Sysprep, reboot the computer and restart the application.")]
        : null;

    // What only shows when the providers run: by then the machine is undeployable.
    private IReadOnlyList<SysprepError>? BreakOf()
    {
        if (MindsEarlierRun && _vm.Registry.Find(StatusKey, "GeneralizationState")?.Data is not 7)
        {
            return [new("0x0f0073", "RunExternalDlls:Not running DLLs; either the machine is in an invalid state or we couldn't update the recorded state, dwRet = 0x1f")];
        }
        foreach (var provider in _vm.Registry.ValuesOf(SimulatedVm.SetupKey + @"\SysPrepExternal\Generalize"))
        {
            var dll = provider.Data.ToString()!.Split(',')[0];
            if (!Loads(dll))
            {
                return [new("0x0f0085", $"LaunchDll:Could not load DLL {dll}[gle=0x0000007e]")];
            }
        }
        if (RearmsLeft <= 0 && _vm.Registry.Find(@"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform", "SkipRearm")?.Data is not 1)
        {
            return [new("0x0f0082", "LaunchDll:Failure occurred while executing 'C:\\Windows\\System32\\slc.dll,SLReArmWindows', returned error code -1073425657")];
        }
        return Ending == SysprepEnding.DiesHalfWay ? Errors : null;
    }

    // A bare name is looked for in the loader's folders, and without an ending it means .dll.
    private bool Loads(string dll) =>
        (dll.Contains('\\') ? [""] : LoadFolders).Any(folder => _vm.Files.IsFile(folder + dll) || _vm.Files.IsFile($"{folder}{dll}.dll"));

    // An answer file that lies where Sysprep looks by itself is followed, also against the command line.
    private bool AnswerFilesSayAudit() => AnswerFiles.Any(file => _vm.Files.Read(SimulatedVm.Windows + file)?.Contains("<Mode>Audit</Mode>") == true);

    private TimeSpan Half() => TimeSpan.FromTicks(Duration.Ticks / 2);

    private void After(TimeSpan delay, Action action) => _vm.Clock.After(delay, action);
}
