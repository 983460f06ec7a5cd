import { expect, test } from 'vitest'
import { readAsset } from '../../../src/assets.ts'
import type { CraftStage } from '../../../src/plan/types.ts'
import type { UsageError } from '../../../src/errors.ts'
import { isArchiveAlways } from '../../../src/plan/plan.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { engine, full } from '../minimal/inputs.ts'
import { ids, planOf, stepOf } from './inputs.ts'

const craftOf = (argv: readonly string[]): CraftStage => {
  const [stage] = stepOf(planOf(['--distro', 'busybox', ...argv]), 'pack').pipeline as [CraftStage]
  return stage
}

test('BusyBox is made with no container, even where there is an engine, and says what it becomes', () => {
  const plan = planOf(['--distro', 'busybox'])
  expect(ids(plan)).toEqual(['files', 'pack', 'unpack', 'run'])
  expect(plan.image.archive).not.toBeNull()
  expect(plan.notices.join('\n')).toContain('docker load')
  expect(stepOf(plan, 'run').mustPrint).toEqual(['PRETTY_NAME="BusyBox 1.37"'])
})

test('where an engine answers it is the one that is named: by what the archive could be proven, and what loads it', () => {
  const podman = { ...engine, kind: 'podman', client: 'podman' } as const
  const plan = planOf(['--distro', 'busybox'], { engine: podman, privateRoot: null })
  expect(plan.proof).toEqual({
    whyNot: 'no private root is to be had here; podman load and podman run would prove it',
  })
  expect(plan.next[0]?.slice(0, 2)).toEqual(['podman', 'load'])
  expect(isArchiveAlways(full('--distro', 'busybox').answers)).toBe(true)
  expect(isArchiveAlways(full('--distro', 'alpine').answers)).toBe(false)
})

test('advice names no container, because it has none', () => {
  try {
    planOf(['--distro', 'busybox', '--bootstrap', 'host'])
    expect.unreachable()
  } catch (error) {
    expect((error as UsageError).todo).toEqual(['Leave it out.'])
  }
})

test('glibc is Debian’s unless musl is asked for', () => {
  expect(craftOf([]).craft).toBe('pack-busybox')
  expect(craftOf([]).input).toMatchObject({
    libc: 'glibc',
    suite: 'trixie',
    architecture: 'amd64',
    version: '1.37',
  })
  expect(craftOf(['--variant', 'musl', '--arch', 'arm64']).input).toMatchObject({
    libc: 'musl',
    branch: 'v3.22',
    repository: 'main',
    architecture: 'aarch64',
  })
})

const KINDS = ['sh', 'powershell', 'dockerfile'] as const
type Kind = (typeof KINDS)[number]
const scriptOf = (kind: Kind, ...argv: string[]): string =>
  printScript(kind, full('--release', 'busybox', ...argv), 'amd64', readAsset)

/** The options that the script hands to bootstrap.sh, in one line; its text comes before. */
const optionsIn = (text: string): string =>
  /--version '?1\.37'? [^]*?(?=\)|\n\n|\ntry)/.exec(text.replaceAll(/ [\\`]\n */g, ' '))?.[0] ?? ''

test.each(KINDS)('%s makes the variant that was asked for, each in its own builder', kind => {
  const glibc = scriptOf(kind)
  expect(glibc).toContain('debian:trixie-slim')
  expect(optionsIn(glibc)).toMatch(/--suite trixie .*--archive '?http:\/\/deb\.debian\.org\/debian/)
  const musl = scriptOf(kind, '--variant', 'musl')
  expect(musl).toContain('alpine:3.22')
  expect(musl).not.toContain('debian:trixie')
  expect(optionsIn(musl)).toMatch(
    /--branch '?v3\.22'? --repository main --archive '?https:\/\/dl-cdn\.alpinelinux\.org\/alpine/,
  )
  expect(scriptOf(kind, '--variant', 'musl', '--builder', 'mine:1')).not.toContain('alpine:3.22')
})

test.each(KINDS)('%s asks the mirror that was named, without its login', kind => {
  for (const variant of ['glibc', 'musl']) {
    const mirror = (url: string): string => scriptOf(kind, '--variant', variant, '--mirror', url)
    expect(optionsIn(mirror('http://m.example/d'))).toContain('--mirror http://m.example/d')
    expect(optionsIn(mirror('http://m.example/d'))).not.toContain('--archive')
    const closed = mirror('http://ann:s3cret@m.example/d')
    expect(closed).not.toContain('s3cret')
    expect(closed).toContain('http://m.example/d')
  }
})

test('a mirror by https has certificates put in Debian’s builder, and Alpine’s has them', () => {
  const by = (variant: string): string =>
    scriptOf('sh', '--variant', variant, '--mirror', 'https://m.example/d')
  expect(by('glibc')).toContain('install --yes --no-install-recommends ca-certificates\n')
  expect(by('glibc')).toContain('bootstraps: ca-certificates is put in it, bootstrap.sh does')
  expect(by('musl')).not.toContain('apt-get update\n')
})

test('what the plan says of build.sh is true of both variants', () => {
  for (const variant of ['glibc', 'musl']) {
    const notices = planOf(['--distro', 'busybox', '--variant', variant]).notices.filter(line =>
      line.includes('build.sh'),
    )
    expect(notices).toEqual([
      'build.sh and build.ps1 do the same in a container instead of on this machine.',
    ])
  }
})

test('the folder’s README does not say that scripts of packages run, and pack.sh packs with any tar', () => {
  const plan = planOf(['--distro', 'busybox', '--variant', 'musl'])
  const [stage] = stepOf(plan, 'files').pipeline as [CraftStage<'write-project'>]
  const told = (name: string): string =>
    JSON.stringify(stage.input.files.find(({ file }) => file === name))
  expect(told('README.md')).toContain('what does the same in a container; `build.sh` runs it')
  expect(told('README.md')).not.toContain('scripts run too')
  expect(told('pack.sh')).toContain('families/apk/pack.sh')
  expect(told('build.sh')).toContain('alpine:3.22')
})

test('--slim is told to change nothing where there is nothing to leave out', () => {
  const told = (distro: string): string | undefined =>
    planOf(['--distro', distro, '--slim']).notices.find(line => line.startsWith('--slim'))
  expect(told('busybox')).toBe('--slim changes nothing: BusyBox has no documents to leave out.')
  expect(told('alpine')).toBe(
    '--slim changes nothing: Alpine keeps documents in packages of their own.',
  )
  expect(told('fedora')).toBeUndefined()
  expect(planOf(['--distro', 'alpine', '--slim']).headline).not.toContain('slim')
  expect(planOf(['--distro', 'alpine']).notices.join()).not.toContain('--slim')
})
