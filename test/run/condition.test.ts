import { realpathSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Condition } from '../../src/plan/types.ts'
import { checkCondition } from '../../src/run/condition.ts'
import type { RunContext } from '../../src/run/context.ts'
import { room } from '../oci/room.ts'

const posix = test.skipIf(process.platform === 'win32')

/** What comes of a condition whose command is this text for sh, and what was learnt. */
const checked = async (script: string, change: Partial<Condition> = {}, project: object = {}) => {
  const directory = await room()
  const values = new Map([['own', 'value']])
  const context = {
    env: { PATH: process.env['PATH'] },
    project: { made: false, kind: 'resumed', ...project },
    plan: { directory },
    values,
  } as unknown as RunContext
  const learnt = { stem: '', learnt: 'own', plain: 'OWN' }
  const command = { kind: 'command', program: 'sh', args: ['-c', script, learnt] } as const
  const condition = { command, expect: 'is ', learn: ['a', 'b'], otherwise: '', ...change }
  const check = await checkCondition(condition, context)
  return { ...check, values: Object.fromEntries(values), directory: realpathSync(directory) }
}

posix('a condition that holds teaches its words, and those that lack are empty', async () => {
  expect(await checked('echo; echo "is one two three"; echo x >&2')).toMatchObject({
    met: true,
    lines: [],
    values: { own: 'value', a: 'one', b: 'two' },
  })
  expect((await checked('echo is one')).values).toEqual({ own: 'value', a: 'one', b: '' })
  expect((await checked('echo "is $0"')).values).toMatchObject({ a: 'value' })
})

posix('one that does not hold teaches nothing, and its lines are told', async () => {
  for (const [script, lines] of [
    ['echo was one', ['was one']],
    ['echo x is one', ['x is one']],
    ['echo is one; exit 1', ['is one']],
    ['echo is one; echo no >&2; exit 1', ['is one', 'no']],
    ['echo no >&2; exit 1', ['no']],
  ] as const)
    expect(await checked(script), script).toMatchObject({
      met: false,
      lines,
      values: { own: 'value' },
    })
})

posix('it is asked in the project folder, once that is there', async () => {
  const where = async (project: object) => {
    const { values, directory } = await checked('echo "is $(pwd)"', {}, project)
    return (values as Record<string, string>)['a'] === directory ? 'project' : 'elsewhere'
  }
  expect(await where({ kind: 'resumed' })).toBe('project')
  expect(await where({ kind: 'replaced' })).toBe('project')
  expect(await where({ kind: 'new', made: true })).toBe('project')
  expect(await where({ kind: 'new', made: false })).toBe('elsewhere')
})
