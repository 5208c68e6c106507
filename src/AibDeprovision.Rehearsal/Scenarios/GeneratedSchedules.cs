using System.Globalization;
using System.Text.RegularExpressions;
using AibDeprovision.Machine;
using AibDeprovision.Rehearsal.Windows.Vm;

namespace AibDeprovision.Rehearsal.Scenarios;

/// <summary>VMs that behave as nobody thought of: made at random, and the same again from the same seed.</summary>
internal static class GeneratedSchedules
{
    private static readonly Regex Named = new(@"\Aschedule-(?<seed>-?[0-9]{1,10})-(?<n>[0-9]{1,10})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>Schedules of a seed.</summary>
    /// <param name="seed">Where they come from.</param>
    /// <param name="count">How many.</param>
    /// <param name="pace">1 for a VM's own pace; less for one on which everything happens that much sooner.</param>
    public static IEnumerable<Scenario> From(int seed, int count, double pace = 1)
    {
        for (var n = 0; n < count; n++)
        {
            yield return Of(seed, n, pace);
        }
    }

    /// <summary>The schedule of a name; null when it is none.</summary>
    public static Scenario? Find(string name) =>
        Named.Match(name) is { Success: true } match
        && int.TryParse(match.Groups["seed"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
        && int.TryParse(match.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? Of(seed, n, pace: 1)
            : null;

    private static Scenario Of(int seed, int n, double pace)
    {
        var own = unchecked((seed * 1_000_003) + n);
        return new Scenario(
            string.Format(CultureInfo.InvariantCulture, "schedule-{0}-{1}", seed, n), "Made at random; the same seed and number make the same again.",
            vm => Arrange(vm, new Dice(own, pace)));
    }

    private static void Arrange(SimulatedVm vm, Dice dice)
    {
        foreach (var name in new[] { "RdAgent", "WindowsAzureGuestAgent" })
        {
            ArrangeService(vm, name, dice);
        }
        if (dice.OneIn(6))
        {
            vm.Services.Install("WindowsAzureTelemetryService");
            ArrangeService(vm, "WindowsAzureTelemetryService", dice);
        }
        ArrangeMachine(vm, dice);
        ArrangeSysprep(vm.Sysprep, dice);
        if (dice.OneIn(12))
        {
            var by = TimeSpan.FromMinutes(dice.Between(-600, 600));
            vm.Clock.After(dice.Time(20), () => vm.Clock.JumpBy(by));
        }
    }

    private static void ArrangeService(SimulatedVm vm, string name, Dice dice)
    {
        var service = vm.Services.Find(name)!;
        service.StartsWithin = dice.OneIn(5) ? null : dice.Time(2);
        switch (dice.Between(0, 13))
        {
            case 0:
                vm.Services.Remove(name);
                break;
            case 1:
                vm.Services.Remove(name);
                vm.Clock.After(dice.Time(20), () => vm.Services.Install(name, ServiceStatus.StartPending));
                vm.Clock.After(dice.Time(20), () => vm.Services.Set(name, ServiceStatus.Running));
                break;
            case 2:
                vm.Services.Set(name, ServiceStatus.Stopped);
                vm.Services.SetStartType(name, dice.OneIn(2) ? ServiceStartType.Disabled : ServiceStartType.Manual);
                break;
            case 3:
                vm.Services.Set(name, ServiceStatus.StartPending);
                vm.Clock.After(dice.Time(20), () => vm.Services.Set(name, ServiceStatus.Running));
                break;
            case 4:
                for (var n = dice.Between(1, 6); n > 0; n--)
                {
                    var status = n % 2 == 0 ? ServiceStatus.Stopped : ServiceStatus.Running;
                    vm.Clock.After(dice.Time(15), () => vm.Services.Set(name, status));
                }
                break;
            default:
                break;
        }
    }

    private static void ArrangeMachine(SimulatedVm vm, Dice dice)
    {
        switch (dice.Between(0, 30))
        {
            case 0:
                vm.User = SimulatedUser.NotElevated;
                break;
            case 1:
                vm.User = SimulatedUser.System;
                break;
            case 2:
                vm.Registry.Create(SimulatedVm.RebootPendingKey);
                break;
            case 3:
                vm.Files.Delete(SimulatedVm.System32 + @"\VMAgentDisabler.dll");
                break;
            case 4:
                vm.Files.Delete(SimulatedSysprep.Path);
                break;
            case 5:
                vm.ImageState = ImageStates.Undeployable;
                vm.Clock.After(dice.Time(25), () => vm.ImageState = vm.ImageState == ImageStates.Undeployable && !vm.Sysprep.IsWorking ? ImageStates.Complete : vm.ImageState);
                break;
            case 6:
                vm.Registry.Delete(SimulatedVm.SetupKey + @"\State");
                break;
            case 7:
                vm.Files.Write(SimulatedVm.System32 + @"\Sysprep\Sysprep_succeeded.tag", "");
                break;
            case 8:
                vm.Registry.Set(SimulatedSysprep.StatusKey, "GeneralizationState", dice.Between(3, 5));
                break;
            case 9:
                vm.Clock.After(dice.Time(10), () => vm.Files.IsDiskFull = true);
                break;
            default:
                break;
        }
    }

    private static void ArrangeSysprep(SimulatedSysprep sysprep, Dice dice)
    {
        sysprep.Duration = dice.Time(dice.OneIn(6) ? 55 : 12);
        sysprep.HandsOver = dice.OneIn(4);
        sysprep.RearmsLeft = dice.OneIn(40) ? 0 : 1000;
        sysprep.StartFailure = dice.OneIn(40) ? "Access is denied." : null;
        sysprep.Ending = dice.Between(0, 16) switch
        {
            0 or 1 => SysprepEnding.RefusesAtValidation,
            2 or 3 => SysprepEnding.DiesHalfWay,
            4 => SysprepEnding.Hangs,
            5 when dice.OneIn(3) => SysprepEnding.SealsToAudit,
            _ => SysprepEnding.Seals,
        };
    }

    /// <summary>Chance from a seed. The framework's own generator, which gives the same numbers everywhere when it is seeded.</summary>
    private sealed class Dice(int seed, double pace)
    {
        private readonly Random _random = new(seed);

        public bool OneIn(int n) => _random.Next(n) == 0;

        /// <summary>From the first up to but not the second.</summary>
        public int Between(int from, int to) => _random.Next(from, to);

        /// <summary>Up to so many minutes of the VM's own pace.</summary>
        public TimeSpan Time(double minutes) => TimeSpan.FromSeconds(Math.Round(_random.NextDouble() * minutes * 60 * pace, 1));
    }
}
