import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DistroFile } from '../../src/catalog/read-distribution.ts'
import { distributionNamed, useRecipe } from '../../src/catalog/distributions.ts'
import { readRecipe } from '../../src/catalog/recipe.ts'
import { recipe } from '../../src/commands/index.ts'
import { main } from '../../src/cli.ts'
import type { Io } from '../../src/terminal/io.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'recipes-'))))
afterEach(() => {
  useRecipe(undefined)
  rmSync(folder, { recursive: true })
})

let said = ''
const io = (): Io => ({
  cwd: folder,
  env: { PATH: '' },
  out: { write: async (text: string) => void (said += text) },
  err: { write: async (text: string) => void (said += text) },
  terminal: { canAsk: false, animate: false, colour: false, plain: false, unicode: true },
})

const run = async (...argv: string[]): Promise<[number, string]> => {
  said = ''
  const code = await recipe(argv, io())
  return [code, said]
}

test('a new recipe is sound, and --script makes of it what is in it', async () => {
  expect((await run('new', 'my-distro'))[1]).toContain("Made my-distro/distro.json, like Debian's.")
  const [code, words] = await run('check', 'my-distro')
  expect([code, words]).toEqual([0, expect.stringContaining('my-distro is valid')])
  expect(words).toMatch(/^Its release: [a-z]+\.$/m)
  writeFileSync(join(folder, 'my-distro', 'bootstrap.sh'), '#!/bin/sh\necho our own\n')
  said = ''
  expect(await main(['--recipe', 'my-distro', '--script', 'sh'], io())).toBe(0)
  expect(said).toContain('echo our own')
  expect(said).toContain('Makes the image my-')
})

const OWN_RELEASES = { source: 'me', day: '2026-11-28', list: [{ codename: 'own' }] }

test('a new recipe has the usual release for a sample, and check says what is still the other one’s', async () => {
  await run('new', 'mine', '--like', 'debian')
  const path = join(folder, 'mine', 'distro.json')
  const recipe = JSON.parse(readFileSync(path, 'utf8')) as DistroFile & { deb: object }
  expect(recipe.releases.list).toHaveLength(1)
  expect(recipe.releases.list[0]).toMatchObject({ longTerm: true, version: expect.any(String) })
  expect(recipe.deb).not.toHaveProperty('old')
  expect((await run('check', 'mine'))[1]).toContain('Still as in Debian: builder, deb, releases.')
  const own = {
    ...recipe,
    builder: { image: 'mine:1' },
    deb: { ...recipe.deb, origin: 'Mine' },
    releases: OWN_RELEASES,
  }
  writeFileSync(path, JSON.stringify(own))
  expect((await run('check', 'mine'))[1]).not.toContain('Still as in')
})

test('check says when the packages of a variant are still those of the other one', async () => {
  await run('new', 'mine', '--like', 'fedora')
  expect((await run('check', 'mine'))[1]).toContain(
    'Still as in Fedora: builder, dnf, variants, releases.',
  )
})

test('check says when an archive of one’s own has the origin of the other one', async () => {
  await run('new', 'mine', '--like', 'debian')
  const path = join(folder, 'mine', 'distro.json')
  const recipe = JSON.parse(readFileSync(path, 'utf8')) as DistroFile & { deb: object }
  const deb = { ...recipe.deb, archive: 'http://own.example/os' }
  writeFileSync(
    path,
    JSON.stringify({ ...recipe, builder: { image: 'mine:1' }, deb, releases: OWN_RELEASES }),
  )
  expect((await run('check', 'mine'))[1]).toContain('Still as in Debian: deb.origin.')
})

test('a new recipe takes over nothing that is true of the other distribution alone', async () => {
  await run('new', 'mine', '--like', 'fedora')
  const recipe = JSON.parse(readFileSync(join(folder, 'mine', 'distro.json'), 'utf8')) as object
  expect(Object.keys(recipe)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(?:notes|sizes|official.*|order)$/)]),
  )
  expect(recipe).toMatchObject({ libc: 'glibc', family: 'dnf' })
})

test('a new recipe has no word for a release that it leaves out, and what ships is not judged by itself', async () => {
  const file = { words: { mine: { release: 'bullseye' }, stable: 'newest' } }
  const model = distributionNamed('debian')
  const parsed = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object
  mkdirSync(join(folder, 'model'))
  writeFileSync(
    join(folder, 'model/distro.json'),
    JSON.stringify({ ...parsed(join(model.folder, 'distro.json')), name: 'model', ...file }),
  )
  useRecipe(readRecipe('model', folder))
  await run('new', 'other', '--like', 'model')
  useRecipe(undefined)
  expect(parsed(join(folder, 'other/distro.json'))).toMatchObject({ words: { stable: 'newest' } })
  expect(parsed(join(folder, 'other/distro.json'))).not.toHaveProperty('words.mine')
  expect((await run('check', model.folder))[1]).not.toContain('Still as in Debian')
  expect((await run('check', 'model/distro.json'))[1]).toContain('it is a file')
})

