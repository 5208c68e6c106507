using System.Diagnostics;

namespace AibDeprovision.Machine;

/// <summary>The lines that a process prints on both streams, in the order in which they come; of very many the last.</summary>
internal sealed class ProgramOutput : IDisposable
{
    private const int Most = 10_000;

    private readonly Process _process;
    private readonly Queue<string> _lines = [];
    private readonly CountdownEvent _open = new(2);
    private bool _isOver;

    public ProgramOutput(Process process)
    {
        _process = process;
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
    }

    /// <summary>What has come so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Begins to read.</summary>
    public void Begin()
    {
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until both streams have ended, for the longest time given.</summary>
    public void WaitForEnd(TimeSpan atMost) => _open.Wait(atMost);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lines)
        {
            _isOver = true;
        }
        _open.Dispose();
        _process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs e)
    {
        lock (_lines)
        {
            if (_isOver)
            {
                return;
            }
            if (e.Data is null)
            {
                _open.Signal();
                return;
            }
            _lines.Enqueue(e.Data);
            if (_lines.Count > Most)
            {
                _lines.Dequeue();
            }
        }
    }
}
