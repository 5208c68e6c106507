using AibDeprovision.WindowsTests.Bed;

namespace AibDeprovision.WindowsTests.Scenarios;

/// <summary>One way in which a machine behaves, and what should come of it.</summary>
/// <param name="Name">Its name, unique and without spaces.</param>
/// <param name="Play">Does it on a healthy machine; throws when it does not go as it should.</param>
/// <param name="LimitSeconds">After this it is killed and has failed.</param>
public sealed record Scenario(string Name, Action<BedMachine> Play, int LimitSeconds = 60);
