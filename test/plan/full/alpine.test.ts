import { expect, test } from 'vitest'
import type { CraftStage } from '../../../src/plan/types.ts'
import { fullPlan } from '../../../src/plan/full/plan.ts'
import { facts, full } from '../minimal/inputs.ts'
import { commands, ids, optionsOf, planOf, stepOf } from './inputs.ts'

const ALPINE = ['--distro', 'alpine', '--release', '3.22']
const WITHOUT_ENGINE = { engine: null }

test('with an engine apk makes it in the release’s own image, with the least rights', () => {
  const plan = planOf(ALPINE)
  expect(ids(plan)).toEqual(['engine', 'files', 'builder', 'bootstrap', 'import', 'run', 'name'])
  expect(commands(plan, 'builder')).toEqual(['docker pull alpine:3.22'])
  expect(commands(plan, 'bootstrap')[0]).not.toContain('MKNOD')
  expect(optionsOf(plan)).toEqual([
    '--branch v3.22',
    '--version 3.22',
    '--arch x86_64',
    '--repository main',
    '--repository community',
    '--packages alpine-baselayout,alpine-keys,alpine-release,apk-tools,busybox,libc-utils',
    '--archive https://dl-cdn.alpinelinux.org/alpine',
  ])
  expect(stepOf(plan, 'run').mustPrint).toEqual(['PRETTY_NAME="Alpine Linux v3.22"'])
})

test('variant, packages and mirror are the script’s options; edge has no version', () => {
  const options = optionsOf(
    planOf([
      '--release',
      'alpine:edge',
      '--variant',
      'base',
      '--include',
      'curl',
      '--mirror',
      'https://mirror.example/alpine',
    ]),
  )
  expect(options).toContain('--branch edge')
  expect(options).toContain('--packages alpine-base,curl')
  expect(options).toContain('--mirror https://mirror.example/alpine')
  expect(options.some(option => option.startsWith('--version'))).toBe(false)
})

test('without an engine the tool makes it of packages, and says that no script runs', () => {
  const plan = planOf(ALPINE, WITHOUT_ENGINE)
  expect(ids(plan).slice(0, 2)).toEqual(['files', 'pack'])
  expect(plan.notices.join('\n')).toContain('no script of a package runs')
  const [stage] = stepOf(plan, 'pack').pipeline as [CraftStage]
  expect(stage.craft).toBe('pack-apk')
  expect(stage.input).toMatchObject({
    mirror: 'https://dl-cdn.alpinelinux.org/alpine',
    branch: 'v3.22',
    version: '3.22',
    repositories: ['main', 'community'],
    architecture: 'x86_64',
    keys: 'distros/alpine/keys',
    keyring: null,
    arch: 'amd64',
    cmd: ['/bin/sh'],
  })
})

test('for another architecture it is made all the same, and not run', () => {
  const plan = planOf([...ALPINE, '--arch', 'arm64'], WITHOUT_ENGINE)
  const [stage] = stepOf(plan, 'pack').pipeline as [CraftStage]
  expect(stage.input).toMatchObject({ architecture: 'aarch64', arch: 'arm64' })
  expect(ids(plan)).toEqual(['files', 'pack'])
  expect(plan.proof).toMatchObject({ whyNot: expect.stringContaining('arm64') })
})

test('on Mac and Windows it is made without an engine too', () => {
  for (const platform of ['darwin', 'win32'] as const) {
    const plan = planOf(ALPINE, { engine: null, platform, privateRoot: null })
    expect(ids(plan)).toEqual(['files', 'pack'])
  }
})

test('user and password of a mirror are sent, and not written into the image', () => {
  const plan = planOf(
    [...ALPINE, '--mirror', 'https://u:secret@mirror.example/alpine'],
    WITHOUT_ENGINE,
  )
  const [stage] = stepOf(plan, 'pack').pipeline as [CraftStage<'pack-apk'>]
  expect(stage.input.mirror).toContain('secret')
  expect(stage.input.writtenMirror).toBe('https://mirror.example/alpine')
  expect(plan.secrets.join()).toContain('secret')
})

test('the file of a key keeps its name, which signatures tell it by', () => {
  const key = 'owner@example.org-5f1a2b3c.rsa.pub'
  const named = (path: string) => {
    const { answers, ...rest } = full(...ALPINE)
    return fullPlan({ ...rest, answers: { ...answers, keyring: path } }, facts())
  }
  const plan = named(`/home/ada/${key}`)
  expect(optionsOf(plan)).toContain(`--keyring /${key}`)
  expect(stepOf(plan, 'bootstrap').pipeline[0]).toMatchObject({
    copies: [{ file: key, to: `/${key}` }],
  })
  expect(plan.answers).toMatchObject({ keyring: `./${key}` })
  // What no shell and no Dockerfile takes as one word gets the usual name.
  expect(optionsOf(named('/home/ada/my key.rsa.pub'))).toContain('--keyring /keyring.gpg')
})
