import { parseFlags } from '../../../src/ask/flags.ts'
import { givenBy } from '../../../src/ask/given.ts'
import type { FullAnswers, Given, MinimalAnswers } from '../../../src/ask/answers.ts'
import type { EngineFacts, Facts } from '../../../src/engine/facts.ts'

/** The answers to a command line for a minimal image, given in /home/ada. */
export const given = (...argv: string[]): Given<MinimalAnswers> =>
  givenBy(parseFlags(argv), '/home/ada') as Given<MinimalAnswers>

/** The same for a full image, on a day when Ubuntu 26.04 and Debian 13 are the newest. */
export const full = (...argv: string[]): Given<FullAnswers> => ({
  ...(givenBy(parseFlags(['--kind', 'full', ...argv]), '/home/ada') as Given<FullAnswers>),
  today: '2026-11-23',
})

/** Docker 28 without buildx, on this kind of machine. */
export const engine: EngineFacts = {
  kind: 'docker',
  client: 'docker',
  clientVersion: '28.2.2',
  serverVersion: '28.2.2',
  apiVersion: '1.50',
  serverName: 'Engine',
  os: 'linux',
  arch: 'amd64',
  rootless: false,
  store: 'classic',
  builder: 'classic',
  buildxVersion: null,
  remote: false,
}

/** A Linux machine with an engine and no compiler, less what `change` says. */
export const facts = (change: Partial<Facts> = {}): Facts => ({
  version: 1,
  platform: 'linux',
  arch: 'amd64',
  engine,
  engineProblem: null,
  compiler: { cc: null, muslGcc: null },
  privateRoot: { kind: 'namespaces', command: ['unshare', '--root={root}'] },
  host: { root: 'sudo', debootstrap: '/usr/sbin/debootstrap' },
  archive: null,
  zoneinfo: true,
  ...change,
})

/** What the probe says when no engine answers. */
export const noEngine: Partial<Facts> = {
  engine: null,
  engineProblem: {
    code: 'no-client',
    what: 'There is no Docker here.',
    todo: ['Install it.'],
    lacks: true,
  },
}
