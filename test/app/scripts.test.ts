import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { parse } from 'yaml'
import { expect, onTestFinished, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { version } from '../../src/version.ts'
import { ioIn } from './io.ts'

const IMAGES = {
  version: 1,
  images: [
    {
      name: 'acme/base:{release}',
      matrix: { release: ['bookworm', 'noble'] },
      arch: ['amd64', 'arm64'],
    },
    { name: 'reg.example:5000/tool', program: './tool.c', libc: 'musl' },
  ],
}
const TOOL = 'int main(void) { return puts("${HOME} %{x}"); }\n'

const folderWith = (images: object): string => {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'base-images.json'), JSON.stringify(images))
  writeFileSync(join(folder, 'tool.c'), TOOL)
  return folder
}

const printed = async (folder: string, ...argv: string[]): Promise<string> => {
  const io = ioIn({ folder, env: { HOME: folder } })
  const code = await main(argv, io)
  expect([code, io.written.err]).toEqual([0, ''])
  return io.written.out
}

/** What GitHub's own parser says against a workflow. */
const wrongForGithub = (content: string): string[] =>
  parseWorkflow({ name: 'base-images.yml', content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message)

interface Github {
  readonly jobs: Record<
    'make' | 'merge',
    { strategy: { matrix: { include: object[] } }; steps: object[] }
  >
}

test('a workflow for GitHub is one by GitHub’s own parser, and one with a fault is not', async () => {
  const text = await printed(folderWith(IMAGES), 'build', '--script', 'github')
  expect(wrongForGithub(text)).toEqual([])
  expect(wrongForGithub(text.replace('runs-on:', 'run-on:'))).not.toEqual([])
  const { make, merge } = (parse(text) as Github).jobs
  expect(make.strategy.matrix.include).toHaveLength(6)
  expect(make.strategy.matrix.include[1]).toMatchObject({
    image: 'acme/base:bookworm',
    arch: 'arm64',
    runner: 'ubuntu-24.04-arm',
    reference: 'ghcr.io/OWNER/acme/base:bookworm',
  })
  expect(merge.strategy.matrix.include.at(-1)).toEqual({
    reference: 'reg.example:5000/tool:latest',
    registry: 'reg.example:5000',
    slug: 'reg.example-5000-tool-latest',
    archs: 'amd64 arm64',
  })
  expect(make.steps).toContainEqual({
    name: 'Make the image',
    run: `npx --yes create-base-image@${version()} build "$IMAGE" --arch "$ARCH"\n`,
  })
})

test('a pipeline for GitLab has a job for each architecture, on its runner', async () => {
  const text = await printed(folderWith(IMAGES), 'build', '--script', 'gitlab')
  const { make } = parse(text) as { make: { parallel: { matrix: object[] } } }
  expect(make.parallel.matrix.at(-1)).toEqual({
    IMAGE: 'reg.example:5000/tool',
    ARCH: 'arm64',
    RUNNER: 'saas-linux-small-arm64',
    SLUG: 'reg.example-5000-tool-latest',
    REFERENCE: 'reg.example:5000/tool:latest',
    REGISTRY: 'reg.example:5000',
  })
})

/** What the look of a scheduled run says when `outdated` ends with that code, or with null when there is no lock. */
const lookWith = async (outdated: number | null, event = 'schedule') => {
  const folder = folderWith(IMAGES)
  const text = await printed(folder, 'build', '--script', 'github')
  const { look } = (parse(text) as { jobs: { look: { steps: { id?: string; run?: string }[] } } })
    .jobs
  const script = look.steps.find(({ id }) => id === 'look')!.run!
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\nexit ${outdated}\n`, { mode: 0o755 })
  if (outdated !== null) writeFileSync(join(folder, 'packages.lock'), '{}')
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  execFileSync('git', ['add', '--all'], { cwd: folder })
  const output = join(folder, 'output')
  const PATH = `${folder}:${process.env['PATH']}`
  const env = { PATH, GITHUB_EVENT_NAME: event, GITHUB_OUTPUT: output }
  const { status } = spawnSync('bash', ['-e', '-c', script], { cwd: folder, env })
  return status === 0 ? readFileSync(output, 'utf8').trim() : status
}

test.skipIf(process.platform === 'win32')(
  'a scheduled run builds when there are newer packages, and fails when that can’t be told',
  async () => {
    expect(await lookWith(0)).toBe('build=false')
    expect(await lookWith(1)).toBe('build=true')
    expect(await lookWith(3)).toBe(3)
    expect(await lookWith(null)).toBe('build=true')
    expect(await lookWith(0, 'push')).toBe('build=true')
  },
)

test('one image has a CI file too, with the flags that make it', async () => {
  const text = await printed(
    folderWith(IMAGES),
    '--script',
    'github',
    '--release',
    'trixie',
    '--slim',
  )
  expect(wrongForGithub(text)).toEqual([])
  expect(text).toContain(`@${version()} --yes --release trixie --slim --arch "$ARCH"\n`)
})

test('a mirror’s password stands in none of them', async () => {
  const images = {
    version: 1,
    images: [{ name: 'a', release: 'trixie', mirror: 'http://ada:s3cret@mirror.example/debian' }],
  }
  const folder = folderWith(images)
  for (const kind of ['github', 'gitlab', 'bake'])
    expect(await printed(folder, 'build', '--script', kind)).not.toContain('s3cret')
})

test('an architecture without runners is refused, and the image named', async () => {
  const io = ioIn({
    folder: folderWith({ version: 1, images: [{ name: 'a', arch: 'riscv64' }] }),
    env: {},
  })
  expect(await main(['build', '--script', 'github'], io)).toBe(2)
  expect(io.written.err).toContain('Image a: GitHub has no runners of its own for riscv64.')
})

test('a bake file has a target for each image, and for each architecture where the archives differ', async () => {
  const text = await printed(folderWith(IMAGES), 'build', '--script', 'bake')
  expect([...text.matchAll(/^target "(.*)"/gm)].map(([, id]) => id)).toEqual([
    'common',
    'acme-base-bookworm',
    'acme-base-noble-amd64',
    'acme-base-noble-arm64',
    'reg-example-5000-tool-latest',
  ])
  expect(text).toContain('platforms  = ["linux/amd64","linux/arm64"]')
  expect(text).toContain('puts("$${HOME} %%{x}")')
  expect(text).toContain(
    'imagetools create --tag acme/base:noble acme/base:noble-amd64 acme/base:noble-arm64',
  )
})

const buildx = test.skipIf(spawnSync('docker', ['buildx', 'version']).status !== 0)

buildx('buildx reads the bake file', async () => {
  const folder = folderWith(IMAGES)
  writeFileSync(join(folder, 'docker-bake.hcl'), await printed(folder, 'build', '--script', 'bake'))
  const words = ['buildx', 'bake', '--file', 'docker-bake.hcl', '--print']
  const told = execFileSync('docker', words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { target } = JSON.parse(told) as { target: Record<string, { tags: string[] }> }
  expect(target['reg-example-5000-tool-latest']!.tags).toEqual(['reg.example:5000/tool:latest'])
})
