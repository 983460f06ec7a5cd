import { Worker } from 'node:worker_threads'
import { BootstrapError } from '../errors.ts'
import type { BatchPart, ControlPart, FromWorker, Job, Problem, ToWorker } from './messages.ts'

/** A package as it comes from a worker thread. */
export interface Unpacked {
  /** Its control files. */
  readonly control: () => Promise<readonly ControlPart[]>
  /** Its data in order, to be read once and to its end. */
  readonly batches: () => AsyncGenerator<Batch>
  /** The md5 of its conffiles by path, or of all its files where it has no md5sums, once all is read. */
  readonly md5: () => ReadonlyMap<string, string>
}

/** A piece of a package's data. */
export interface Batch {
  readonly parts: readonly BatchPart[]
  readonly bytes: Uint8Array
}

/** Threads that read packages. */
export interface Unpackers {
  /** Reads a package; those asked for first are read first. */
  readonly read: (job: Job) => Unpacked
  readonly close: () => Promise<void>
}

/** More gain nothing: one thread unpacks xz at about 50 MB a second, and the engine is at work at the same time. */
const THREADS = 2

// The young heap is where most memory of a thread would go for nothing.
const RESOURCES = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 }

/** A thread as it is spoken to. */
export interface ThreadPort {
  readonly postMessage: (message: ToWorker) => void
  readonly onMessage: (listener: (message: FromWorker) => void) => void
  readonly onError: (listener: (error: unknown) => void) => void
  readonly terminate: () => Promise<unknown>
}

/** Returns a way to start threads from the file that stage/worker.ts is built to. */
export const threadsFrom = (file: URL) => (): ThreadPort => {
  const worker = new Worker(file, { resourceLimits: RESOURCES })
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    postMessage: message => worker.postMessage(message),
    onMessage: listener => void worker.on('message', listener),
    onError: listener => void worker.on('error', listener),
    terminate: () => worker.terminate(),
  }
}

/** Starts threads as packages are asked for. */
export const startUnpackers = (newThread: () => ThreadPort, threads = THREADS): Unpackers => {
  const waiting: Job[] = []
  const packages = new Map<number, Incoming>()
  let failure: Error | undefined
  const end = (error: Error): void => {
    failure ??= error
    for (const each of packages.values()) each.fail(failure)
  }
  const start = (): Thread => {
    const thread: Thread = { port: newThread(), job: null }
    thread.port.onMessage(message => {
      packages.get(message.id)?.take(message, thread)
      if (message.kind !== 'end' && message.kind !== 'fail') return
      thread.job = null
      assign()
    })
    thread.port.onError(error =>
      end(new Error(`A thread that unpacks has ended: ${String(error)}`)),
    )
    return thread
  }
  const all: Thread[] = []
  const assign = (): void => {
    while (waiting.length > 0) {
      const idle = all.find(({ job }) => job === null) ?? (all.length < threads ? start() : null)
      if (idle === null) return
      if (!all.includes(idle)) all.push(idle)
      idle.job = waiting.shift() ?? null
      if (idle.job !== null) post(idle, { kind: 'job', job: idle.job })
    }
  }
  const read = (job: Job): Unpacked => {
    const incoming = receive()
    packages.set(job.id, incoming)
    if (failure !== undefined) incoming.fail(failure)
    waiting.push(job)
    assign()
    return incoming
  }
  const close = async (): Promise<void> => {
    await Promise.all(all.map(({ port }) => port.terminate()))
  }
  return { read, close }
}

interface Thread {
  readonly port: ThreadPort
  job: Job | null
}

interface Incoming extends Unpacked {
  readonly take: (message: FromWorker, from: Thread) => void
  readonly fail: (error: Error) => void
}

const post = ({ port }: Thread, message: ToWorker): void => port.postMessage(message)

type Arrived = Extract<FromWorker, { kind: 'batch' | 'end' }>

const receive = (): Incoming => {
  const queue: { readonly message: Arrived; readonly from: Thread }[] = []
  let files: readonly ControlPart[] | undefined
  let sums: ReadonlyMap<string, string> = new Map()
  let failure: Error | undefined
  let wake = (): void => undefined
  const news = (): Promise<void> => new Promise(resolve => (wake = resolve))
  const take = (message: FromWorker, from: Thread): void => {
    if (message.kind === 'control') files = message.files
    else if (message.kind === 'fail') failure = errorOf(message.problem)
    else queue.push({ message, from })
    wake()
  }
  const fail = (error: Error): void => {
    failure ??= error
    wake()
  }
  const control = async (): Promise<readonly ControlPart[]> => {
    if (files !== undefined) return files
    if (failure !== undefined) throw failure
    await news()
    return control()
  }
  const batches = async function* (): AsyncGenerator<Batch> {
    for (;;) {
      const next = queue.shift()
      if (next === undefined) {
        if (failure !== undefined) throw failure
        await news()
      } else if (next.message.kind === 'end') {
        sums = next.message.md5
        return
      } else {
        yield next.message
        post(next.from, { kind: 'credit', bytes: next.message.bytes.length })
      }
    }
  }
  return { take, fail, control, batches, md5: () => sums }
}

const errorOf = ({ code, message, todo }: Problem): Error =>
  code === null ? new Error(message) : new BootstrapError(code, message, todo)
