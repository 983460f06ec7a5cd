import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Language, Parser, type Node } from 'web-tree-sitter'
import { readAsset } from '../../../src/assets.ts'
import { powershellScript } from '../../../src/commands/completion/powershell.ts'
import { completedWords } from '../../../src/commands/completion/words.ts'
import { scriptInputs } from '../../../src/plan/full/inputs.ts'
import { folderScript } from '../../../src/plan/script/full-script.ts'
import { minimalScript } from '../../../src/plan/script/minimal-script.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { lineFor } from '../../../src/text/shell-words.ts'
import { full, given } from '../minimal/inputs.ts'

const require = createRequire(import.meta.url)
const GRAMMAR = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
const folder = mkdtempSync(join(tmpdir(), 'cbi-ps1-'))
const source = join(folder, 'mine.c')
writeFileSync(source, "int main(void)\n{\n    return 'a' == '\\0'; // \"$HOME\" `x` @' %s\n}\n")

const parser = { parse: (_text: string): Node => expect.unreachable() }
beforeAll(async () => {
  await Parser.init()
  const made = new Parser()
  made.setLanguage(await Language.load(readFileSync(GRAMMAR)))
  parser.parse = text => made.parse(text)!.rootNode
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The lines that the grammar of PowerShell does not take. */
const faults = (text: string): string[] => {
  const root = parser.parse(text)
  const wrong = root.hasError
    ? root.descendantsOfType('ERROR').map(node => node?.text ?? 'ERROR')
    : []
  return root.hasError && wrong.length === 0 ? ['something is missing'] : wrong
}

const MINIMAL: readonly (readonly string[])[] = [
  [],
  ['--libc=musl'],
  ['--program=raw'],
  ['--compile-in=host'],
  ['--program', source],
  ['--program', source, '--with=user,tmp,tzdata,ca-certificates'],
  ['--arch=arm64', '--env=A=it\'s "so" $x', '--label=a.b=`c`'],
]
const FULL: readonly (readonly string[])[] = [
  ['--release=bookworm'],
  ['--release=bookworm', '--mirror=http://user:pa%24s@mirror.example/debian'],
  ['--release=noble', '--include=curl,vim', '--env=A=\'b\' "c"'],
  ['--release=bookworm', '--engine=podman', '--verify'],
  ...['alpine:3.22', 'fedora:42', 'leap', 'archlinux', 'busybox'].map(one => [`--release=${one}`]),
  ['--release=busybox', '--variant=musl', '--mirror=http://u:p@m.example/alpine'],
]

describe('the grammar of PowerShell takes', () => {
  test.each(MINIMAL.map(argv => [argv]))('the script of a minimal image: %j', argv => {
    const all = given(...argv)
    for (const engine of ['docker', 'podman'] as const)
      expect(faults(minimalScript('powershell', all.answers, engine))).toEqual([])
    expect(faults(printScript('powershell', all, 'amd64', readAsset))).toEqual([])
  })

  test.each(FULL.map(argv => [argv]))('the script of a full image: %j', argv => {
    const all = full(...argv)
    expect(faults(printScript('powershell', all, 'amd64', readAsset))).toEqual([])
    for (const same of [null, { flags: ['--engine', 'none'] }]) {
      const script = folderScript('powershell', scriptInputs(all, 'amd64'), 'docker', same)
      expect(faults(script)).toEqual([])
    }
  })

  test('the completions', () => {
    expect(faults(powershellScript(completedWords('2026-01-01')))).toEqual([])
  })
})

test.each([
  'a b',
  'a,b',
  '--',
  "it's",
  '$HOME',
  '`x`',
  '"q"',
  '100%',
  'é',
  'C:\\a b\\c',
  '@a',
  'a;b|c&d',
])('a shown command is one, with %s as one word of it', word => {
  const root = parser.parse(lineFor('win32', ['docker', 'run', word]))
  expect(root.hasError).toBe(false)
  expect(root.descendantsOfType('command')).toHaveLength(1)
  const words = root
    .descendantsOfType('command_elements')[0]!
    .namedChildren.filter(node => node?.type !== 'command_argument_sep')
  expect(words).toHaveLength(2)
})

test('it refuses what is none', () => {
  for (const text of ['if ($x) {', "$a = 'b", '@"\nopen', 'Get-Item |'])
    expect(faults(text)).not.toEqual([])
})
