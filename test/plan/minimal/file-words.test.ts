import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import { projectFiles } from '../../../src/plan/project-files.ts'
import type { ProgramSource } from '../../../src/plan/minimal/program-source.ts'
import { given } from './inputs.ts'

/** A file of the project folder, its template filled. */
const text = (name: string, ...argv: string[]): string => textOf('container', name, ...argv)

const textOf = (programSource: ProgramSource, name: string, ...argv: string[]): string => {
  const inputs = { given: given(...argv), programSource, engine: null }
  const found = projectFiles(inputs).find(({ file }) => file === name)
  if (found === undefined || !('asset' in found))
    throw new Error(`${name} is made from no template`)
  return readFileSync(join(assetsFolder(), found.asset), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (whole, key: string) => found.values[key] ?? whole,
  )
}

const instructions = (dockerfile: string): string[] =>
  dockerfile.split('\n').filter(line => /^[A-Z]/.test(line))

test('without extras the Dockerfile adds the program alone', () => {
  expect(instructions(text('Dockerfile'))).toEqual([
    'FROM scratch',
    'ADD hello /',
    'CMD ["/hello"]',
  ])
  expect(text('.dockerignore').split('\n').slice(1)).toEqual(['*', '!hello', ''])
  expect(text('README.md')).toContain('one program, `/hello`, and nothing else.')
})

test('each extra has its line in the Dockerfile, and files/ gets into the build context', () => {
  const all = ['--with', 'ca-certificates,tzdata,user']
  expect(instructions(text('Dockerfile', ...all))).toEqual([
    'FROM scratch',
    'ADD files /',
    'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
    'ADD hello /',
    'USER 65532:65532',
    'CMD ["/hello"]',
  ])
  expect(instructions(text('Dockerfile', '--with', 'tzdata'))).toEqual([
    'FROM scratch',
    'ADD files /',
    'ADD hello /',
    'CMD ["/hello"]',
  ])
  expect(
    text('.dockerignore', ...all)
      .split('\n')
      .slice(1),
  ).toEqual(['*', '!hello', '!files', ''])
  expect(text('README.md', ...all)).toMatch(/\| `files\/` \|[^]*`etc\/passwd` and `etc\/group`/)
})

test('no place of a template is left open', () => {
  for (const argv of [[], ['--with', 'user']])
    for (const name of ['Dockerfile', '.dockerignore', 'README.md'])
      expect(text(name, ...argv)).not.toContain('{{')
})

test('the README names the source only where the program is made from it', () => {
  expect(textOf('host', 'README.md')).toContain('hello.c')
  expect(textOf('raw', 'README.md')).not.toContain('hello.c')
})
