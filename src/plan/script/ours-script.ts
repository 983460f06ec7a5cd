import { UsageError } from '../../errors.ts'
import { powershellQuoted, shellWords } from '../../text/shell-words.ts'
import { commandLineOf, commandWordsOf, OURS } from '../command-line.ts'
import { isDistroless } from '../full/distroless.ts'
import type { ScriptInputs } from '../full/inputs.ts'
import type { ScriptKind } from './minimal-script.ts'
import { callByPowershell, callBySh, type Calling } from './same-script.ts'

/**
 * Returns the script of an image that only this tool makes: it calls it with the same flags. Throws UsageError for a
 * Dockerfile.
 */
export const oursScript = (kind: ScriptKind, inputs: ScriptInputs): string => {
  const words = commandWordsOf(commandLineOf(inputs.given)).slice(OURS.length)
  if (kind === 'sh')
    return `#!/bin/sh\n${head(inputs)}exec npx --yes create-base-image ${shellWords(words)}\n`
  if (kind === 'powershell')
    return `${head(inputs)}npx --yes create-base-image ${words.map(powershellQuoted).join(' ')}\nexit $LASTEXITCODE\n`
  throw new UsageError(
    `${isDistroless(inputs) ? 'A distroless image has' : 'An image of your own --sources has'} no Dockerfile: what reads signed packages and puts their files together is this tool itself.`,
    ['Take --script sh or --script powershell, which call it.'],
  )
}

/** Returns the same for the project folder: the same image to the last byte, by the lock. */
export const oursFolderScript = (
  kind: 'sh' | 'powershell',
  inputs: ScriptInputs,
  calling: Calling,
): string =>
  kind === 'sh'
    ? `#!/bin/sh\n${head(inputs)}set -eu\ncd -- "$(dirname -- "$0")"\n${callBySh(calling)}`
    : `${head(inputs)}$ErrorActionPreference = 'Stop'\nSet-Location -LiteralPath $PSScriptRoot\n${callByPowershell(calling)}exit $LASTEXITCODE\n`

const head = (inputs: ScriptInputs): string =>
  `# Makes the image ${inputs.given.answers.tag}. ${isDistroless(inputs) ? 'No container makes a distroless one, because nothing in it runs meanwhile' : 'debootstrap takes one archive alone, with one keyring'}:
# create-base-image puts the files of signed packages together itself, so this calls it. It needs Node.
`
