import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'

/** The label that every container of ours carries; its value is the run's id. */
export const LABEL = 'create-base-image'

/** A name for one run: this machine, this process, and a part that no other run has. */
export const newRunId = (): string =>
  `${machine()}-${process.pid}-${randomBytes(4).toString('hex')}`

/** The runs of this process that are not over. */
const here = new Set<string>()

/** Remembers a run of this process until it is over: a dead process may have had the same number. */
export const runsHere = (id: string, runs: boolean): void =>
  void (runs ? here.add(id) : here.delete(id))

/** True for a run of this process that is not over. */
export const isRunningHere = (id: string): boolean => here.has(id)

/** What is known of the run that an id names. `other` is a run on another machine. */
export const runState = (id: string): 'alive' | 'dead' | 'other' => {
  const [host, pid] = id.split('-')
  if (host !== machine()) return 'other'
  return isAlive(Number(pid)) ? 'alive' : 'dead'
}

let known: string | undefined

/** Host names repeat, as `localhost` does, so the name alone would make a run elsewhere look like a dead one here. */
const machine = (): string =>
  (known ??= createHash('sha256').update(`${hostname()}\n${identity()}`).digest('hex').slice(0, 8))

/** systemd's number of this installation (machine-id(5)), or else a network card's. */
const identity = (): string => {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim() || cardAddress()
  } catch {
    return cardAddress()
  }
}

/** The lowest address that a maker gave; those of virtual devices come and go (bit 2 of the first byte, IEEE 802). */
const cardAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(({ internal, mac }) => !internal && (Number.parseInt(mac.slice(0, 2), 16) & 2) === 0)
    .map(({ mac }) => mac)
    .sort()[0] ?? ''

/** Whether a process of this number runs on this machine, whoever owns it. */
export const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
