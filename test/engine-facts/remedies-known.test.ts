import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findRemedy, type RemedyContext } from '../../src/engine/remedies.ts'

interface Known {
  readonly section: string
  /** The code of the advice, or `-`. */
  readonly code: string
  readonly who: string
  readonly said: string
}

const file = readFileSync(new URL('../fixtures/known-failures.txt', import.meta.url), 'utf8')
const KNOWN = file
  .split(/^## /m)
  .slice(1)
  .map((part): Known => {
    const [head = '', ...said] = part.trimEnd().split('\n')
    const [section = '', code = '', who = ''] = head.split(' | ')
    return { section, code, who, said: said.join('\n') }
  })

/** Who says it decides how it is met. */
const contextOf = (who: string): Partial<RemedyContext> => ({
  builderStep: who === 'builder',
  archive: who === 'archive',
  host: who === 'host',
})

const CLIENTS = ['docker', 'podman'] as const

/** What only one client says is met with that one. */
const clientsOf = (who: string) => {
  const only = CLIENTS.filter(client => client === who)
  return only.length === 0 ? CLIENTS : only
}

/** Neither of these has them. */
const OF_LINUX = /systemctl|usermod|apt-get|journalctl|timedatectl/
/** Who has only Podman has none of these. */
const OF_DOCKER =
  /\bdocker (?:run|info|system|login|builder|images|rm)\b|Docker Desktop|restart docker\b|\/\.docker\b/

const named = ({ section, code, said }: Known): string =>
  `${section}: ${code}: ${said.split('\n').at(-1)}`

test('every failure is here once for each way in which it is met', () => {
  expect(KNOWN).toHaveLength(COUNT)
  expect(new Set(KNOWN.map(({ said, who, code }) => `${who} ${code} ${said}`)).size).toBe(COUNT)
})

/** How many there are: a failure that is met again raises it. */
const COUNT = 98

describe.each(['linux', 'darwin', 'win32'] as const)('on %s', platform => {
  const cases = KNOWN.flatMap(known =>
    clientsOf(known.who).map(client => [client, named(known), known] as const),
  )
  test.each(cases)('by %s, %s', (client, _, { code, who, said }) => {
    const remedy = findRemedy(said, { platform, client, ...contextOf(who), changed: line => line })
    expect(remedy?.code ?? '-').toBe(code)
    if (remedy === null) return
    const advice = remedy.todo.join('\n')
    expect(remedy.todo.length).toBeGreaterThan(0)
    expect([remedy.what, advice].join('\n')).not.toMatch(/[{}]|undefined/)
    if (platform !== 'linux' && client === 'docker') expect(advice).not.toMatch(OF_LINUX)
    if (client === 'podman') expect(advice).not.toMatch(OF_DOCKER)
  })
})
