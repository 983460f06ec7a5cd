import { UsageError } from '../../errors.ts'
import { shellWords } from '../../text/shell-words.ts'
import { commandLineOf, commandWordsOf, OURS } from '../command-line.ts'
import type { ScriptInputs } from '../full/inputs.ts'
import type { ScriptKind } from './minimal-script.ts'
import { callByPowershell, callBySh, type Calling } from './same-script.ts'

/**
 * Returns the script of a distroless image, which only this tool makes: it calls it with the same flags. Throws UsageError
 * for a Dockerfile.
 */
export const oursScript = (kind: ScriptKind, { given }: ScriptInputs): string => {
  const words = commandWordsOf(commandLineOf(given)).slice(OURS.length)
  const { tag } = given.answers
  if (kind === 'sh')
    return `#!/bin/sh\n${head(tag)}exec npx --yes create-base-image ${shellWords(words)}\n`
  if (kind === 'powershell')
    return `${head(tag)}npx --yes create-base-image ${words.map(word => `'${word.replaceAll("'", "''")}'`).join(' ')}\nexit $LASTEXITCODE\n`
  throw new UsageError(
    'A distroless image has no Dockerfile: what reads signed packages and puts their files together is this tool itself.',
    ['Take --script sh or --script powershell, which call it.'],
  )
}

/** Returns the same for the project folder: the same image to the last byte, by the lock. */
export const oursFolderScript = (
  kind: 'sh' | 'powershell',
  { given }: ScriptInputs,
  calling: Calling,
): string =>
  kind === 'sh'
    ? `#!/bin/sh\n${head(given.answers.tag)}set -eu\ncd -- "$(dirname -- "$0")"\n${callBySh(calling)}`
    : `${head(given.answers.tag)}$ErrorActionPreference = 'Stop'\nSet-Location -LiteralPath $PSScriptRoot\n${callByPowershell(calling)}exit $LASTEXITCODE\n`

const head = (tag: string): string =>
  `# Makes the image ${tag}. No container makes a distroless one, because nothing in it runs meanwhile: create-base-image
# puts the files of signed packages together itself, so this calls it. It needs Node.
`
