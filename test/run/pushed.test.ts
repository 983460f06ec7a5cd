import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Step } from '../../src/plan/types.ts'
import type { RunContext } from '../../src/run/context.ts'
import { learnDigest } from '../../src/run/pushed.ts'
import { room } from '../oci/room.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const UNTOLD =
  'It was pushed, but the client did not report its digest in the registry, so it cannot be signed.'

const learnt = async (
  pushes: Step['pushes'],
  printed: readonly string[],
  { isSigned = false, file = '' } = {},
) => {
  const directory = await room()
  if (file !== '') writeFileSync(join(directory, 'digest'), file)
  const values = new Map<string, string>()
  const steps = isSigned ? [{ id: 'push' }, { id: 'sign' }] : [{ id: 'push' }]
  const context = { project: { directory }, values, plan: { steps } } as unknown as RunContext
  const step = (pushes === undefined ? {} : { pushes }) as Step
  const problem = await learnDigest(step, printed, context)
  return { problem, digest: values.get('pushed.digest') ?? null }
}

const PRINTS = { digestFile: null }
const WRITES = { digestFile: 'digest' }

test.each<[string, () => Promise<unknown>, string | null]>([
  ['docker prints', () => learnt(PRINTS, ['x', `1: digest: ${DIGEST} size: 527`]), DIGEST],
  [
    'podman writes',
    () => learnt(WRITES, [`digest: sha256:${'b'.repeat(64)}`], { file: DIGEST }),
    DIGEST,
  ],
  ['a line of its own has', () => learnt(PRINTS, ['x', DIGEST]), DIGEST],
  ['stands within other words', () => learnt(PRINTS, [`x ${DIGEST}`]), null],
  ['is too short', () => learnt(PRINTS, [DIGEST.slice(0, -1)]), null],
  ['a file that is not there has', () => learnt(WRITES, [DIGEST]), null],
])('of a digest that %s it learns: %#', async (_, found, digest) => {
  expect(await found()).toEqual({ problem: null, digest })
})

test('a step that pushes nothing learns nothing, and one that is to be signed needs its digest', async () => {
  expect(await learnt(undefined, [DIGEST])).toEqual({ problem: null, digest: null })
  expect(await learnt(PRINTS, ['x'], { isSigned: true })).toEqual({ problem: UNTOLD, digest: null })
  expect(await learnt(PRINTS, [DIGEST], { isSigned: true })).toEqual({
    problem: null,
    digest: DIGEST,
  })
})
