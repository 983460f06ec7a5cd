import type { ScriptInputs } from '../full/inputs.ts'
import {
  besideNote,
  mirrorHint,
  optionWords,
  scriptWords,
  unlikeOurs,
  whatContainer,
  wrapped,
  type InnerTexts,
  type ScriptWords,
} from './full-words.ts'
import { engineName, type ScriptEngine } from './engine-words.ts'
import { invoker, invokerFunction } from './minimal-script.ts'
import { psSetAside } from './earlier-lists.ts'
import { sameByPowershell, type Calling } from './same-script.ts'
import { powershellQuoted } from '../../text/shell-words.ts'

/** The steps of a full image for PowerShell; see fullScript; null for texts that are next to it. */
export const fullPowershell = (
  inputs: ScriptInputs,
  texts: InnerTexts | null,
  engine: ScriptEngine,
  same: Calling | null = null,
): string => {
  const words = scriptWords(inputs, engine)
  const invoke = invoker(engine)
  const call = (args: readonly string[]): string => wrapped([invoke, ...args], ' `')
  const copy = ([file, to]: readonly [string, string]): string =>
    `${invoke} cp ${file} "\${container}:${to}"`
  const command = [...words.create, 'sh', '-c', words.inside.join('; '), 'sh']
  return `# Makes the image ${inputs.given.answers.tag} in this folder, with ${engineName(engine)} alone.
${unlikeOurs(inputs)}${same === null ? '' : 'param([switch]$Same)\n'}$ErrorActionPreference = 'Stop'
# Every version then hands double quotes on alike.
$PSNativeCommandArgumentPassing = 'Legacy'
Set-Location -LiteralPath $PSScriptRoot
${same === null ? '' : sameByPowershell(same)}${invokerFunction(engine)}
${written(texts)}${besideNote(inputs, texts)}${mirrorLine(words)}
${whatContainer(inputs)}
$container = ${call([...command.map(psWord), ...optionWords(words, psWord, '$mirror')])}
try {
${words.copied.map(one => `  ${copy(one)}\n`).join('')}${words.copiedIfThere.map(one => `  if (Test-Path -LiteralPath ${one[0]}) { ${copy(one)} }\n`).join('')}\
  ${invoke} start --attach $container
  ${invoke} cp "\${container}:/rootfs.tar" rootfs.tar

  # The image: ${engine} import makes one layer of the tar.
  ${call(words.import.map(psWord))}
} finally {
  ${engine} rm --force --volumes $container | Out-Null
  Remove-Item -Force -ErrorAction SilentlyContinue rootfs.tar
}
${same === null ? '' : psSetAside()}
# The proof: a container made from it says what it is.
${call(words.proof.map(psWord))}
`
}

/**
 * A word for PowerShell: single quotes keep everything, and double quotes need a backslash to reach a program. What
 * begins with a digit is quoted too, because a number would be rewritten (007 as 7).
 */
const psWord = (word: string): string =>
  /^-{0,2}[A-Za-z/][\w@%+=:./-]*$/.test(word)
    ? word
    : powershellQuoted(word.replaceAll('"', String.raw`\"`))

/** A shell in the container needs the line ends of Unix, whatever this file has. */
const written = (texts: InnerTexts | null): string =>
  texts === null
    ? ''
    : `
# Writes a file with Unix line endings, unless it exists.
function Write-Text($Name, $Text) {
  if (Test-Path -LiteralPath $Name) { return }
  [IO.File]::WriteAllText("$PSScriptRoot/$Name", $Text.Replace("\`r\`n", "\`n") + "\`n")
}
${Object.entries(texts)
  .map(([file, text]) => `Write-Text ${file} @'\n${text.trimEnd()}\n'@\n`)
  .join('')}`

const mirrorLine = (words: ScriptWords): string =>
  words.closedMirror === null
    ? ''
    : `
# The mirror requires a user and a password: $env:MIRROR = '${mirrorHint(words)}'
$mirror = if ($env:MIRROR) { $env:MIRROR } else { ${powershellQuoted(words.closedMirror)} }
`
