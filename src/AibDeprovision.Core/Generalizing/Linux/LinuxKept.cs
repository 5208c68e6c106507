using AibDeprovision.Plans;
using AibDeprovision.Rules.Linux;

namespace AibDeprovision.Generalizing.Linux;

/// <summary>Says what of the build is in the image because it was asked for, or because nothing could say that it may go.</summary>
/// <param name="work">The machine and the plan.</param>
/// <param name="isUserSettled">Whether the provisioned user is known, or said to be left.</param>
/// <param name="returns">What the next machine makes for itself.</param>
internal sealed class LinuxKept(LinuxWork work, bool isUserSettled, WhatReturns returns)
{
    /// <summary>Says it, a line each.</summary>
    public void Tell()
    {
        var tree = work.Look();
        var plan = work.Plan;
        var homes = new LinuxAccounts(tree, []).All.Where(account => account.Home.Length > 1 && account.Home[0] == '/' && account.Home != "/root").ToList();
        var others = homes.Where(account => tree.Follow(account.Home + "/.ssh/authorized_keys") is { } keys && tree.Look(keys) is { Size: > 0 }).Select(account => account.Name).ToList();
        var holders = homes.Where(account => LinuxResidueRules.UserCredentials.Paths.Any(path => tree.Find(account.Home, path.Substring(2)).Any())).Select(account => account.Name).ToList();
        foreach (var (isKept, what) in ((bool, string)[])
        [
            (plan.KeepUser, "the provisioned user and the sudo rules"),
            (!plan.KeepUser && !isUserSettled, "every account, as the provisioned user is not known"),
            (work.Keeps(ResidueKinds.MachineId) && tree.Find("/etc/machine-id").Any(), "machine-id"),
            (work.Keeps(ResidueKinds.CloudInit), "state, logs and network files of cloud-init"),
            (!work.Keeps(ResidueKinds.CloudInit) && !returns.NetworkFiles, "network files, which cloud-init would not write again"),
            (work.Keeps(ResidueKinds.Logs), "logs, except those that waagent removes"),
            (work.Keeps(ResidueKinds.History), "histories, except root's .bash_history, which waagent removes"),
            (work.Keeps(ResidueKinds.TempFiles), "/tmp and /var/tmp"),
            (work.Keeps(ResidueKinds.RootSshKeys), "root's SSH keys"),
            (work.Keeps(ResidueKinds.Credentials), "root's credentials"),
            (tree.Exists("/root/.cache"), "/root/.cache"),
            (!returns.HostKeys, "SSH host keys, as nothing here would make new ones"),
            (others.Count > 0, $"the authorized_keys of {string.Join(" ", others)}"),
            (holders.Count > 0, $"the credentials of {string.Join(" ", holders)}, in every VM made from this image"),
        ])
        {
            if (isKept)
            {
                work.Log.Phase("verify", "kept: " + what);
            }
        }
    }
}
