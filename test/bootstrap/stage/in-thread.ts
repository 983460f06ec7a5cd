import { MessageChannel } from 'node:worker_threads'
import { serveJobs } from '../../../src/bootstrap/stage/serve-jobs.ts'
import { startUnpackers } from '../../../src/bootstrap/stage/unpackers.ts'
import type { ThreadPort, Unpackers } from '../../../src/bootstrap/stage/unpackers.ts'

// The same code at both ends of a channel, without a thread: Node 20 can't start one from TypeScript.
const newThread = (): ThreadPort => {
  const { port1, port2 } = new MessageChannel()
  serveJobs(port1)
  return {
    postMessage: message => port2.postMessage(message),
    onMessage: listener => void port2.on('message', listener),
    onError: () => undefined,
    terminate: async () => port1.close(),
  }
}

/** Returns unpackers that work in this thread. */
export const unpackersHere = (threads = 2): Unpackers => startUnpackers(newThread, threads)
