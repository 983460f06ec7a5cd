import { commandNames } from './bash.ts'
import type { Completed } from './words.ts'

/** Returns the script for PowerShell 5.1 and later, which completes paths by itself where this offers no word. */
export const powershellScript = (
  all: readonly Completed[],
): string => `# create-base-image in PowerShell.
# For good, add to $PROFILE: create-base-image completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName create-base-image -ScriptBlock {
  param($word, $line, $position)
  $typed = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $command = ''
  foreach ($one in $typed | Select-Object -Skip 1) { if (@(${list(commandNames(all))}) -contains $one) { $command = $one; break } }
  $values = @{
${all.flatMap(values).join('\n')}
  }
  $words = @{
${all.map(({ command, flags }) => `    '${command}' = @(${list([...flags.flatMap(({ names }) => names), ...own(command, all)])})`).join('\n')}
  }
  $key = "$command $($typed[-1])"
  $(if ($values.ContainsKey($key)) { $values[$key] } else { $words[$command] }) | Where-Object { $_ -like "$word*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`

const own = (command: string, all: readonly Completed[]): readonly string[] => {
  if (command === '') return commandNames(all)
  const takes = all.find(one => one.command === command)?.takes ?? 'text'
  return typeof takes === 'string' ? [] : takes
}

const values = ({ command, flags }: Completed): string[] =>
  flags.flatMap(({ names, value }) =>
    value === null
      ? []
      : names.map(
          name => `    '${command} ${name}' = @(${typeof value === 'string' ? '' : list(value)})`,
        ),
  )

const list = (words: readonly string[]): string => words.map(word => `'${word}'`).join(', ')
