namespace AibDeprovision.WindowsTests.Bed;

/// <summary>A scenario did not go as it should; the message says what was seen instead.</summary>
public sealed class ScenarioFailedException(string message) : Exception(message);
