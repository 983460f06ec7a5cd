import { expect, test } from 'vitest'
import { today } from '../../src/ask/today.ts'
import { pickerOrder } from '../../src/catalog/releases.ts'
import { endOf, useDemo, whole } from './demo.ts'
import { KEY, type Terminal } from './terminal.ts'

const demo = useDemo()

const { main, ended } = pickerOrder('ubuntu', today())

/** The questions of a full image up to the review, and what is above the last one. */
const upToReview = async (terminal: Terminal, from: number): Promise<string> => {
  const questions = [
    /How many of its/,
    /Documents and man/,
    /Any other packages/,
    /How is it made/,
    /called/,
    /Which folder/,
  ]
  for (const question of questions.slice(from)) {
    await terminal.waitFor(whole(question))
    terminal.write(KEY.enter)
  }
  return terminal.waitFor(whole(/Ready to run/))
}

const toReleases = async (terminal: Terminal): Promise<string> => {
  await terminal.waitFor(whole(/What kind/))
  terminal.write(KEY.down + KEY.enter)
  await terminal.waitFor(whole(/Which distribution/))
  terminal.write(KEY.enter)
  return terminal.waitFor(whole(/Which release/))
}

test('a release is found by typing, and the questions lead to the review', async () => {
  const terminal = demo.open()
  const list = await toReleases(terminal)
  for (const { codename } of main)
    expect(list).toMatch(new RegExp(`${codename} +(supported until|in development)`))
  expect(list).toContain('Older releases …')
  expect(list).not.toContain(' ended ')
  terminal.write('numb')
  await terminal.waitFor(whole(/› numb {2}1 of \d+\n\n {2}❯ 24\.04 noble/))
  terminal.write(KEY.enter)
  const review = await upToReview(terminal, 0)
  expect(review).toMatch(
    /^create-base-image\n 1 Kind {7}Full\n[^]* 3 Release {4}24\.04 noble\n 4 Packages {3}The least/,
  )
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({
    given: { answers: { kind: 'full', release: 'noble', tag: 'my-noble' } },
  })
})

test('the older releases are behind one choice and marked; Esc leads back to the others', async () => {
  const terminal = demo.open()
  await toReleases(terminal)
  terminal.write(KEY.up + KEY.enter)
  const older = await terminal.waitFor(
    whole(new RegExp(`❯ ${ended[0]!.version} ${ended[0]!.codename}`)),
  )
  expect(older.match(/ ended /g)!.length).toBeGreaterThan(5)
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/❯ Older releases …/))
  // The name of an old one is found without that, and Esc hides it again.
  terminal.write('focal')
  await terminal.waitFor(whole(/❯ 20\.04 focal +standard support ended May 2025/))
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/type to find[^]*❯ Older releases …/))
  terminal.write(`focal${KEY.enter}`)
  await terminal.waitFor(whole(/Release {4}20\.04 focal[^]*How many of its/))
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/❯ 20\.04 focal/))
})

test.each([
  [80, 24, /❯ Ubuntu +- +glibc +5 years[^]*Devuan +- +glibc[^]*Take the official ubuntu/],
  [40, 12, /❯ Ubuntu +glibc 5 years[^]*Leap +glibc 2 years/],
])('in %i by %i the last choice compares the distributions', async (cols, rows, table) => {
  const terminal = demo.open([], { cols, rows })
  await terminal.waitFor(/What kind/)
  terminal.write(KEY.down + KEY.enter)
  await terminal.waitFor(/Which distribution/)
  terminal.write(KEY.up + KEY.enter)
  const screen = await terminal.waitFor(table)
  expect(Math.max(...screen.split('\n').map(line => line.length))).toBeLessThan(cols)
  terminal.write(KEY.escape)
  await terminal.waitFor(/❯ Which one should I choose/)
})

