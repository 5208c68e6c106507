namespace AibDeprovision.Scripting.Linux;

/// <summary>Puts the words of a shell script together to commands.</summary>
internal sealed class ShReader
{
    private const int MostNesting = 10;
    private const int MostCommands = 10_000;

    private static readonly HashSet<string> s_conditions = new(StringComparer.Ordinal) { "if", "elif", "while", "until", "!" };
    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal) { "then", "else", "fi", "do", "done", "{", "}", "esac", "in", "time" };

    private static readonly HashSet<string> s_redirections = new(StringComparer.Ordinal) { "<", ">", ">>", "<<", "<<-", "<<<", ">&", "<&", "<>", ">|", "&>", "&>>" };

    private readonly string _text;
    private readonly List<ShWord> _words = [];
    private readonly List<ShWord> _assignments = [];
    private readonly List<ShRedirection> _redirections = [];
    private string? _redirection;
    private bool _isCondition;
    private bool _inPattern;
    private int _cases;

    /// <param name="text">The whole text of the script, with LF as its line ends.</param>
    public ShReader(string text) => _text = text;

    /// <summary>The commands, in their order.</summary>
    public List<ShCommand> Commands { get; } = [];

    /// <summary>The names of functions.</summary>
    public HashSet<string> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>Keywords that only bash has, with their places.</summary>
    public List<(int Offset, string What)> Bash { get; } = [];

    /// <summary>What could not be read, and where; null when all could.</summary>
    public (int Offset, string Reason)? Beyond { get; private set; }

    /// <summary>Reads a part of the text.</summary>
    public void Read(int start, int end, int depth = 0)
    {
        var lexer = new ShLexer(_text, start, end);
        while (lexer.Next() is var (word, op))
        {
            if (Commands.Count > MostCommands)
            {
                Beyond ??= (lexer.Offset, $"more than {MostCommands} commands");
                return;
            }
            if (_redirection is not null && word is not null)
            {
                Redirect(word, lexer);
            }
            else if (word is null && s_redirections.Contains(op))
            {
                _redirection = op;
                if (op is "<<<" or "&>" or "&>>")
                {
                    Bash.Add((lexer.Offset - op.Length, op));
                }
            }
            else if (_inPattern)
            {
                Pattern(word, op);
            }
            else if (word is null)
            {
                Operator(op, depth);
            }
            else if (_words.Count > 0 || !IsKeyword(word))
            {
                Word(word);
            }
        }
        End("\n", depth);
        Beyond ??= lexer.Beyond;
        foreach (var (from, to) in lexer.Substitutions.Take(MostCommands))
        {
            Nested(from, to, depth);
        }
    }

    private void Redirect(ShWord target, ShLexer lexer)
    {
        _redirections.Add(new ShRedirection(_redirection!, target));
        if (_redirection is "<<" or "<<-")
        {
            lexer.Document(target, _redirection == "<<-");
        }
        _redirection = null;
    }

    // The pattern of a case goes as far as its bracket; esac ends them all.
    private void Pattern(ShWord? word, string op)
    {
        if (word?.Raw == "esac")
        {
            _inPattern = --_cases > 0;
        }
        else if (word is null && op == ")")
        {
            _inPattern = false;
        }
    }

    private void Operator(string op, int depth)
    {
        if (op == "(" && _words is [{ IsLiteral: true } name])
        {
            Functions.Add(name.Text);
            _words.Clear();
        }
        else
        {
            End(op, depth);
        }
        _inPattern = op == ";;" && _cases > 0;
    }

    private bool IsKeyword(ShWord word)
    {
        var isCondition = s_conditions.Contains(word.Raw);
        if (isCondition || s_keywords.Contains(word.Raw))
        {
            _isCondition = isCondition;
            _cases -= word.Raw == "esac" && _cases > 0 ? 1 : 0;
            return true;
        }
        return false;
    }

    private void Word(ShWord word)
    {
        if (_words.Count == 0 && IsAssignment(word.Raw))
        {
            _assignments.Add(word);
        }
        else if (_words is [{ Raw: "case" }, _] && word.Raw == "in")
        {
            _words.Clear();
            _cases++;
            _inPattern = true;
        }
        else if (_words is [{ Raw: "function" } function])
        {
            Bash.Add((function.Offset, "function"));
            Functions.Add(word.Text);
            _words.Clear();
        }
        else
        {
            _words.Add(word);
        }
    }

    private void Nested(int from, int to, int depth)
    {
        if (depth >= MostNesting)
        {
            Beyond ??= (from, "substitutions in substitutions, too many to follow");
            return;
        }
        var inner = new ShReader(_text);
        inner.Read(from, to, depth + 1);
        Take(inner);
    }

    private void Take(ShReader inner)
    {
        Commands.AddRange(inner.Commands);
        Functions.UnionWith(inner.Functions);
        Bash.AddRange(inner.Bash);
        Beyond ??= inner.Beyond;
    }

    private void End(string op, int depth)
    {
        if (_words.Count + _assignments.Count + _redirections.Count > 0)
        {
            var command = new ShCommand([.. _words], [.. _assignments], [.. _redirections], op, depth > 0, _isCondition);
            Commands.Add(command);
            GivenToAShell(command, depth);
        }
        _words.Clear();
        _assignments.Clear();
        _redirections.Clear();
        // 'a && b' after an if decide together.
        _isCondition &= op is "&&" or "||" or "|";
    }

    // sh -c '...': the text is a script of its own, whose places are those of the text.
    private void GivenToAShell(ShCommand command, int depth)
    {
        if (command.Name is not ("sh" or "bash" or "dash" or "ash" or "zsh") || depth >= MostNesting)
        {
            return;
        }
        var option = command.Own.ToList().FindIndex(word => word.Text is "-c" or "-lc" or "-ec" or "-xc" or "-exc" or "-cx");
        if (option >= 0 && option + 1 < command.Own.Count && command.Own[option + 1] is { IsLiteral: true, Raw: [('\'' or '"'), .., ('\'' or '"')] } script && script.Raw.Length == script.Text.Length + 2)
        {
            Nested(script.Offset + 1, script.Offset + 1 + script.Text.Length, depth);
        }
    }

    private static bool IsAssignment(string word)
    {
        var equals = word.IndexOf('=');
        return equals > 0 && (char.IsLetter(word[0]) || word[0] == '_') && word.Take(equals).All(c => char.IsLetterOrDigit(c) || c is '_' or '+' or '[' or ']');
    }
}
