#Requires -Modules @{ ModuleName = 'Microsoft.PowerShell.PlatyPS'; ModuleVersion = '1.0.3' }
<#
.SYNOPSIS
    Makes the help that Get-Help reads from the cmdlets' pages, with PlatyPS, and mends what PlatyPS 1.0 leaves in it.
.DESCRIPTION
    PlatyPS 1.0 leaves an example's code, with its fence, in the introduction, writes no default values, joins
    paragraphs, says of no parameter in the syntax that it takes pipeline input, and takes the names of files for
    addresses. PlatyPS 1.0.0 to 1.0.2 say less of the parameters.
.EXAMPLE
    docs/ConvertTo-Maml.ps1 -Path docs/en-US/*-Aib*.md -Destination src/AibDeprovision/en-US/AibDeprovision.dll-Help.xml
#>
[CmdletBinding()]
param(
    # The pages; wildcards are expanded.
    [Parameter(Mandatory)] [string[]] $Path,

    # The file that is written.
    [Parameter(Mandatory)] [string] $Destination
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Elements keep the namespaces that PlatyPS gives them; they are found by their local names.
function Select-Element([Xml.XmlNode] $Node, [string] $Names) {
    $Node.SelectNodes(($Names -split '/').ForEach({ "*[local-name()='$_']" }) -join '/')
}

function Add-Element([Xml.XmlElement] $Parent, [string] $Prefix, [string] $Name, [string] $Text) {
    $element = $Parent.OwnerDocument.CreateElement($Prefix, $Name, $Parent.OwnerDocument.DocumentElement.GetNamespaceOfPrefix($Prefix))
    $element.InnerText = $Text
    $null = $Parent.AppendChild($element)
}

function Add-Paragraph([Xml.XmlElement] $Parent, [string] $Text) {
    foreach ($paragraph in $Text.Trim() -split '\n(?:[ \t]*\n)+') { if ($paragraph) { Add-Element $Parent 'maml' 'para' $paragraph } }
}

function Repair-Paragraph([Xml.XmlElement] $Command) {
    foreach ($holder in $Command.SelectNodes(".//*[*[local-name()='para']]")) {
        $paragraphs = @(Select-Element $holder 'para')
        $text = $paragraphs.InnerText -join "`n`n"
        foreach ($paragraph in $paragraphs) { $null = $holder.RemoveChild($paragraph) }
        Add-Paragraph $holder $text
    }
}

function Repair-Example([Xml.XmlElement] $Command) {
    foreach ($example in Select-Element $Command 'examples/example') {
        $introduction, $code, $remarks = 'introduction', 'code', 'remarks' | ForEach-Object { @(Select-Element $example $_)[0] }
        $text = ((Select-Element $introduction 'para').InnerText -join "`n`n") -replace '[\u0080\r]'
        if ($text -notmatch '(?ms)\A(?<before>.*?)^```\w*\n(?<code>.*?)\n```$(?<after>.*)\z') { throw "No code in '$($example.title)' of $($Command.details.name)." }
        $parts = $Matches
        $introduction.RemoveAll()
        Add-Paragraph $introduction $parts.before
        $code.InnerText = $parts.code
        Add-Paragraph $remarks ($parts.after -replace '(?m)^```\w*$')
        # The line between this example and the next.
        Add-Element $remarks 'maml' 'para' ''
    }
}

function Repair-Parameter([Xml.XmlElement] $Command, $Page) {
    foreach ($parameter in Select-Element $Command 'parameters/parameter') {
        $told = $Page.Parameters | Where-Object Name -EQ $parameter.name
        $default = if ($told.DefaultValue) { $told.DefaultValue } elseif ($told.Type -like '*SwitchParameter') { 'False' } else { 'None' }
        Add-Element $parameter 'dev' 'defaultValue' $default
        foreach ($inSyntax in Select-Element $Command 'syntax/syntaxItem/parameter' | Where-Object name -EQ $parameter.name) {
            $inSyntax.pipelineInput, $inSyntax.globbing = $parameter.pipelineInput, $parameter.globbing
        }
    }
}

function Repair-Link([Xml.XmlElement] $Command) {
    foreach ($link in @(Select-Element $Command 'relatedLinks/navigationLink')) {
        $uri = @(Select-Element $link 'uri')[0]
        if ($link.linkText -eq 'Online Version') { $null = $link.ParentNode.RemoveChild($link) }
        elseif ($uri.InnerText -notmatch '^https?://') { $uri.InnerText = '' }
    }
}

$pages = @(Get-ChildItem -Path $Path | Import-MarkdownCommandHelp)
$scratch = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid())
try {
    $maml = [xml](Get-Content -Raw -LiteralPath ($pages | Export-MamlCommandHelp -OutputFolder $scratch).FullName)
}
finally { Remove-Item -LiteralPath $scratch -Recurse }

foreach ($command in Select-Element $maml.DocumentElement 'command') {
    Repair-Paragraph $command
    Repair-Example $command
    Repair-Parameter $command ($pages | Where-Object Title -EQ $command.details.name)
    Repair-Link $command
}

$settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
$writer = [Xml.XmlWriter]::Create($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination), $settings)
try { $maml.Save($writer); $writer.WriteRaw("`n") } finally { $writer.Dispose() }
