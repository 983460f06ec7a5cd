import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { commands, type CommandName } from '../../src/ask/commands.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { helpText } from '../../src/ask/help.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { switches } from '../../src/ask/switches.ts'
import { commandWords } from '../../src/ask/words.ts'

// Every command of ours that we advise or show, in the sources, the lessons and the documents, is read as the program
// itself would read it: advice that is refused helps nobody.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cbi-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// What the documents name as files of the reader's.
for (const name of ['server', 'wc', 'packages.lock']) writeFileSync(join(folder, name), '\x7fELF')
writeFileSync(join(folder, 'server.c'), 'int main(void) { return 0; }\n')
mkdirSync(join(folder, 'my-distro'))
mkdirSync(join(folder, 'mirror'))
writeFileSync(join(folder, 'mirror/key.asc'), Buffer.from([0x99, 1]))

/** A command of ours as it stands somewhere. */
interface Shown {
  readonly where: string
  readonly words: readonly string[]
}

const NAMES: readonly string[] = commands.map(({ name }) => name)

/** One word at least after our name; quotes hold blanks. What is put in at run time stands as a sample. */
const CALL = /create-base-image((?: +(?:"[^"]*"|raw:"[^"]*"|[^\s`'"|>()#\\·→]+))+)/g

const shownIn = (file: string): Shown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => !/^\s*(?:\/\/|\/\*|\*)/.test(line))
    .flatMap(line => [...line.replaceAll(/\$\{[^}]*\}/g, 'sample').matchAll(CALL)])
    .map(([, text = '']) => ({ where: relative(ROOT, file), words: wordsOf(text) }))
    .filter(({ words }) => isCommand(words[0] ?? ''))

/** Two blanks end it, as does what ends a sentence. */
const wordsOf = (text: string): string[] => {
  const [own = ''] = text.trim().split(/\s{2,}|[.,;:…](?=\s|$)/)
  return [...own.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''))
}

const isCommand = (word: string): boolean =>
  [...NAMES, 'help'].includes(word) || /^(?:--[a-z]|\.|my-)/.test(word)

const take = (words: readonly string[]): void => {
  const [first = '', ...rest] = words.map(filledIn)
  if (first === 'help') return expect(NAMES).toContain(rest[0])
  if (NAMES.includes(first)) return void commandWords(rest, first as CommandName)
  if (words.includes('--help')) return
  // A recipe is read before the flags are.
  const at = words.indexOf('--recipe')
  const own = at === -1 ? [first, ...rest] : [first, ...rest].toSpliced(at, 2)
  givenBy(parseFlags(own), folder)
}

const filledIn = (word: string, at: number, words: readonly string[]): string =>
  word !== 'sample'
    ? word.replace('DISTRO:RELEASE', 'debian:trixie')
    : ({ '--release': 'noble', '--distro': 'debian', help: 'inspect' }[words[at - 1] ?? ''] ?? word)

const filesBelow = (place: string, ends: RegExp): string[] =>
  readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .filter(name => ends.test(name))
    .map(name => join(ROOT, place, name))

const all = [
  ...filesBelow('src', /\.tsx?$/),
  ...filesBelow('docs', /\.md$/).filter(path => !path.endsWith('glossary.md')),
  ...filesBelow('assets/learn', /\.json$/),
  join(ROOT, 'README.md'),
].flatMap(shownIn)

const titled = (shown: readonly Shown[]) => [
  ...new Map(shown.map(one => [`${one.where}: ${one.words.join(' ')}`, one])).entries(),
]

test.each(titled(all))('%s is taken', (_, { words }) => expect(() => take(words)).not.toThrow())

test('there are many of them, of each kind of file', () => {
  for (const place of ['src/', 'docs/', 'assets/learn/', 'README.md'])
    expect(all.filter(({ where }) => where.startsWith(place)).length, place).toBeGreaterThan(2)
})

test.each(commands.map(({ name, example }) => [name, example] as const))(
  'the example of %s is taken: %s',
  (_, example) => take(wordsOf(example.replace(/\s[|>].*/, ''))),
)

test('the examples of --help are taken', () => {
  const lines = [...helpText(80).matchAll(/^ {2}npx create-base-image (.*)$/gm)]
  expect(lines.length).toBeGreaterThan(5)
  for (const [, text = ''] of lines) take(wordsOf(text))
})

/** Flags of other programs that remedies name. */
const OTHERS = [
  'add-subgids',
  'add-subuids',
  'all',
  'force',
  'input',
  'install',
  'lines',
  'memory',
  'network',
  'now',
  'output',
  'privileged',
  'progress',
  'rm',
  'shutdown',
  'tag',
  'unit',
  'update',
  'yes',
]

test('a flag that advice names is one of ours, or of the program beside it', () => {
  const yesOrNo = Object.values(questions).filter(({ value }) => value === '')
  const ours = [
    ...Object.keys(questions),
    ...yesOrNo.map(({ name }) => `no-${name}`),
    ...switches.map(({ name }) => name),
    ...OTHERS,
  ]
  const named = filesBelow('src/engine/remedies', /\.ts$/).flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/(?<=[\s'"])--([a-z][a-z-]+)/g)].map(
      ([, name = '']) => name,
    ),
  )
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(name => !ours.includes(name))).toEqual([])
})
