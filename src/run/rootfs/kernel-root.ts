import { freemem } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { packagesOf } from '../../bootstrap/deb/package-set.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import { finishTar } from '../../bootstrap/stage/finish.ts'
import type { PackageSet } from '../../bootstrap/types.ts'
import { size } from '../../text/units.ts'
import { endChild, startChild } from '../process/exec.ts'
import { configureFailed, hearConfigure, type ConfigureResult } from './configure-lines.ts'
import type { EngineRoot } from './engine-root.ts'
import { isPipeError } from './pipe-error.ts'

/** What configures a root filesystem on this machine's own kernel. */
export interface KernelRoot extends Pick<
  EngineRoot,
  'staged' | 'options' | 'epoch' | 'signal' | 'onLine'
> {
  /** The text of assets/bootstrap/own-kernel.sh. */
  readonly script: string
  /** How large the tree may become, in bytes: it is in memory. */
  readonly bytes: number
}

/**
 * Has the kernel of this machine configure a staged tree with the tree's own dpkg, in namespaces without network, and gives
 * the finished tar to `write`. The tree is in memory and nothing is left of it, whatever happens. Throws BootstrapError,
 * errors of the tree, and the signal's reason.
 */
export const configureOnKernel = async (
  root: KernelRoot,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<void> => {
  const { script, bytes, epoch, options, signal, onLine } = root
  const child = startChild(
    'sh',
    ['-c', script, 'sh', 'make', String(bytes), String(epoch), ...options],
    { cwd: '/', env: { PATH: process.env['PATH'], OWN_TEXT: script }, stdin: 'pipe' },
  )
  const stop = () => void endChild(child, 200)
  signal.addEventListener('abort', stop)
  const heard = hearConfigure([child.stderr], onLine)
  const fed = pipeline(Readable.from(root.staged, { objectMode: false }), child.stdin, {
    signal,
  }).then(
    () => null,
    async (error: unknown) => {
      await endChild(child, 200)
      return error
    },
  )
  const ended = async (): Promise<void> => {
    const [{ exitCode }, error] = await Promise.all([child, fed, heard.ended])
    signal.throwIfAborted()
    if (error !== null && !isPipeError(error)) throw error as Error
    if (exitCode !== 0) throw failed(heard.result(), bytes)
  }
  const tar = (child.stdout as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  try {
    // All is configured once the tree's tar begins.
    const first = await tar.next()
    if (first.done === true) {
      await ended()
      throw failed(heard.result(), bytes)
    }
    const whole = async function* () {
      yield first.value
      for (let more = await tar.next(); more.done !== true; more = await tar.next())
        yield more.value
      await ended()
    }
    await write(finishTar(whole(), { epoch }))
  } finally {
    signal.removeEventListener('abort', stop)
    await endChild(child, 200)
  }
}

/**
 * Returns how large the tree of a set of packages may become, in bytes: twice what the packages say, for what their
 * setup adds. Throws BootstrapError `memory-lacks` where this machine has not the memory for the packages themselves.
 */
export const roomFor = (set: PackageSet, free = freemem()): number => {
  const files = packagesOf(set).reduce((sum, one) => sum + one.installedBytes, 0)
  const archives = set.extras.reduce((sum, one) => sum + one.size, 0)
  const needed = Math.round((files + archives) * 1.1) + 64e6
  if (free < needed) throw memoryLacks(`needs ${size(needed)}, and ${size(free)} are free`)
  return 2 * needed
}

const failed = (said: ConfigureResult, bytes: number): BootstrapError => {
  if (said.last.some(line => /No space left on device/.test(line)))
    return memoryLacks(`became larger than ${size(bytes)}, or than what is free`)
  return configureFailed(said, [
    'An engine is another way to make it: with Docker or Podman started, the same command takes that.',
  ])
}

const memoryLacks = (words: string): BootstrapError =>
  new BootstrapError(
    'memory-lacks',
    `Without an engine the tree is made in this machine's memory: it ${words}.`,
    ['Take fewer packages, end other programs, or start Docker or Podman, which make it on disk.'],
  )
