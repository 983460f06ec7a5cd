import type { Given } from '../ask/answers.ts'
import type { EngineFacts, Facts } from '../engine/facts.ts'
import { EXIT, isPlainError } from '../errors.ts'
import { planFor } from './plan.ts'
import type { Plan } from './types.ts'

/**
 * Returns the plan as `--plan` shows it. What the machine lacks is taken as if it were here, and named first among the
 * notices, so that what would be done can be read on any machine. Throws MachineError when no engine, and no debootstrap
 * on this machine, would make it possible.
 */
export const planToShow = (given: Given, facts: Facts): Plan => {
  try {
    return planFor(given, facts)
  } catch (error) {
    if (!isPlainError(error) || error.exitCode !== EXIT.machine) throw error
    const { notices, ...plan } = planFor(...supposing(given, facts))
    return { ...plan, notices: [`Missing here: ${error.message}`, ...error.todo, ...notices] }
  }
}

const supposing = (given: Given, facts: Facts): [Given, Facts] => {
  const { answers } = given
  const { host } = facts
  // debootstrap on this machine needs no engine.
  if (answers.kind === 'full' && answers.bootstrap === 'host')
    return [
      given,
      { ...facts, host: { root: host?.root ?? 'sudo', debootstrap: host?.debootstrap ?? TOOL } },
    ]
  if (answers.kind === 'minimal' && answers.compileIn === 'host')
    return [given, { ...facts, compiler: { cc: 'cc', muslGcc: 'musl-gcc', cross: answers.archs } }]
  const engine = answers.engine === 'none' ? 'auto' : answers.engine
  return [
    { ...given, answers: { ...answers, engine } } as Given,
    { ...facts, engine: facts.engine ?? supposed(engine === 'podman' ? engine : 'docker', facts) },
  ]
}

const TOOL = '/usr/sbin/debootstrap'

/** An engine on this machine, of which nothing is known but its kind. */
const supposed = (kind: EngineFacts['kind'], { arch }: Facts): EngineFacts => ({
  kind,
  client: kind,
  clientVersion: '',
  serverVersion: '',
  apiVersion: '',
  serverName: '',
  os: 'linux',
  arch,
  rootless: false,
  store: 'classic',
  builder: kind === 'podman' ? kind : 'classic',
  buildxVersion: null,
  remote: false,
})
