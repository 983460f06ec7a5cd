import type { Distribution } from '../../src/catalog/types.ts'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assetsFolder } from '../../src/assets.ts'
import { distributions, useRecipe } from '../../src/catalog/distributions.ts'
import { faultsOf, readRecipe } from '../../src/catalog/recipe.ts'
import { unusedScripts } from '../../src/catalog/recipe-scripts.ts'
import { findRelease } from '../../src/catalog/releases.ts'
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
  for (const { name, folder } of distributions()) expect(faultsOf(folder), name).toEqual([])
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

test('no word of a distribution that ships stands for a release of another one', () => {
  const names = (one: Distribution): string[] => [
    one.name,
    ...Object.keys(one.words),
    ...one.releases.map(({ codename }) => codename).filter(codename => !/^\d/.test(codename)),
  ]
  const all = distributions().flatMap(one => [...new Set(names(one))])
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([])
})

test.each([
  [{ colour: 'red' }, 'distro.json: colour: there is no such key'],
  [{ title: undefined }, 'distro.json: title: is missing'],
  [{ name: 'My Own' }, 'distro.json: name: must have small letters, digits and hyphens only'],
  [{ start: [] }, 'distro.json: start: must name a command'],
  [{ start: 'bash' }, 'distro.json: start: must be a list, and is "bash"'],
  [{ title: ['T'] }, 'distro.json: title: must be a text, and is a list'],
  [{ sizes: { whole: -1 } }, 'distro.json: sizes.whole: must be 0 or more'],
  [
    {
      releases: {
        source: 'me',
        day: '2026-02-03',
        list: [{ codename: 'a', released: '2026-02-03', supportedUntil: '2025-02-03' }],
      },
      words: {},
      older: [],
    },
    'distro.json: releases.list[0]: "released", "supportedUntil" and "longTermUntil" must follow',
  ],
  [
    {
      releases: {
        source: 'me',
        day: '2026-02-03',
        gone: [{ why: 'No.' }, { names: ['old'], nearest: 'b', why: 'No.' }],
        list: [{ codename: 'a' }],
      },
      words: {},
      older: [],
    },
    'releases.gone[0]: must have "from", "before" or "names"\n' +
      'distro.json: releases.gone[1].nearest: no release has the codename "b"',
  ],
  [{ slims: 'no' }, 'distro.json: slims: must be true or false, and is "no"'],
  [{ architectures: ['x86_64'] }, 'architectures[0]: must be a name of Go’s, such as amd64'],
  [{ packageList: 'debian' }, 'packageList: must be a http or https address'],
  [
    { builder: { image: 'debian:12', packages: ['release-{version}'] } },
    'builder.packages[0]: must be a name as it is: nothing is filled in here',
  ],
  [{ architectures: [] }, 'distro.json: architectures: must have one'],
  [
    { older: [{ before: '9', architectures: ['x'] }] },
    'older[0].architectures[0]: must be a name of Go’s',
  ],
  [{ words: { Mine: 'standard' } }, 'words.Mine: must have small letters'],
  [{ deb: { ...(parsed('debian')['deb'] as object), archive: 'ftp://x' } }, 'deb.archive'],
  [
    { start: ['{codenam}'] },
    'distro.json: {codenam} is not filled in; {version}, {codename}, {machine} are',
  ],
  [
    { variants: [{ name: 'small', label: 'Small', says: 'Little.', packages: [] }] },
    'distro.json: variants[0].name: must be minbase, standard, buildd, and is "small"',
  ],
  [
    { variants: [{ name: 'distroless', label: 'None', says: 'No shell.' }] },
    'distro.json: variants[0].name: must be minbase, standard, buildd, and is "distroless"',
  ],
  [
    { variants: [1, 2].map(() => ({ name: 'minbase', label: 'Small', says: 'Little.' })) },
    'distro.json: variants: "minbase" is there twice',
  ],
  [
    { words: { mine: { release: 'bokworm' } } },
    'distro.json: words.mine: no release has the codename "bokworm"; did you mean bookworm?',
  ],
  [{ builder: { image: '--privileged' } }, 'builder.image: must be the name of an image'],
  [
    { builder: { image: 'debian:12', packages: ['--allow-unauthenticated'] } },
    'builder.packages[0]: must be the name of one package',
  ],
  [
    { variants: [{ name: 'minbase', label: 'Small', says: 'x', packages: ['a,b'] }] },
    'variants[0].packages[0]: must be the name of one package',
  ],
  [{ title: 'T\u001b[31m' }, 'title: must be one line without control characters'],
  [{ proof: { file: '/etc/os-release', line: 'A\nB' } }, 'proof.line: must be one line'],
  [
    { releases: { source: 'me', day: '2026-02-31', list: [{ codename: 'a' }] } },
    'releases.day: must be a day, YYYY-MM-DD',
  ],
  [{ older: [{ before: 'buster' }] }, 'older[0].before: must be a version, such as 9 or 24.04'],
  [{ older: [{ before: '8' }] }, 'older[0].before: no release in "releases.list" is older than 8'],
  [
    { older: [{ before: '9', packages: { bahs: 'bash' } }] },
    'older[0].packages: no variant has "bahs"',
  ],
  [{ older: [{ before: '9', deb: { archive: 'x' } }] }, 'older[0].deb.archive: must be a http'],
  [{ older: [{ before: '9', dnf: {} }] }, 'older[0].dnf: there is no such key'],
])('%j is refused by name', (change, words) => {
  write(change)
  expect(faultsOf(folder).join('\n')).toContain(words)
})

