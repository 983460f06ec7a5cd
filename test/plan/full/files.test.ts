import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAsset } from '../../../src/assets.ts'
import type { ProjectFile } from '../../../src/plan/craft-inputs.ts'
import type { CraftStage, Plan } from '../../../src/plan/types.ts'
import { HOST, planOf, planWithKeyring, stepOf } from './inputs.ts'

const filesOf = (plan: Plan): readonly ProjectFile[] =>
  (stepOf(plan, 'files').pipeline[0] as CraftStage<'write-project'>).input.files

/** The text of a file as write-project writes it. */
const textOf = (plan: Plan, name: string): string => {
  const file = filesOf(plan).find(({ file }) => file === name)!
  if ('text' in file) return file.text
  if (!('asset' in file)) throw new Error(`${name} is a copy`)
  return readAsset(file.asset).replace(
    /\{\{(\w+)\}\}/g,
    (whole, word: string) => file.values[word] ?? whole,
  )
}

const container = planOf(['--release', 'bookworm', '--tag', 'team/base:1', 'my folder'])
const host = planOf(HOST)
const archive = planOf([...HOST, '--engine', 'none', 'my-folder'], { engine: null })

test('the folder has the scripts, and a copy of the keyring when there is one', () => {
  const names = filesOf(planWithKeyring('--release', 'bookworm')).map(({ file }) => file)
  expect(names.sort()).toEqual([
    '.dockerignore',
    '.gitattributes',
    '.gitignore',
    'Dockerfile',
    'README.md',
    'answers.json',
    'bootstrap.sh',
    'build.ps1',
    'build.sh',
    'keyring.gpg',
    'pack.sh',
    'verify.sh',
  ])
  expect(filesOf(container).map(({ file }) => file)).not.toContain('keyring.gpg')
})

test('no text has a gap, and the scripts are as they are shipped', () => {
  for (const plan of [container, host, archive]) {
    for (const { file } of filesOf(plan)) expect(textOf(plan, file)).not.toMatch(/\{\{|undefined/)
    for (const script of ['bootstrap.sh', 'pack.sh', 'verify.sh'])
      expect(textOf(plan, script)).toBe(
        readAsset(join(script === 'pack.sh' ? 'families/shared' : 'families/deb', script)),
      )
  }
})

test('each build script is one for its shell', () => {
  expect(textOf(container, 'build.sh')).toMatch(/^#!\/bin\/sh\n/)
  expect(textOf(container, 'build.ps1')).toMatch(/^\$ErrorActionPreference = 'Stop'$/m)
})

test('the README tells how it is used, and how it is made again', () => {
  const text = textOf(container, 'README.md')
  expect(text).toContain('    docker run --rm --interactive --tty team/base:1\n')
  expect(text).toMatch(/^ {4}npx create-base-image '\.\/my folder' --yes --tag team\/base:1 /m)
  expect(text).toContain('Debian 12 bookworm')
  expect(text).not.toContain('docker load')
  expect(text).toMatch(/and it is made again with your change/)
})

test('the command that repeats it finds the keyring, and says what is not saved', () => {
  const text = textOf(planWithKeyring('--release', 'bookworm'), 'README.md')
  expect(text).toMatch(/^ {4}npx create-base-image .* --keyring my-bookworm\/keyring\.gpg$/m)
  expect(text).not.toContain('saved nowhere')
  const closed = planOf(['--release', 'bookworm', '--mirror', 'http://ada:s@mirror.example/debian'])
  expect(textOf(closed, 'README.md')).toContain('they are saved nowhere.')
})

test('what differs on this machine and without an engine is said', () => {
  expect(textOf(host, 'README.md')).toMatch(/`bootstrap\.sh` counts for `build\.sh` alone/)
  expect(textOf(host, 'README.md')).not.toContain('what happens inside the container')
  const text = textOf(archive, 'README.md')
  expect(text).toContain('`docker load --input my-folder/my-folder.tar`.\n\n    docker run')
  expect(text).toContain('an archive that is as it was made just proves itself again.')
})

test('what the Dockerfile shall copy must be let through, below the star', () => {
  expect(textOf(container, '.dockerignore')).toMatch(/^# .*: !my-program\n\*\n$/)
  expect(textOf(container, 'Dockerfile')).toMatch(/^FROM team\/base:1$/m)
  expect(textOf(container, 'Dockerfile')).toContain('COPY my-program')
})

test('the README names the official image that there is, and none where there is none', () => {
  const readme = (...argv: string[]): string => textOf(planOf(argv), 'README.md')
  expect(readme('--release', 'arch')).toContain(
    'the Docker Official Image `archlinux` is the better',
  )
  for (const release of ['leap', 'rocky', 'centos-stream', 'kali', 'devuan']) {
    expect(readme('--release', release)).not.toContain('Official Image')
    expect(readme('--release', release)).toContain('An image of your own is right when')
    expect(readme('--release', release)).not.toContain('\n\n\n')
  }
})

test('the README tells of the tool that makes it, and of updates only where the archive has some', () => {
  const readme = (...argv: string[]): string => textOf(planOf(argv), 'README.md')
  expect(readme('--release', 'fedora')).toContain('inside the container: dnf, then')
  expect(readme('--release', 'bookworm')).toContain('inside the container: debootstrap, then')
  expect(readme('--release', 'bookworm')).toContain('then its updates and security updates by its')
  const rolling = readme('--release', 'sid')
  expect(rolling).toContain("those of the release's archive, which has no updates beside it")
  expect(rolling).not.toContain('security updates')
})
