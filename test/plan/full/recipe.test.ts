import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import { useRecipe } from '../../../src/catalog/distributions.ts'
import { distributionOf, type DistroFile } from '../../../src/catalog/read-distribution.ts'
import type { Distribution } from '../../../src/catalog/types.ts'
import type { CraftStage } from '../../../src/plan/types.ts'
import { optionsOf, planOf, stepOf } from './inputs.ts'

afterEach(() => useRecipe(undefined))

/** The plan of a recipe in /recipes/mine, which is one that ships but for a change. */
const planLike = (
  like: string,
  change: object = {},
  argv: readonly string[] = [],
  own: Partial<Distribution> = {},
) => {
  const path = join(assetsFolder(), 'distros', like, 'distro.json')
  const file = JSON.parse(readFileSync(path, 'utf8')) as DistroFile
  const recipe = distributionOf({ ...file, name: 'mine', ...change }, '/recipes/mine', true)
  useRecipe({ ...recipe, ...own })
  const engine = argv.includes('none') ? { engine: null } : {}
  return planOf(['--recipe', '/recipes/mine', ...argv], engine)
}

const debOf = (change: object) => {
  const path = join(assetsFolder(), 'distros', 'debian', 'distro.json')
  const { deb } = JSON.parse(readFileSync(path, 'utf8')) as { deb: object }
  return { deb: { ...deb, ...change } }
}

test.each([
  ['debian', {}, 'bookworm', '"proof.line" must be a whole line of "proof.file", /etc/os-release.'],
  ['ubuntu', {}, 'stonking', '"proof.'],
  [
    'debian',
    { proof: { file: '/etc/mine', line: 'MINE={codename}' } },
    'bookworm',
    '"proof.line" must be a whole line of "proof.file", /etc/mine.',
  ],
  ['debian', {}, 'jessie', '"proof" of jessie in "releases.list" must be a whole line of'],
])('a proof that fails names the key of %s’s recipe %j, %s', (like, change, release, words) => {
  const { todo = [] } = stepOf(planLike(like, change, ['--release', release]), 'run')
  expect(todo[0]).toContain(`/recipes/mine/distro.json says so: ${words}`)
  expect(todo[1]).toContain('correct "deb" and "builder" there')
})

test('so it is where the script finds it out, and for what ships nothing of a recipe is said', () => {
  const plan = planLike('fedora')
  expect(stepOf(plan, 'bootstrap').todoFor?.['release-wrong']).toEqual(stepOf(plan, 'run').todo)
  useRecipe(undefined)
  for (const argv of [[], ['--mirror', 'http://mirror.example/x']]) {
    const own = planOf(['--release', 'fedora', ...argv])
    expect(stepOf(own, 'bootstrap').todoFor).not.toHaveProperty('release-wrong')
    expect(stepOf(own, 'run').todo!.join(' ')).toContain(argv.length === 0 ? 'Fedora' : '--mirror')
    expect(stepOf(own, 'run').todo!.join(' ')).not.toContain('distro.json')
  }
})

test.each([
  ['kali', 'debootstrap-no-package', 'https://pkg.kali.org'],
  ['fedora', 'package-unknown', 'https://packages.fedoraproject.org'],
  ['alpine', 'include-unknown', 'https://pkgs.alpinelinux.org', ['--engine', 'none']],
])(
  'the names of packages of %s are looked up where it lists them',
  (name, code, page, argv = []) => {
    useRecipe(undefined)
    const plan = planOf(['--release', name, ...argv])
    const step = stepOf(plan, argv.length === 0 ? 'bootstrap' : 'pack')
    expect(step.todoFor?.[code]).toEqual([`Check the names of --include: ${page}`])
  },
)

test('a recipe and another distribution than its own are refused together', () => {
  expect(() => planLike('fedora', {}, ['--distro', 'rocky'])).toThrow(
    "--distro rocky is another distribution than the recipe's.",
  )
  expect(planLike('fedora', {}, ['--distro', 'mine']).answers).toMatchObject({ distro: 'mine' })
})

