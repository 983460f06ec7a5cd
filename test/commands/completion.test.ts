import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run as completion } from '../../src/commands/completion.ts'
import { bashScript } from '../../src/commands/completion/bash.ts'
import { fishScript } from '../../src/commands/completion/fish.ts'
import { powershellScript } from '../../src/commands/completion/powershell.ts'
import { completedWords } from '../../src/commands/completion/words.ts'
import { zshScript } from '../../src/commands/completion/zsh.ts'
import { commands } from '../../src/ask/commands.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { switches } from '../../src/ask/switches.ts'
import type { Io } from '../../src/terminal/io.ts'

const all = completedWords('2026-01-01')
const folder = mkdtempSync(join(tmpdir(), 'completion-'))
beforeAll(() => {
  mkdirSync(join(folder, 'project'))
  writeFileSync(join(folder, 'answers.json'), '{}')
  writeFileSync(join(folder, 'c.bash'), bashScript(all))
  writeFileSync(join(folder, 'c.fish'), fishScript(all))
  writeFileSync(join(folder, 'c.zsh'), zshScript(all))
})
afterAll(() => rmSync(folder, { recursive: true }))

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ['-c', 'true'])
    return true
  } catch {
    return false
  }
}

const run = (shell: string, args: string[]): string =>
  execFileSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
  })

/** What bash puts into COMPREPLY. */
const inBash = (words: string[]): string[] =>
  run('bash', [
    '--norc',
    '-c',
    'source ./c.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _create_base_image; printf "%s\\n" "${COMPREPLY[@]}"',
    'bash',
    'create-base-image',
    ...words,
  ])
    .split('\n')
    .filter(Boolean)

const inFish = (words: string[]): string[] =>
  run('fish', [
    '--no-config',
    '-c',
    'source ./c.fish; complete -C "$argv[1]"',
    ['create-base-image', ...words].join(' '),
  ])
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\t')[0]!)

/** zsh's own functions are replaced by ones that print what they are given. */
const inZsh = (words: string[]): string[] =>
  run('zsh', [
    '-f',
    '-c',
    `compdef() { : }; compadd() { shift; print -l -- "$@" }
     _files() { if [[ $1 == -/ ]]; then print -l -- *(/N) ; else print -l -- *(N) ; fi }
     _describe() { local list=\${argv[-1]}; print -l -- \${(P)list%%:*} }
     source ./c.zsh
     words=("$@"); CURRENT=$#; PREFIX=\${argv[-1]}; _create_base_image`,
    'zsh',
    'create-base-image',
    ...words,
  ])
    .split('\n')
    .filter(word => word !== '' && word.startsWith(words.at(-1)!))

describe.each([
  ['bash', inBash],
  ['fish', inFish],
  ['zsh', inZsh],
] as const)('%s', (shell, complete) => {
  test.skipIf(!has(shell))('completes flags, and those of a command after it', () => {
    expect(complete(['--eng'])).toEqual(['--engine'])
    expect(complete(['my-image', '--no-s'])).toEqual(['--no-slim'])
    expect(complete(['inspect', '--']).sort()).toEqual(['--engine', '--help', '--json', '--strict'])
  })
  test.skipIf(!has(shell))('completes values: words, files and folders', () => {
    expect(complete(['--libc', ''])).toEqual(['glibc', 'musl'])
    expect(complete(['doctor', '--engine', 'p'])).toEqual(['podman'])
    expect(complete(['--release', 'nob'])).toEqual(['noble'])
    expect(complete(['--answers', 'a'])).toEqual(['answers.json'])
    expect(complete(['--recipe', 'p']).map(path => path.replace(/\/$/, ''))).toEqual(['project'])
  })
  test.skipIf(!has(shell))('completes commands, their words, and a folder', () => {
    expect(complete(['ins'])).toEqual(['inspect'])
    expect(complete(['completion', 'f'])).toEqual(['fish'])
    expect(complete(['help', 'doc'])).toEqual(['doctor'])
    expect(complete(['pro']).map(path => path.replace(/\/$/, ''))).toEqual(['project'])
  })
})

test('every script knows every flag and command', () => {
  const names = [
    ...[...Object.values(questions), ...switches].map(one => one.name),
    ...commands.map(one => one.name),
  ].filter(name => name !== 'directory')
  for (const script of [bashScript, zshScript, fishScript, powershellScript]) {
    const text = script(all)
    for (const name of names) expect(text).toMatch(new RegExp(`\\b${name}\\b`))
  }
})

test('another shell is told which there are', async () => {
  const told: unknown = await completion(['tcsh'], {} as Io).catch((error: unknown) => error)
  expect(told).toMatchObject({ message: 'completion does not accept "tcsh".' })
  expect((told as { todo: string[] }).todo).toContain('create-base-image completion fish')
})
