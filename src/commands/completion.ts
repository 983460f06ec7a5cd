import { oneOf } from '../ask/one-of.ts'
import { today } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { EXIT } from '../errors.ts'
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
  await io.out.write(SCRIPTS[oneOf('completion', shells, named)](completedWords(today())))
  return EXIT.done
}