test('what is not there is looked for in the recipe, not among the releases that ship', () => {
  for (const argv of [[], ['--bootstrap', 'host']]) {
    const { todoFor = {} } = stepOf(planLike('debian', {}, argv), 'bootstrap')
    expect(Object.values(todoFor).flat().join(' ')).not.toContain('create-base-image releases')
    expect(todoFor['archive-no-suite']).toEqual([
      'Check in /recipes/mine/distro.json the release\'s "codename" and "version" in "releases.list".',
      'If they are right, check where its packages are, "deb".',
    ])
    expect(todoFor['debootstrap-unknown-release']![0]).toContain('"script": "bookworm"')
  }
  const mirrored = planLike('fedora', {}, ['--mirror', 'http://mirror.example/x'])
  expect(stepOf(mirrored, 'bootstrap').todoFor!['archive-no-suite']![1]).toContain('--mirror')
})

test.each(['fedora', 'opensuse-leap', 'arch'])(
  'the script of a recipe like %s looks into the file of its proof',
  like => {
    const change = { proof: { file: '/etc/mine-release', line: 'Mine {version}' } }
    expect(optionsOf(planLike(like, change))).toContain('--expect-in /etc/mine-release')
    expect(optionsOf(planLike(like)).join(' ')).not.toContain('--expect-in')
  },
)

test('the script is told the origin and the keys of a recipe, even when they are still Debian’s', () => {
  const options = optionsOf(planLike('debian', {}, ['--release', 'bookworm']))
  expect(options).toContain('--origin Debian')
  expect(options).toContain('--keyring /usr/share/keyrings/debian-archive-keyring.gpg')
})

test.each([
  [{}, [], ' Then its own apt installs the updates and security updates since the release.'],
  [
    {},
    ['--mirror', 'http://m.example/debian'],
    ' since the release, as far as the mirror has them.',
  ],
  [
    { updates: undefined },
    [],
    ' Then its own apt installs the security updates since the release.',
  ],
  [{ securitySuite: undefined }, [], ' Then its own apt installs the updates since the release.'],
  [{ updates: undefined, securitySuite: undefined }, [], null],
  [{ updates: undefined, securitySuite: undefined }, ['--updates'], null],
])('of updates is told what there is: %j %j', (change, argv, words) => {
  const plan = planLike('debian', debOf(change), ['--release', 'bookworm', ...argv])
  const { why } = stepOf(plan, 'bootstrap')
  if (words === null) expect(why).not.toMatch(/updates|apt/)
  else expect(why.endsWith(words), why).toBe(true)
  expect(optionsOf(plan).includes('--updates')).toBe(words !== null)
})

test.each(['alpine', 'fedora', 'opensuse-leap', 'arch', 'debian'])(
  'no step of a recipe like %s tells that it makes the other',
  like => {
    const { title } = planLike(like).steps.find(({ id }) => id === 'bootstrap')!
    const said = planLike(like, { title: 'Mine', start: ['sh'] })
      .steps.filter(({ id }) => ['bootstrap', 'run'].includes(id))
      .flatMap(({ why }) => why)
      .join(' ')
    expect(said, title).not.toMatch(/Alpine|Fedora|openSUSE|Arch\b|Debian|Ubuntu/)
  },
)

test('a recipe’s own bootstrap.sh is what makes it, so nothing else is said and nothing else is taken', () => {
  const own = { scripts: ['bootstrap.sh'] }
  expect(stepOf(planLike('debian', {}, [], own), 'bootstrap').why).toMatch(
    /^The recipe's own bootstrap\.sh makes the root filesystem/,
  )
  // Of Alpine's packages this tool makes an image without an engine, but not by that script.
  const alone = () => planLike('alpine', {}, ['--bootstrap', 'auto', '--engine', 'none'], own)
  expect(alone).toThrow('To bootstrap in a container an engine is needed')
  expect(planLike('alpine', {}, ['--bootstrap', 'auto', '--engine', 'none']).steps).not.toEqual([])
})

test('what a recipe makes of Alpine’s packages without an engine is verified by Alpine’s keys, or by its own', () => {
  const { pipeline } = stepOf(
    planLike('alpine', {}, ['--bootstrap', 'auto', '--engine', 'none']),
    'pack',
  )
  const { input } = pipeline[0] as CraftStage<'pack-apk'>
  expect(readdirSync(join(assetsFolder(), String(input.keys)))).toContain('keys.json')
})
