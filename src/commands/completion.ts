import { today } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { EXIT, UsageError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { bashScript } from './completion/bash.ts'
import { fishScript } from './completion/fish.ts'
import { powershellScript } from './completion/powershell.ts'
import { completedWords } from './completion/words.ts'
import { zshScript } from './completion/zsh.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript }

/** Prints the script with which a shell completes our words. Returns 0. Throws UsageError for another shell. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const [named = ''] = commandWords(argv, 'completion').positionals
  const shells = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[]
  const shell = shells.find(one => one === named)
  if (shell === undefined) throw unknownShell(named, shells)
  await io.out.write(SCRIPTS[shell](completedWords(today())), 'last')
  return EXIT.done
}

const unknownShell = (named: string, shells: readonly string[]): UsageError =>
  new UsageError(
    `completion does not accept "${named}".`,
    shells.map(shell => `create-base-image completion ${shell}`),
  )
