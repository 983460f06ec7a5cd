import type { MessagePort } from 'node:worker_threads'
import { BootstrapError } from '../errors.ts'
import type { ArchiveCode } from '../errors.ts'
import { WINDOW } from './messages.ts'
import type { FromWorker, Job, Problem, ToWorker } from './messages.ts'
import { readPackage } from './read-package.ts'

/** Reads the packages that a port asks for, one at a time, and sends no more than the window before it is taken. */
export const serveJobs = (port: MessagePort): void => {
  let unpaid = 0
  let wake = (): void => undefined
  const paid = async (): Promise<void> => {
    if (unpaid <= WINDOW) return
    await new Promise<void>(resolve => (wake = resolve))
    await paid()
  }
  const send = async (
    message: FromWorker,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<void> => {
    if (message.kind === 'batch') unpaid += message.bytes.length
    port.postMessage(message, [...transfer])
    await paid()
  }
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'job') {
      const { job } = message
      readPackage(job, send).catch((error: unknown) =>
        port.postMessage({ kind: 'fail', id: job.id, problem: problemOf(error, job) }),
      )
      return
    }
    unpaid -= message.bytes
    wake()
  })
}

const problemOf = (error: unknown, { what }: Job): Problem => {
  if (error instanceof BootstrapError) {
    return { code: error.code as ArchiveCode, message: error.message, todo: error.todo }
  }
  const isOfFiles = error instanceof Error && 'syscall' in error && 'code' in error
  if (!isOfFiles) return { code: null, message: String(error), todo: [] }
  return {
    code: 'cache-damaged',
    message: `${what} could not be read from the cache (${String(error.code)}).`,
    todo: ['Run it again: the package is then fetched again.'],
  }
}
