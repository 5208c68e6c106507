using System.Management.Automation.Language;

namespace AibDeprovision.Rehearsal.Windows.Sandbox;

/// <summary>Walks a script and remembers what cannot be rehearsed, and what is simulated in another way than it is written.</summary>
/// <param name="hasLists">Whether the script makes lists, whose methods the language does not let be called.</param>
internal sealed class RefusedConstructs(bool hasLists = false) : AstVisitor2
{
    private const long LargestRange = 5_000_000;
    private static readonly HashSet<string> RefusedVariables = new(StringComparer.OrdinalIgnoreCase) { "ExecutionContext", "PSDefaultParameterValues", "PSModuleAutoLoadingPreference" };

    private static readonly HashSet<string> PreferenceParameters = new(StringComparer.OrdinalIgnoreCase) { "ErrorAction", "EA", "WarningAction", "WA" };

    private readonly List<ExpressionAst> _masked = [];
    private readonly List<ExpressionAst> _dynamicNames = [];
    private readonly HashSet<string> _functions = new(StringComparer.OrdinalIgnoreCase);

    private readonly List<(Ast Where, string Construct)> _refused = [];
    private readonly List<Ast> _simulated = [];

    /// <summary>What cannot be rehearsed.</summary>
    public IReadOnlyList<(Ast Where, string Construct)> Refused => _refused;

    /// <summary>.NET members and conversions that are simulated.</summary>
    public IReadOnlyList<Ast> Simulated => _simulated;

    /// <summary>Whether the script keeps state where <see cref="HangProof"/> does not look.</summary>
    public bool HidesState { get; private set; }

    /// <summary>What has to be masked.</summary>
    public IReadOnlyList<ExpressionAst> Masked => _masked;

    /// <summary>Names of members that are only known at run time.</summary>
    public IReadOnlyList<ExpressionAst> DynamicNames => _dynamicNames;

    /// <summary>The functions that the script defines.</summary>
    public IReadOnlyCollection<string> Functions => _functions;

    public override AstVisitAction VisitFunctionDefinition(FunctionDefinitionAst functionDefinitionAst)
    {
        var name = functionDefinitionAst.Name.Substring(functionDefinitionAst.Name.IndexOf(':') + 1);
        _functions.Add(name);
        return functionDefinitionAst.IsWorkflow ? Refuse(functionDefinitionAst, "a workflow")
            : SandboxSessionState.Internal.ContainsKey(name) ? Refuse(functionDefinitionAst, $"a function {name}, which is the name of a command of the rehearsal's own")
            : AstVisitAction.Continue;
    }

    public override AstVisitAction VisitTypeDefinition(TypeDefinitionAst typeDefinitionAst) => Refuse(typeDefinitionAst, "a class or enum");

    public override AstVisitAction VisitUsingStatement(UsingStatementAst usingStatement) => Refuse(usingStatement, "a using statement");

    public override AstVisitAction VisitConfigurationDefinition(ConfigurationDefinitionAst configurationDefinitionAst) => Refuse(configurationDefinitionAst, "a configuration");

    public override AstVisitAction VisitDynamicKeywordStatement(DynamicKeywordStatementAst dynamicKeywordStatementAst) => Refuse(dynamicKeywordStatementAst, "a dynamic keyword");

    public override AstVisitAction VisitDataStatement(DataStatementAst dataStatementAst) =>
        dataStatementAst.CommandsAllowed.Count > 0 ? Refuse(dataStatementAst, "a data section with commands") : AstVisitAction.Continue;

    public override AstVisitAction VisitTypeExpression(TypeExpressionAst typeExpressionAst) =>
        typeExpressionAst.Parent is MemberExpressionAst member && _simulated.Contains(member) ? AstVisitAction.Continue
        : Check(typeExpressionAst, typeExpressionAst.TypeName) && !MemberRules.IsInPlace(typeExpressionAst)
            ? Refuse(typeExpressionAst, $"the type [{typeExpressionAst.TypeName.FullName}] as a value")
            : AstVisitAction.Continue;

    public override AstVisitAction VisitTypeConstraint(TypeConstraintAst typeConstraintAst) =>
        typeConstraintAst is { Parent: CatchClauseAst, TypeName.AssemblyName: null } && typeof(Exception).IsAssignableFrom(typeConstraintAst.TypeName.GetReflectionType())
            || (typeConstraintAst.Parent is ConvertExpressionAst conversion && _simulated.Contains(conversion))
                ? AstVisitAction.Continue
            : Checked(typeConstraintAst, typeConstraintAst.TypeName);

    public override AstVisitAction VisitConvertExpression(ConvertExpressionAst convertExpressionAst) =>
        SimulatedStatics.IsConversion(convertExpressionAst) ? Simulate(convertExpressionAst) : AstVisitAction.Continue;

    public override AstVisitAction VisitAttribute(AttributeAst attributeAst) =>
        HarmlessTypes.IsAttribute(attributeAst.TypeName.FullName) ? AstVisitAction.Continue : Refuse(attributeAst, $"the attribute [{attributeAst.TypeName.FullName}]");

    public override AstVisitAction VisitNamedBlock(NamedBlockAst namedBlockAst)
    {
        HidesState |= namedBlockAst.BlockKind != TokenKind.End;
        return AstVisitAction.Continue;
    }

    public override AstVisitAction VisitMemberExpression(MemberExpressionAst memberExpressionAst) => CheckMember(memberExpressionAst);