test('commands that are told can be typed, also for a folder with a space', async () => {
  mkdirSync(join(folder, 'my own'))
  expect((await run('new', 'my own/mine'))[1]).toContain("recipe check 'my own/mine'\n")
  expect((await run('check', 'my own/mine'))[1]).toContain("--recipe 'my own/mine' --yes\n")
  said = ''
  expect(await main(['--recipe', 'my own', '--plan'], io())).toBe(2)
  expect(said).toContain("recipe check 'my own'\n")
})

test('a recipe that is there is not written over', async () => {
  await run('new', 'my-distro')
  const text = readFileSync(join(folder, 'my-distro', 'distro.json'), 'utf8')
  await expect(run('new', 'my-distro', '--like', 'ubuntu')).rejects.toThrow('already exists')
  expect(readFileSync(join(folder, 'my-distro', 'distro.json'), 'utf8')).toBe(text)
})

test.each([
  [[], 'Usage'],
  [['new', ''], 'Usage'],
  [['check', ''], 'Usage'],
  [['new', 'My Distro'], "can't be a distribution's name"],
  [['new', 'mine', '--like', 'debain'], '--like does not accept "debain"'],
  [['check', 'absent'], 'There is no folder absent'],
])('%j is refused', async (argv, words) => {
  await expect(run(...argv)).rejects.toThrow(words)
})

test('a recipe with faults is judged with 1, each fault on a line', async () => {
  await run('new', 'mine')
  const path = join(folder, 'mine', 'distro.json')
  const broken = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  delete broken['proof']
  writeFileSync(path, JSON.stringify({ ...broken, mirror: 'x', libc: 'the GNU one' }))
  const [code, words] = await run('check', 'mine')
  expect(code).toBe(1)
  expect(words).toContain('proof: is missing')
  expect(words).toContain('mirror: there is no such key')
  expect(words).toContain('libc: must have 6 letters at most')
})

test.each([
  ['a name too long', 'x'.repeat(300), 'the name is too long'],
  ['no folder above it', 'none/mine', 'a folder above it is missing'],
])('recipe new ends in our words for %s, with nothing made', async (_, name, why) => {
  said = ''
  expect(await main(['recipe', 'new', name], io())).toBe(1)
  expect(said).toContain(why)
  expect(said).not.toContain('A defect')
  expect(readdirSync(folder)).toEqual([])
})

test('a misspelt text of ours in a script ends in plain words, by check and by every other way', async () => {
  await run('new', 'mine')
  const script = join(folder, 'mine', 'bootstrap.sh')
  writeFileSync(script, '#!/bin/sh\n{{> families/shared/lib.hs}}\n')
  const fault = 'bootstrap.sh, line 2: {{> families/shared/lib.hs}} names no text of ours'
  expect(await run('check', 'mine')).toEqual([1, expect.stringContaining(fault)])
  for (const way of [['--script', 'sh'], ['--plan'], ['--yes']]) {
    said = ''
    expect(await main(['--recipe', 'mine', ...way], io()), way.join(' ')).toBe(2)
    expect(said).toContain(fault)
    expect(said).not.toContain('A defect')
  }
})

test('check names a script that nothing uses', async () => {
  await run('new', 'mine')
  writeFileSync(join(folder, 'mine', 'bootsrap.sh'), '')
  expect((await run('check', 'mine'))[1]).toContain(
    'Nothing uses bootsrap.sh: is it meant to be bootstrap.sh?',
  )
})

test.each([
  ['mageia', 'Fedora'],
  ['linux-mint', 'Ubuntu'],
  ['manjaro', 'Arch Linux'],
  ['my-alpine', 'Alpine'],
  ['oracle-linux', 'Rocky Linux'],
])('a new recipe %s begins like %s', async (name, title) => {
  const words = (await run('new', name))[1]
  expect(words).toContain(`Made ${name}/distro.json, like ${title}'s.\nWith --like it begins like`)
  expect((await run('check', name))[0]).toBe(0)
})

test('a new recipe of a name that says nothing says so, and one begun by --like does not', async () => {
  expect((await run('new', 'void'))[1]).toContain(
    "like Debian's.\nWhat it is like is not known here. With --like it begins like another: ubuntu, alpine,",
  )
  expect((await run('new', 'own', '--like', 'arch'))[1]).not.toContain('With --like')
  expect(await main(['recipe', 'new', 'other', '--like', 'tumbleweed'], io())).toBe(2)
  expect(said).toContain('Did you mean opensuse-tumbleweed?')
})

test.skipIf(process.platform === 'win32')(
  'check reads scripts by the shells of this machine, and needs none (not on Windows)',
  async () => {
    await run('new', 'mine')
    const script = join(folder, 'mine', 'bootstrap.sh')
    const check = async (text: string, PATH = process.env.PATH) => {
      writeFileSync(script, text)
      said = ''
      return [await recipe(['check', 'mine'], { ...io(), env: { PATH } }), said]
    }
    const fault = expect.stringMatching(/^  no shell can read bootstrap\.sh: line 2: .*then/m)
    expect(await check('echo one\nif then\n')).toEqual([1, fault])
    expect(await check('echo one\nif then\n', folder)).toEqual([0, expect.any(String)])
    // Bash alone can read it, which is Fedora's sh.
    expect(await check('all=(1 2)\n')).toEqual([0, expect.any(String)])
    // What follows is ours.
    expect(await check('{{> families/shared/lib.sh}}\n')).toEqual([0, expect.any(String)])
  },
)