test('read aloud, the table has its cells in the sentence', async () => {
  const terminal = demo.open([], { env: { DEMO_PLAIN: '1' }, rows: 80, cols: 200 })
  await terminal.waitFor(/What kind[^]*: *$/)
  terminal.write('2\r')
  await terminal.waitFor(/14\. Which one should I choose\? Compares[^]*: *$/)
  terminal.write('14\r')
  await terminal.waitFor(
    /2\. Debian, 116 MB, glibc, 5 years\. [^]*4\. Fedora, glibc, 1 year\. [^]*: *$/,
  )
})

test('a distribution is found by typing', async () => {
  const terminal = demo.open(['--kind', 'full'])
  await terminal.waitFor(whole(/Which distribution[^]*type to find one of 13/))
  terminal.write('rocky')
  await terminal.waitFor(
    whole(/› rocky {2}1 of 13\n {2}❯ Rocky Linux\n {4}Which one should I choose/),
  )
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(whole(/Which release/))).toMatch(/System +Rocky Linux/)
})

test('from the older releases Esc leads back even where they are the first question', async () => {
  const terminal = demo.open(['--distro', 'debian'])
  expect(await terminal.waitFor(whole(/Which release/))).not.toContain('Esc back')
  terminal.write(KEY.up + KEY.enter)
  await terminal.waitFor(whole(/❯ 11 bullseye[^]*Esc back/))
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/❯ Older releases …/))
})

test('at the review the distribution is changed, and a release of it is asked for', async () => {
  const terminal = demo.open(['--release', 'noble'])
  await upToReview(terminal, 0)
  terminal.write(KEY.down + KEY.down + KEY.enter)
  await terminal.waitFor(whole(/❯ Kind {7}Full\n {4}Release {4}24\.04 noble/))
  terminal.write(`2${KEY.enter}`)
  await terminal.waitFor(whole(/Which distribution/))
  terminal.write(KEY.down + KEY.enter)
  await terminal.waitFor(whole(/Which release/))
  terminal.write(`12${KEY.enter}`)
  expect(await terminal.waitFor(whole(/Ready to run/))).toMatch(
    /^create-base-image\n[^]* 3 Release {4}12 bookworm\n[^]* 8 Name {7}my-bookworm\n 9 Folder {5}\.\/my-bookworm/,
  )
})

test.each([
  [40, 12],
  [120, 40],
])('in %i by %i the releases and what they mean are on the screen', async (cols, rows) => {
  const terminal = demo.open(['--distro', 'ubuntu'], { cols, rows })
  const screen = await terminal.waitFor(/❯ [^]*supported[^]*until/)
  for (const { codename } of main.slice(0, 3)) expect(screen).toContain(codename)
})

test('plain: the releases by lines, an old one by its name', async () => {
  const terminal = demo.open(['--distro', 'ubuntu'], {
    env: { DEMO_PLAIN: '1' },
    cols: 120,
    rows: 60,
  })
  const list = await terminal.waitFor(/Older releases[^]*: *$/)
  expect(list).not.toContain(' ended ')
  terminal.write('focal\r')
  await terminal.waitFor(/\n20\.04 focal: press Enter to take it[^]*: *$/)
  terminal.write('\r')
  await terminal.waitFor(/How many of its[^]*: *$/)
  expect(terminal.raw()).not.toContain('\u001b')
})

test('without an engine a full image is made here, or its script is to be had', async () => {
  const flags = ['--release', 'noble', '--slim', '--variant', 'minbase', '--include', 'curl']
  const terminal = demo.open(flags, { env: { DEMO_ENGINE: 'no' } })
  await terminal.waitFor(
    whole(/No engine can be used here[^]*❯ Check again[^]* {4}Go on to the script/),
  )
  const other = demo.open(flags, { env: { DEMO_ENGINE: 'no', DEMO_HOST: 'sudo' } })
  await other.waitFor(whole(/No engine can be used here/))
  other.write(KEY.down + KEY.enter)
  await other.waitFor(whole(/Engine {5}None: made here\n[^]*called/))
})
