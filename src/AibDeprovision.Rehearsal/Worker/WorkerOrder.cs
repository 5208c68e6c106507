using System.Runtime.Serialization;

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

    /// <summary>The number under which the answer is awaited.</summary>
    [DataMember(Name = "n")]
    public int Number { get; set; }

    /// <summary>The scenario's name; null in the first line.</summary>
    [DataMember(Name = "scenario", EmitDefaultValue = false)]
    public string? Scenario { get; set; }
}
