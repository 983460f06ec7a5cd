import { describe, expect, test } from 'vitest'
import type { EngineFacts, Facts } from '../../../src/engine/facts.ts'
import { MachineError } from '../../../src/errors.ts'
import { fullPlan } from '../../../src/plan/full/plan.ts'
import type { Stage } from '../../../src/plan/types.ts'
import { engine, facts, full } from '../minimal/inputs.ts'

const NEAR = 'http://mirror.example/near'

/** What the probe says on each system with the same engine behind it; only Linux can do anything without one. */
const machines: Readonly<Record<string, Facts>> = {
  linux: facts(),
  debian: facts({ archive: { distro: 'debian', archive: NEAR } }),
  darwin: facts({ platform: 'darwin', arch: 'arm64', ...nothingHere() }),
  win32: facts({ platform: 'win32', ...nothingHere() }),
}

const answers: readonly (readonly string[])[] = [
  ['--release', 'focal'],
  ['--release', 'bookworm', '--slim', '--include', 'less,curl', '--arch', 'arm64'],
  ['--release', 'trixie', '--mirror', 'https://mirror.example/debian', '--variant', 'standard'],
]

describe.each(answers)('the answers %s %s %s', (...argv) => {
  test.each(['darwin', 'win32'])('call the engine on %s as on Linux', platform => {
    expect(callsOn(platform, argv)).toEqual(callsOn('linux', argv))
  })

  test('tell a remote engine nothing of the mirror that is near this machine', () => {
    expect(callsOn('debian', argv, { ...engine, remote: true })).toEqual(callsOn('linux', argv))
  })
})

test('a mirror near this machine is all that differs, and only for its own distribution', () => {
  const near = JSON.stringify(['--near', NEAR]).slice(1, -1)
  const bookworm = ['--release', 'bookworm', '--slim']
  const [plain, there] = [callsOn('linux', bookworm), callsOn('debian', bookworm)]
  expect(JSON.stringify(there)).toContain(near)
  expect(JSON.parse(JSON.stringify(there).replace(`,${near}`, ''))).toEqual(plain)
  expect(callsOn('debian', answers[0]!)).toEqual(callsOn('linux', answers[0]!))
})

test.each(['darwin', 'win32'])('on %s a bootstrap as root is refused, not tried', platform => {
  expect(() =>
    fullPlan(full('--release', 'focal', '--bootstrap', 'host'), machines[platform]!),
  ).toThrow(MachineError)
})

/** Everything that goes to the engine, step by step: container options, images, commands, and the import. */
const callsOn = (
  platform: string,
  argv: readonly string[],
  with_: EngineFacts = engine,
): readonly (readonly [string, readonly Stage[]])[] => {
  const plan = fullPlan(full('--bootstrap', 'container', ...argv), {
    ...machines[platform]!,
    engine: with_,
  })
  const calls = plan.steps
    .map(({ id, pipeline }) => [id, pipeline.filter(({ kind }) => kind !== 'craft')] as const)
    .filter(([, stages]) => stages.length > 0)
  expect(calls.map(([id]) => id)).toEqual(expect.arrayContaining(['bootstrap', 'import', 'run']))
  return calls
}

function nothingHere(): Partial<Facts> {
  return {
    privateRoot: null,
    host: { root: null, debootstrap: null },
    archive: null,
    zoneinfo: false,
  }
}
