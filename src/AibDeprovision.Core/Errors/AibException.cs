using System.ComponentModel;
using System.Security;

namespace AibDeprovision.Errors;

/// <summary>An error with all that a person or a script needs of it; the cmdlets turn it into an error record.</summary>
public sealed class AibException : Exception
{
    /// <param name="id">Which error it is.</param>
    /// <param name="message">What is wrong, with the value at fault.</param>
    /// <param name="advice">What to do next, as a sentence.</param>
    /// <param name="target">The input at fault.</param>
    /// <param name="inner">The error underneath, if there is one.</param>
    public AibException(ErrorId id, string message, string advice, object? target, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        Advice = advice;
        Target = target;
    }

    /// <summary>What the system says when something cannot be read: that access was refused, or that reading failed.</summary>
    internal static AibException Unreadable(Exception error, string message, string advice, object target) =>
        new(error is UnauthorizedAccessException or SecurityException or Win32Exception { NativeErrorCode: 1 or 5 or 13 } ? ErrorId.AccessDenied : ErrorId.ReadFailed,
            message, advice, target, error);

    /// <summary>Which error it is.</summary>
    public ErrorId Id { get; }

    /// <summary>What to do next.</summary>
    public string Advice { get; }

    /// <summary>The input at fault.</summary>
    public object? Target { get; }

    /// <summary>What is wrong and what to do next, as sentences: what a system says of an error often ends without a full stop.</summary>
    internal string Explanation => $"{Message}{(Message.Length > 0 && Message[Message.Length - 1] is '.' or '!' or '?' ? "" : ".")} {Advice}";
}
