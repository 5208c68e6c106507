namespace AibDeprovision.Rehearsal.Worker;

/// <summary>No worker can be started here; the message is a clause that says why.</summary>
internal sealed class WorkerUnavailableException(string message) : Exception(message);
