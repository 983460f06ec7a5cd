import { execa } from 'execa'
import { readAssetIn } from '../../assets.ts'
import type { RootStage, Word } from '../../plan/types.ts'
import { held, letFlow, type Child } from '../process/exec.ts'
import { proxyLines } from '../process/proxies.ts'
import { ROOT_SCRIPT } from '../root/root-script.ts'
import type { Running, StageEnd } from '../stage.ts'
import { endOf } from './command.ts'

export interface RootContext {
  /** The folder that a stage's `below` is relative to. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** The folder of the assets. */
  readonly assets: string
  readonly resolve: (word: Word) => string
  /** Lines of a wgetrc that nobody else may see: a mirror's user and password. */
  readonly secretInput?: string | undefined
}

/**
 * The exact argument list of a root stage; `text` is that of its asset, or null. A text travels as an argument: a file
 * could be changed by others between our look at it and root's.
 */
export const rootCommand = (
  stage: RootStage,
  text: string | null,
  resolve: (word: Word) => string,
): string[] => {
  const [program = '', ...args] = stage.args.map(resolve)
  const command =
    text === null
      ? [program, ...(stage.harness ?? []), ...args]
      : ['sh', '-c', text, 'sh', ...args.slice(1)]
  const sudo = stage.sudo ? ['sudo', '-n', '--'] : []
  return [...sudo, 'sh', '-c', ROOT_SCRIPT, 'sh', stage.below, ...command]
}

/**
 * Starts a program as root on this machine. It has no stdin: ours is the line that root's part holds on to, and when it
 * closes, also because we died, that part ends its children and unmounts. Throws when the asset can't be read.
 */
export const startRoot = (stage: RootStage, context: RootContext): Running => {
  const { cwd, env, assets, resolve, secretInput = '' } = context
  const text = stage.asset === undefined ? null : readAssetIn(assets, stage.asset)
  const [program = '', ...args] = rootCommand(stage, text, resolve)
  const child = held(
    execa(program, args, {
      cwd,
      env,
      extendEnv: false,
      stdin: 'pipe',
      buffer: false,
      reject: false,
      // sudo remembers a password for a terminal and a session: it must stay in ours. It can't be signalled anyway.
      detached: !stage.sudo,
      cleanup: false,
    }) as Child,
  )
  child.stdin.on('error', () => undefined)
  // sudo takes the proxies out of the environment.
  child.stdin.write(`${proxyLines(env)}${secretInput}\n`)
  return { name: nameOf(stage, resolve), stdin: null, ...lineTo(child) }
}

/** How long root's part may take to end when it is told to, in milliseconds; we have no right to end it. */
const PATIENCE = 10_000

const lineTo = (child: Child): Pick<Running, 'stdout' | 'stderr' | 'ended' | 'kill'> => {
  const killed = new AbortController()
  const patience = killedFor(PATIENCE, killed.signal)
  const ended = Promise.race([child.then(endOf), patience]).then(end => {
    child.stdin.destroy()
    return killed.signal.aborted && end !== LEFT ? ENDED : end
  })
  // Nobody hears of what it says after that, and an open stream would be waited for.
  void patience.then(() => closeOutputs(child))
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    kill: async () => {
      killed.abort()
      child.stdin.destroy()
      // One whose output nobody reads any more could not end.
      letFlow(child)
      await ended
    },
  }
}

const killedFor = (time: number, signal: AbortSignal): Promise<StageEnd> =>
  new Promise(resolve => {
    const giveUp = (): void => void setTimeout(() => resolve(LEFT), time).unref()
    signal.addEventListener('abort', giveUp)
  })

const ENDED: StageEnd = { exitCode: null, note: null }

const LEFT: StageEnd = {
  exitCode: null,
  note: 'it did not end when it was told to, and may still be running as root',
}

const closeOutputs = ({ stdout, stderr }: Child): void => {
  stdout.destroy()
  stderr.destroy()
}

const nameOf = ({ sudo, args }: RootStage, resolve: (word: Word) => string): string =>
  [...(sudo ? ['sudo'] : []), ...args.slice(0, args[0] === 'sh' ? 2 : 1).map(resolve)].join(' ')