test('a recipe stands in for the distribution that has its name', () => {
  write({
    name: 'debian',
    releases: {
      source: 'me',
      day: '2026-11-28',
      list: [{ codename: 'own', released: '2026-01-01' }],
    },
    words: {},
    older: [],
  })
  useRecipe(readRecipe(folder, '/'))
  expect(distributions().filter(({ name }) => name === 'debian')).toHaveLength(1)
  expect(findRelease('bookworm', '2026-11-28')).toBeNull()
})

test('a file in place of the folder is told apart from nothing', () => {
  write({})
  expect(faultsOf(join(folder, 'distro.json'))).toEqual(['it is a file, and a recipe is a folder'])
  expect(faultsOf(join(folder, 'none'))).toEqual(['there is no such folder'])
})

test('a release that is there twice is refused', () => {
  const { releases } = parsed('debian') as { releases: { list: object[] } }
  write({ releases: { ...releases, list: [...releases.list, releases.list[0]] } })
  expect(faultsOf(folder)).toEqual(['distro.json: releases.list: "sid" is there twice'])
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

// Root reads everything.
test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a script that may not be read is refused in plain words',
  () => {
    write({})
    writeFileSync(join(folder, 'verify.sh'), '', { mode: 0 })
    expect(faultsOf(folder)).toEqual(["verify.sh can't be read (EACCES)"])
  },
)

test('a folder in place of a script is refused', () => {
  write({})
  mkdirSync(join(folder, 'verify.sh'))
  expect(faultsOf(folder)).toEqual(['verify.sh is not a regular file'])
})

test.each([
  ['{{> families/shared/lib.hs}}', 'names no text of ours; did you mean families/shared/lib.sh?'],
  ['{{> lib.sh}}', 'names no text of ours; did you mean families/shared/lib.sh?'],
  ['{{> ../../../etc/passwd}}', 'names no text of ours; there are families/shared/'],
  ['{{> families/shared/pack.sh}}', 'names no text of ours; there are families/shared/lib.sh'],
  ['  {{> families/shared/lib.sh}}', 'a line that has no more than {{> families/shared/'],
  ['{{>families/shared/lib.sh}}', 'a line that has no more than {{> families/shared/'],
])('a script that brings in what is not there is refused with its line: %s', (line, words) => {
  write({})
  writeFileSync(join(folder, 'bootstrap.sh'), `#!/bin/sh\n\n${line}\n`)
  const faults = faultsOf(folder).join('\n')
  expect(faults).toContain('bootstrap.sh, line 3: ')
  expect(faults).toContain(words)
  expect(() => readRecipe(folder, '/')).toThrow(UsageError)
})

test('a script that brings in our texts, or has braces of its own, is taken', () => {
  write({})
  const lines = [
    '{{> families/shared/lib.sh}}',
    '{{> families/shared/secrets.sh}}',
    "echo '{{.Os}}'",
  ]
  writeFileSync(join(folder, 'bootstrap.sh'), lines.join('\n'))
  expect(faultsOf(folder)).toEqual([])
})

test('a script that does nothing is refused', () => {
  write({})
  for (const text of ['', '#!/bin/sh\n# Later.\n\n']) {
    writeFileSync(join(folder, 'bootstrap.sh'), text)
    expect(faultsOf(folder)).toEqual(['bootstrap.sh has no commands'])
  }
})

test('a script with the line ends of Windows is refused', () => {
  write({})
  writeFileSync(join(folder, 'pack.sh'), '#!/bin/sh\r\ntar -c .\r\n')
  expect(faultsOf(folder)).toEqual([
    "pack.sh has the line ends of Windows, which a shell can't read",
  ])
})

test('a script under a name that nothing looks for is named, by the check and before a run', () => {
  write({})
  for (const name of ['bootsrap.sh', 'Verify.sh', 'pack', 'helper.sh', 'README.md'])
    writeFileSync(join(folder, name), '')
  const told = [
    'Nothing uses Verify.sh: is it meant to be verify.sh?',
    'Nothing uses bootsrap.sh: is it meant to be bootstrap.sh?',
    'Nothing uses helper.sh: the scripts of a recipe are bootstrap.sh, pack.sh, verify.sh.',
    'Nothing uses pack: is it meant to be pack.sh?',
  ]
  expect(unusedScripts(folder).toSorted()).toEqual(told)
  expect(readRecipe(folder, '/').notes).toEqual(expect.arrayContaining(told))
})

test('a distro.json under a name that is near is named', () => {
  writeFileSync(join(folder, 'distro.jsn'), '{}')
  expect(faultsOf(folder)).toEqual(['it has no distro.json; is distro.jsn meant to be it?'])
})
