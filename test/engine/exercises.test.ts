import { mkdirSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mkdtempSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExercises } from '../../src/learn/exercises/read.ts'
import type { SolutionStep } from '../../src/learn/exercises/types.ts'
import { describeEngine, docker } from './engine.ts'
import { runCli } from './run-cli.ts'

const exercises = readExercises()
const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))

let room: string
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'cbi-exercises-'))
})
afterAll(async () => {
  rmSync(room, { recursive: true, force: true })
  await removeImages()
})

const removeImages = async (): Promise<void> => {
  const names = [...exercises.map(({ image }) => image), 'learn-words-first']
  await docker(['image', 'rm', '--force', ...names])
}

/** Calls `check` where the exercises are. */
const check = (...words: string[]) => runCli(['check', ...words], { cwd: room })

/** Does one step of a solution in the exercise's folder, as a learner would. */
const solve = (step: SolutionStep, folder: string): void => {
  if ('write' in step) {
    mkdirSync(join(folder, step.write, '..'), { recursive: true })
    writeFileSync(join(folder, step.write), step.text)
    return
  }
  const [program = '', ...args] = step.run
  const argv =
    program === 'create-base-image'
      ? [process.execPath, BIN, ...args]
      : [program === 'ENGINE' ? 'docker' : program, ...args]
  const done = spawnSync(argv[0]!, argv.slice(1), { cwd: folder, encoding: 'utf8' })
  expect(done.status, `${argv.join(' ')}\n${done.stdout}${done.stderr}`).toBe(0)
}

describeEngine('the exercises, from the first to the last', () => {
  test('the first call gives the first task', async () => {
    await removeImages()
    expect(await check()).toMatchObject({ exitCode: 1, stderr: '' })
  })

  describe.each(exercises.map(exercise => [exercise.name, exercise] as const))(
    '%s',
    (name, exercise) => {
      const folder = () => join(room, 'exercises', name)

      test('neither an empty image nor the files as they were given pass', async () => {
        const empty = join(room, 'empty')
        mkdirSync(empty, { recursive: true })
        writeFileSync(join(empty, 'nothing'), '')
        writeFileSync(join(empty, 'Dockerfile'), 'FROM scratch\nADD nothing /\n')
        expect(await docker(['build', '--tag', exercise.image, empty])).toMatchObject({
          exitCode: 0,
        })
        expect((await check(name)).exitCode).toBe(1)
        if (!existsSync(join(folder(), 'Dockerfile'))) return
        await docker(['build', '--tag', exercise.image, folder()])
        expect((await check(name)).exitCode).toBe(1)
      })

      test('its solution passes', { timeout: 300_000 }, async () => {
        for (const step of exercise.solution) solve(step, folder())
        const end = await check(name)
        expect(end, end.stdout).toMatchObject({ exitCode: 0, stderr: '' })
        expect(end.stdout).toContain('Passed.')
      })
    },
  )

  test(
    'all are looked at again, and one that no longer holds is open again',
    { timeout: 400_000 },
    async () => {
      const end = await check()
      expect(end, end.stdout).toMatchObject({ exitCode: 0 })
      expect(end.stdout).toContain(`All ${exercises.length} still pass.`)
      await docker(['image', 'rm', '--force', 'learn-zones'])
      await docker(['tag', 'learn-your-name', 'learn-small'])
      const again = await check()
      expect(again.exitCode).toBe(1)
      expect(again.stdout).toContain('small: no longer as it was.')
      expect(again.stdout).toContain('zones: passed, but docker has no such image now.')
      const list = (await check('--list')).stdout
      expect(list).toMatch(/->\s+2\. small/)
      expect(list).toMatch(/ok\s+7\. zones/)
    },
  )
})
