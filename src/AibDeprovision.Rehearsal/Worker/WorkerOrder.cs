using System.Runtime.Serialization;
using AibDeprovision.Rehearsal.Scenarios;

namespace AibDeprovision.Rehearsal.Worker;

/// <summary>A line to a worker: at first the script, then one for each scenario.</summary>
[DataContract]
internal sealed class WorkerOrder
{
    /// <summary>The script; null in all lines but the first.</summary>
    [DataMember(Name = "script", EmitDefaultValue = false)]
    public string? Script { get; set; }

    /// <summary>The build's time limit, in ticks of 100 ns; it comes with the script.</summary>
    [DataMember(Name = "buildTimeout", EmitDefaultValue = false)]
    public long BuildTimeout { get; set; }

    /// <summary>Files that the VM has besides its own, each a path and a text; they come with the script.</summary>
    [DataMember(Name = "files", EmitDefaultValue = false)]
    public string[][]? Files { get; set; }

    /// <summary>Commands that are taken as done; they come with the script.</summary>
    [DataMember(Name = "assumeDone", EmitDefaultValue = false)]
    public string[]? AssumeDone { get; set; }

    /// <summary>The number under which the answer is awaited.</summary>
    [DataMember(Name = "n")]
    public int Number { get; set; }

    /// <summary>The scenario's name; null in the first line.</summary>
    [DataMember(Name = "scenario", EmitDefaultValue = false)]
    public string? Scenario { get; set; }

    /// <summary>What comes with the script.</summary>
    public RehearsalOptions Options => new()
    {
        BuildTimeout = TimeSpan.FromTicks(BuildTimeout),
        Files = (Files ?? []).ToDictionary(file => file[0], file => file[1], StringComparer.Ordinal),
        AssumeDone = AssumeDone ?? [],
    };

    /// <summary>The first line.</summary>
    public static WorkerOrder Of(string script, RehearsalOptions options) => new()
    {
        Script = script,
        BuildTimeout = options.BuildTimeout.Ticks,
        Files = [.. options.Files.Select(file => new[] { file.Key, file.Value })],
        AssumeDone = [.. options.AssumeDone],
    };
}
