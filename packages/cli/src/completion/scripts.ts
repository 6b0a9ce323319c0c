const bash = `# plumb completion bash: source it, or put it into /etc/bash_completion.d
_plumb() {
  local IFS=$'\\n'
  COMPREPLY=($(plumb __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _plumb plumb
`;

const zsh = `#compdef plumb
# plumb completion zsh: put it into a folder of $fpath as _plumb, or source it after compinit
_plumb() {
  local -a found
  found=("\${(@f)$(plumb __complete -- "\${words[@]:1:$((CURRENT-1))}" 2>/dev/null)}")
  compadd -a found
}
compdef _plumb plumb
`;

const fish = `# plumb completion fish: put it into ~/.config/fish/completions/plumb.fish
function __plumb_complete
  set -l words (commandline -opc) (commandline -ct)
  plumb __complete -- $words[2..-1] 2>/dev/null
end
complete -c plumb -f -a '(__plumb_complete)'
`;

const powershell = `# plumb completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName plumb -ScriptBlock {
  param($begun, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($begun -eq '') { $words += '' }
  plumb __complete -- @words 2>$null | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;

/** Completion scripts by shell: each asks \`plumb __complete\` for what may come next. */
export const scripts: ReadonlyMap<string, string> = new Map([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
  ['powershell', powershell],
]);
