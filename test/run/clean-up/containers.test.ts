import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sweepRun, type Client } from '../../../src/run/clean-up/containers.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sweep-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** A client that lists one container until it has removed it; `rm` ends with the given code. */
const client = (rm: number, ps = 0): Client => {
  const program = join(folder, 'docker')
  const script = `#!/bin/sh
echo "$1" >> '${folder}/asked'
case $1 in
ps) [ -e '${folder}/gone' ] || echo '${'a'.repeat(64)} run-1'; exit ${ps} ;;
rm) [ ${rm} = 0 ] && touch '${folder}/gone'; exit ${rm} ;;
esac
`
  writeFileSync(program, script, { mode: 0o755 })
  return { program, cwd: folder, env: { PATH: process.env['PATH'] ?? '' } }
}

const posix = test.skipIf(process.platform === 'win32')

posix('a sweep ends when two looks in a row find nothing', async () => {
  expect(await sweepRun(client(0), 'run-1', 5)).toBe(true)
  expect(readFileSync(join(folder, 'asked'), 'utf8').split('\n')).toEqual([
    'ps',
    'rm',
    'ps',
    'ps',
    '',
  ])
})

posix('a container that does not go ends the sweep in time, with the truth', async () => {
  expect(await sweepRun(client(1), 'run-1', 0.5)).toBe(false)
  expect(readFileSync(join(folder, 'asked'), 'utf8').split('\n').length).toBeLessThan(20)
})

posix('an engine that does not answer is not taken for an empty one', async () => {
  expect(await sweepRun(client(0, 1), 'run-1', 5)).toBe(false)
})
