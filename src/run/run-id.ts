import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** The label that every container of ours carries; its value is the run's id. */
export const LABEL = 'create-base-image'

/** A name for one run: this machine, this process, and a part that no other run has. */
export const newRunId = (): string =>
  `${machine()}-${process.pid}-${randomBytes(4).toString('hex')}`

/** What is known of the run that an id names. `other` is a run on another machine. */
export const runState = (id: string): 'alive' | 'dead' | 'other' => {
  const [host, pid] = id.split('-')
  if (host !== machine()) return 'other'
  return isAlive(Number(pid)) ? 'alive' : 'dead'
}

const machine = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