    public override AstVisitAction VisitInvokeMemberExpression(InvokeMemberExpressionAst methodCallAst)
    {
        if (SimulatedStatics.IsOfList(methodCallAst, hasLists))
        {
            HidesState |= methodCallAst.Expression is VariableExpressionAst { VariablePath.UserPath: var list } && list.Equals("Error", StringComparison.OrdinalIgnoreCase);
            return Simulate(methodCallAst);
        }
        // The methods ForEach and Where go through a collection, and only the engine knows how far they are.
        HidesState |= methodCallAst.Member is not StringConstantExpressionAst name
            || name.Value.Equals("ForEach", StringComparison.OrdinalIgnoreCase) || name.Value.Equals("Where", StringComparison.OrdinalIgnoreCase);
        return CheckMember(methodCallAst);
    }

    public override AstVisitAction VisitCommand(CommandAst commandAst)
    {
        var words = commandAst.CommandElements;
        for (var i = 1; i < words.Count && SandboxSessionState.Names.Contains(commandAst.GetCommandName() ?? ""); i++)
        {
            if (words[i] is StringConstantExpressionAst word && words[i - 1] is CommandParameterAst { Argument: null } parameter
                && PreferenceParameters.Contains(parameter.ParameterName) && MaskedNames.IsPreference(word))
            {
                _masked.Add(word);
            }
        }
        return AstVisitAction.Continue;
    }

    public override AstVisitAction VisitBinaryExpression(BinaryExpressionAst binaryExpressionAst)
    {
        return binaryExpressionAst.Operator switch
        {
            TokenKind.As when binaryExpressionAst.Right is not TypeExpressionAst => Refuse(binaryExpressionAst, "-as with a type that is only known at run time"),
            TokenKind.Multiply when IsHuge(binaryExpressionAst.Right) && !IsNumber(binaryExpressionAst.Left) => Refuse(binaryExpressionAst, "a giant repetition"),
            TokenKind.DotDot when IsHuge(binaryExpressionAst.Left) || IsHuge(binaryExpressionAst.Right) => Refuse(binaryExpressionAst, "a giant range"),
            _ => AstVisitAction.Continue,
        };
    }

    public override AstVisitAction VisitFileRedirection(FileRedirectionAst redirectionAst) =>
        redirectionAst.Location is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("null", StringComparison.OrdinalIgnoreCase) ? AstVisitAction.Continue
        : SimulatedStatics.IsToFile(redirectionAst) ? Simulate(redirectionAst)
        : Refuse(redirectionAst, "output redirected to a file in the midst of a command");

    public override AstVisitAction VisitVariableExpression(VariableExpressionAst variableExpressionAst)
    {
        var path = variableExpressionAst.VariablePath;
        var name = path.UserPath.Substring(path.UserPath.LastIndexOf(':') + 1);
        HidesState |= path.IsGlobal || path.IsScript || name.Equals("input", StringComparison.OrdinalIgnoreCase) || name.Equals("Error", StringComparison.OrdinalIgnoreCase);
        if (RefusedVariables.Contains(name))
        {
            return Refuse(variableExpressionAst, "$" + name);
        }
        if (MaskedNames.Has(name) && !path.IsDriveQualified)
        {
            if (name != path.UserPath)
            {
                return Refuse(variableExpressionAst, "$" + path.UserPath);
            }
            return Mask(variableExpressionAst);
        }
        return AstVisitAction.Continue;
    }

    private AstVisitAction CheckMember(MemberExpressionAst member)
    {
        if (SimulatedStatics.Has(member))
        {
            return Simulate(member);
        }
        if (MemberRules.IsDynamicName(member))
        {
            _dynamicNames.Add((ExpressionAst)member.Member);
        }
        return MemberRules.RefusalOf(member) is { } why ? Refuse(member, why) : AstVisitAction.Continue;
    }

    private AstVisitAction Checked(Ast where, ITypeName type)
    {
        Check(where, type);
        return AstVisitAction.Continue;
    }

    private bool Check(Ast where, ITypeName type)
    {
        switch (type)
        {
            case ArrayTypeName array:
                return Check(where, array.ElementType);
            case GenericTypeName generic:
                return Check(where, generic.TypeName) && generic.GenericArguments.All(argument => Check(where, argument));
            default:
                var isHarmless = HarmlessTypes.Contains(type.FullName);
                if (!isHarmless)
                {
                    Refuse(where, $"the type [{type.FullName}]");
                }
                return isHarmless;
        }
    }

    private AstVisitAction Simulate(Ast where)
    {
        _simulated.Add(where);
        return AstVisitAction.Continue;
    }

    private AstVisitAction Mask(VariableExpressionAst variable)
    {
        if (MaskedNames.PlaceOf(variable) is null)
        {
            return Refuse(variable, "a variable of the engine, written with escapes");
        }
        _masked.Add(variable);
        return AstVisitAction.Continue;
    }

    private AstVisitAction Refuse(Ast where, string construct)
    {
        _refused.Add((where, construct));
        return AstVisitAction.Continue;
    }

    private static bool IsNumber(ExpressionAst expression) => expression is ConstantExpressionAst and not StringConstantExpressionAst;

    private static bool IsHuge(ExpressionAst expression) => expression is ConstantExpressionAst { Value: IConvertible value and not string }
        && value.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal
        && Math.Abs(value.ToDouble(System.Globalization.CultureInfo.InvariantCulture)) > LargestRange;
}
