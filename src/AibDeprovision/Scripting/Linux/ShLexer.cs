using System.Text;

namespace AibDeprovision.Scripting.Linux;

/// <summary>
/// Reads the words and operators of a shell script: quotes, comments, continued lines, substitutions and here-documents. One
/// pass over the text; what it cannot read is said, and nothing after it is guessed.
/// </summary>
internal sealed class ShLexer
{
    private const int MostNesting = 20;

    private static readonly string[] s_operators = ["&&", "||", ";;", "&>>", "&>", "<<-", "<<<", "<<", ">>", ">&", "<&", "<>", ">|", ";", "&", "|", "(", ")", "<", ">"];

    private readonly List<(string Delimiter, bool StripsTabs)> _documents = [];
    private readonly string _text;
    private readonly int _end;
    private int _at;

    /// <param name="text">The whole text.</param>
    /// <param name="start">Where the part to be read begins.</param>
    /// <param name="end">Where it ends.</param>
    public ShLexer(string text, int start, int end)
    {
        _text = text;
        _end = end;
        _at = start;
    }

    /// <summary>What could not be read, and where; null when all could.</summary>
    public (int Offset, string Reason)? Beyond { get; private set; }

    /// <summary>The texts of substitutions that were met: where each begins and ends.</summary>
    public List<(int Start, int End)> Substitutions { get; } = [];

    /// <summary>How far the text has been read.</summary>
    public int Offset => _at;

    /// <summary>The next word or operator; null at the end. An operator has no word; a line end is "\n".</summary>
    public (ShWord? Word, string Operator)? Next()
    {
        while (_at < _end)
        {
            var c = _text[_at];
            if (c is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (c == '\\' && _at + 1 < _end && _text[_at + 1] == '\n')
            {
                _at += 2;
            }
            else if (c == '#')
            {
                _at = LineEnd(_at);
            }
            else if (c == '\n')
            {
                _at++;
                SkipDocuments();
                return (null, "\n");
            }
            else if (Array.Find(s_operators, o => string.CompareOrdinal(_text, _at, o, 0, o.Length) == 0 && _at + o.Length <= _end) is { } found
                && !(found is "<" or ">" && _at + 1 < _end && _text[_at + 1] == '('))
            {
                _at += found.Length;
                return (null, found);
            }
            else
            {
                return (Word(), "");
            }
            if (Beyond is not null)
            {
                return null;
            }
        }
        return null;
    }

    /// <summary>Says that a here-document begins, whose text comes after this line.</summary>
    public void Document(ShWord delimiter, bool stripsTabs) => _documents.Add((delimiter.Text, stripsTabs));

    private ShWord Word()
    {
        var from = _at;
        var plain = new StringBuilder();
        var isLiteral = true;
        while (_at < _end && Beyond is null)
        {
            var c = _text[_at];
            if (c == '\\')
            {
                if (_at + 1 < _end && _text[_at + 1] != '\n')
                {
                    plain.Append(_text[_at + 1]);
                }
                _at += 2;
            }
            else if (c == '\'')
            {
                var close = _text.IndexOf('\'', _at + 1, _end - _at - 1);
                if (close < 0)
                {
                    Fail(_at, "a single quote without its end");
                    break;
                }
                plain.Append(_text, _at + 1, close - _at - 1);
                _at = close + 1;
            }
            else if (c == '"')
            {
                isLiteral &= Quoted(plain);
            }
            else if (c is '$' or '`')
            {
                isLiteral = false;
                Expansion(plain, 0);
            }
            else if (c is '<' or '>' && _at + 1 < _end && _text[_at + 1] == '(' && _at == from)
            {
                // Process substitution, of bash.
                isLiteral = false;
                _at++;
                Bracketed(plain, '(', ')', 0, isCode: true);
            }
            else if (" \t\r\n;&|()<>".IndexOf(c) >= 0)
            {
                break;
            }
            else
            {
                plain.Append(c);
                _at++;
            }
        }
        _at = Math.Min(_at, _end);
        return new ShWord(_text.Substring(from, _at - from), plain.ToString(), from, isLiteral);
    }

    private bool Quoted(StringBuilder plain)
    {
        var from = _at++;
        var isLiteral = true;
        while (_at < _end && _text[_at] != '"' && Beyond is null)
        {
            if (_text[_at] == '\\' && _at + 1 < _end)
            {
                if (_text[_at + 1] != '\n')
                {
                    plain.Append(_text[_at + 1]);
                }
                _at += 2;
            }
            else if (_text[_at] is '$' or '`')
            {
                isLiteral = false;
                Expansion(plain, 0);
            }
            else
            {
                plain.Append(_text[_at++]);
            }
        }
        if (_at >= _end)
        {
            Fail(from, "a double quote without its end");
        }
        _at++;
        return isLiteral;
    }

    private void Expansion(StringBuilder plain, int depth)
    {
        if (_text[_at] == '`')
        {
            var close = _text.IndexOf('`', _at + 1, _end - _at - 1);
            if (close < 0)
            {
                Fail(_at, "a backquote without its end");
                return;
            }
            Substitutions.Add((_at + 1, close));
            plain.Append(_text, _at, close + 1 - _at);
            _at = close + 1;
            return;
        }
        plain.Append(_text[_at++]);
        if (_at < _end && _text[_at] == '(')
        {
            var isArithmetic = _at + 1 < _end && _text[_at + 1] == '(';
            Bracketed(plain, '(', ')', depth, isCode: !isArithmetic);
        }
        else if (_at < _end && _text[_at] == '{')
        {
            Bracketed(plain, '{', '}', depth, isCode: false);
        }
    }

    // What stands between brackets, with quotes and brackets in it, is taken as it is.
    private void Bracketed(StringBuilder plain, char open, char close, int depth, bool isCode)
    {
        var from = _at;
        if (depth > MostNesting)
        {
            Fail(from, "substitutions in substitutions, too many to follow");
            return;
        }
        var level = 0;
        while (_at < _end)
        {
            var c = _text[_at++];
            if (c == '\\' && _at < _end)
            {
                _at++;
            }
            else if (c == '\'' && open == '(')
            {
                var quote = _text.IndexOf('\'', _at, _end - _at);
                _at = quote < 0 ? _end : quote + 1;
            }
            else if (c == '#' && isCode && _at >= 2 && char.IsWhiteSpace(_text[_at - 2]))
            {
                _at = LineEnd(_at);
            }
            else if (c == open)
            {
                level++;
            }
            else if (c == close && --level == 0)
            {
                if (isCode)
                {
                    Substitutions.Add((from + 1, _at - 1));
                }
                plain.Append(_text, from, _at - from);
                return;
            }
        }
        Fail(from, $"'{open}' without its end");
    }

    private void SkipDocuments()
    {
        foreach (var (delimiter, stripsTabs) in _documents)
        {
            while (true)
            {
                if (_at >= _end)
                {
                    Fail(Math.Max(0, _end - 1), $"a here-document without its end '{delimiter}'");
                    return;
                }
                var lineEnd = LineEnd(_at);
                var line = _text.Substring(_at, lineEnd - _at).TrimEnd('\r');
                _at = Math.Min(_end, lineEnd + 1);
                if ((stripsTabs ? line.TrimStart('\t') : line) == delimiter)
                {
                    break;
                }
            }
        }
        _documents.Clear();
    }

    private int LineEnd(int from) => _text.IndexOf('\n', from, _end - from) is >= 0 and var at ? at : _end;

    private void Fail(int offset, string reason)
    {
        Beyond ??= (offset, reason);
        _at = _end;
    }
}
