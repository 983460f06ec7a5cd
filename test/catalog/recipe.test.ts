import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assetsFolder } from '../../src/assets.ts'
import { distributions, useRecipe } from '../../src/catalog/distributions.ts'
import { faultsOf, readRecipe } from '../../src/catalog/recipe.ts'
import { findRelease } from '../../src/catalog/releases.ts'
import { wrongInDistro } from '../../src/catalog/schema.ts'
import { UsageError } from '../../src/errors.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'recipe-'))))
afterEach(() => {
  useRecipe(undefined)
  rmSync(folder, { recursive: true })
})

const parsed = (distro: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(join(assetsFolder(), 'distros', distro, 'distro.json'), 'utf8'),
  ) as Record<string, unknown>

const write = (change: Record<string, unknown>): void =>
  writeFileSync(
    join(folder, 'distro.json'),
    JSON.stringify({ ...parsed('debian'), name: 'mine', ...change }),
  )

test('every distribution that ships passes the check that a recipe must pass', () => {
  for (const { name } of distributions()) expect(wrongInDistro(parsed(name)), name).toEqual([])
})

test('a recipe becomes a distribution of this run, before those that ship', () => {
  write({ words: { mine: 'standard' } })
  const recipe = readRecipe(folder, '/')
  expect(recipe).toMatchObject({ name: 'mine', isRecipe: true, folder })
  useRecipe(recipe)
  expect(distributions()[0]!.name).toBe('mine')
  expect(findRelease('mine:12', '2026-11-28')).toMatchObject({ distro: 'mine', version: '12' })
  expect(findRelease('noble', '2026-11-28')!.distro).toBe('ubuntu')
})

test.each([
  [{ colour: 'red' }, 'distro.json: "colour": there is no such key'],
  [{ title: undefined }, 'distro.json: "title": is missing'],
  [{ name: 'My Own' }, 'distro.json: "name": must have small letters, digits and hyphens only'],
  [{ start: [] }, 'distro.json: "start": must name a command'],
  [{ deb: { ...(parsed('debian')['deb'] as object), archive: 'ftp://x' } }, 'deb.archive'],
  [
    { start: ['{codenam}'] },
    'distro.json: {codenam} is not filled in; {version}, {codename}, {machine} are',
  ],
  [
    { variants: [{ name: 'small', label: 'Small', says: 'Little.', packages: [] }] },
    'distro.json: variants[0].name: must be minbase, standard, buildd, and is "small"',
  ],
])('%j is refused by name', (change, words) => {
  write(change)
  expect(faultsOf(folder).join('\n')).toContain(words)
})

test('a variant of a family that knows none by name must name its packages', () => {
  const { variants } = parsed('fedora') as { variants: object[] }
  writeFileSync(
    join(folder, 'distro.json'),
    JSON.stringify({
      ...parsed('fedora'),
      variants: [variants[0], { ...variants[1], packages: [] }],
    }),
  )
  expect(faultsOf(folder)).toEqual(['distro.json: variants[1].packages: names no package'])
})

test('what is no recipe is said: no folder, no file, no JSON, a link out of it', () => {
  expect(faultsOf(join(folder, 'not-there'))).toEqual(['there is no such folder'])
  expect(faultsOf(folder)).toEqual(['it has no distro.json'])
  writeFileSync(join(folder, 'distro.json'), '{')
  expect(faultsOf(folder)[0]).toMatch(/^distro\.json is not JSON: /)
  write({})
  symlinkSync('/etc/passwd', join(folder, 'bootstrap.sh'))
  expect(faultsOf(folder)).toEqual(['bootstrap.sh is a link, and a recipe holds its own files'])
  expect(() => readRecipe(folder, '/')).toThrow(UsageError)
})

test('a folder in place of a script is refused', () => {
  write({})
  mkdirSync(join(folder, 'verify.sh'))
  expect(faultsOf(folder)).toEqual(['verify.sh is not a regular file'])
})
