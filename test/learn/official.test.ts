import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeOfficial } from '../../src/app/official.ts'
import { officialStart } from '../../src/learn/official.ts'
import { facts, noEngine } from '../plan/minimal/inputs.ts'
import { listeningIo } from './io.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'official-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test.each([
  ['python', 'python:3-alpine', 'app.py'],
  ['node', 'node:lts-alpine', 'app.js'],
  ['java', 'eclipse-temurin:21-alpine', 'App.java'],
  ['debian', 'debian:stable-slim', 'app.sh'],
] as const)('for %s the Dockerfile starts FROM %s', (name, from, file) => {
  const { files } = officialStart(name)
  const instructions = files['Dockerfile']!.match(/^[A-Z]+/gm)
  expect(instructions).toEqual(['FROM', 'WORKDIR', 'COPY', 'RUN', 'CMD'])
  expect(files['Dockerfile']).toContain(`\nFROM ${from}\n`)
  expect(Object.keys(files)).toEqual(['Dockerfile', '.dockerignore', file])
})

test('without an engine the project is written, and what would build it is said', async () => {
  const io = listeningIo(folder)
  expect(await makeOfficial({ official: 'python', facts: facts(noEngine) }, io)).toBe(0)
  expect(readFileSync(join(folder, 'my-app', 'app.py'), 'utf8')).toContain('Hello')
  expect(io.said()).toMatch(
    /not built, because there is no engine here[^]*docker build --pull --tag my-app/,
  )
})

test('a folder that is there is left alone', async () => {
  mkdirSync(join(folder, 'my-app'))
  await makeOfficial({ official: 'node', facts: facts(noEngine) }, listeningIo(folder))
  expect(existsSync(join(folder, 'my-app', 'Dockerfile'))).toBe(false)
  expect(existsSync(join(folder, 'my-app-2', 'Dockerfile'))).toBe(true)
})

test('a build that fails keeps the files, and exits 1', async () => {
  const io = listeningIo(folder, { PATH: '/nowhere' })
  expect(await makeOfficial({ official: 'debian', facts: facts() }, io)).toBe(1)
  expect(io.said()).toContain('The files stay in my-app')
})
