import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

const require = createRequire(import.meta.url)

/** Sets have had this since Node 22, and gitlab-ci-local needs it. */
const UNION = `data:text/javascript,${encodeURIComponent(
  'Set.prototype.union ??= function (other) { return new Set([...this, ...other]) }',
)}`

/** What GitLab's own schema, as gitlab-ci-local has it, and that tool's reading of jobs say against a pipeline. */
const wrongForGitlab = (folder: string, text: string): string | null => {
  writeFileSync(join(folder, '.gitlab-ci.yml'), text)
  const program = require.resolve('gitlab-ci-local')
  const env = { PATH: process.env['PATH'], HOME: folder }
  const args = ['--import', UNION, program, '--list', '--no-color']
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: folder, env })
  return status === 0 ? null : `${String(stdout)}${String(stderr)}`
}

test('a pipeline for GitLab is one by GitLab’s own schema, and one with a fault is not', async () => {
  const folder = folderWith(IMAGES)
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  const text = await printed(folder, 'build', '--script', 'gitlab')
  expect(wrongForGitlab(folder, text)).toBe(null)
  for (const [right, wrong] of [
    ['expire_in:', 'expires:'],
    ['parallel:', 'paralel:'],
    ['when: always', 'when: perhaps'],
  ] as const) {
    expect(text).toContain(right)
    expect(wrongForGitlab(folder, text.replace(right, wrong))).toContain('.gitlab-ci.yml')
  }
  const one = await printed(folder, '--script', 'gitlab', '--release', 'trixie')
  expect(wrongForGitlab(folder, one)).toBe(null)
}, 60_000)

test('what --push names is where CI files and a bake file push to, and no job pushes past the joining', async () => {
  const folder = folderWith(IMAGES)
  const many = ['build', 'acme/base:bookworm', '--push', 'reg.example/acme', '--script']
  const { make, merge } = (parse(await printed(folder, ...many, 'github')) as Github).jobs
  expect(make.strategy.matrix.include[0]).toMatchObject({
    image: 'acme/base:bookworm',
    reference: 'reg.example/acme/acme/base:bookworm',
    registry: 'reg.example',
  })
  expect(merge.strategy.matrix.include[0]).toMatchObject({
    reference: 'reg.example/acme/acme/base:bookworm',
    registry: 'reg.example',
  })
  const one = ['--release', 'trixie', '--push', 'acme/trixie:1', '--script']
  const text = await printed(folder, ...one, 'gitlab')
  expect(text).toContain('"REFERENCE":"docker.io/acme/trixie:1","REGISTRY":"docker.io"')
  expect(text).not.toContain('--push')
  expect(await printed(folder, ...many, 'bake')).toContain('reg.example/acme/acme/base:bookworm')
})

const LOCK = { codename: 'bookworm', distribution: 'debian', architecture: 'arm64', suites: [] }

/** A folder in which the project folder of the first image has a lock. */
const folderWithLock = (): string => {
  const folder = folderWith(IMAGES)
  const project = join(folder, 'images/acme-base-bookworm')
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'packages.lock'), JSON.stringify(LOCK))
  return folder
}

/** The words that a CI file's own lines call this tool with, when that event started them. */
const calledWith = (folder: string, lines: string, env: NodeJS.ProcessEnv): string => {
  writeFileSync(join(folder, 'npx'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 })
  const PATH = `${folder}:${process.env['PATH']}`
  const run = {
    cwd: folder,
    env: { PATH, IMAGE: 'i', ARCH: 'a', ...env },
    encoding: 'utf8',
  } as const
  return execFileSync('sh', ['-e', '-c', lines], run).trim()
}

test.skipIf(process.platform === 'win32')(
  'what is committed is made by its lock, and a scheduled run takes newer packages',
  async () => {
    const folder = folderWithLock()
    const github = parse(await printed(folder, 'build', '--script', 'github')) as Github
    const steps = github.jobs.make.steps as { name?: string; run?: string }[]
    const lines = steps.find(({ name }) => name === 'Make the image')!.run!
    const call = `--yes create-base-image@${version()} build i --arch a`
    expect(calledWith(folder, lines, { GITHUB_EVENT_NAME: 'push' })).toBe(`${call} --locked`)
    expect(calledWith(folder, lines, { GITHUB_EVENT_NAME: 'schedule' })).toBe(call)
    const gitlab = await printed(folder, 'build', '--script', 'gitlab')
    const { script } = (parse(gitlab) as { make: { script: (string | string[])[] } }).make
    const line = script.flat().find(line => line.includes('build "$IMAGE"'))!
    expect(calledWith(folder, line, { CI_PIPELINE_SOURCE: 'push' })).toBe(`${call} --locked`)
    expect(calledWith(folder, line, { CI_PIPELINE_SOURCE: 'schedule' })).toBe(call)
  },
)

test('one image names its lock, and without a lock none is named', async () => {
  const folder = folderWithLock()
  const one = ['images/acme-base-bookworm', '--release', 'bookworm', '--script', 'github']
  expect(await printed(folder, ...one)).toContain(
    '|| set -- --locked images/acme-base-bookworm/packages.lock\n',
  )
  for (const words of [one.slice(1), ['build', 'reg.example:5000/tool', '--script', 'github']])
    expect(await printed(folder, ...words)).not.toContain('--locked')
})

test('build --locked takes the lock that is for its architecture', async () => {
  const folder = folderWithLock()
  const planned = async (arch: string): Promise<string> =>
    printed(folder, 'build', 'acme/base:bookworm', '--locked', '--plan', '--arch', arch)
  expect(await planned('arm64')).toContain('--locked packages.lock')
  expect(await planned('amd64')).not.toContain('--locked')
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

interface Row {
  readonly slug: string
  readonly arch: string
  readonly archive?: string
}

test('no image’s digests are taken for those of one whose name begins alike, or differs in its signs', async () => {
  const names = ['acme/base:12', 'acme/base:12-slim', 'acme/base-12:latest', 'acme-base-12']
  const images = names.map((name, at) => ({ name, kind: 'minimal', folder: `images/${at}` }))
  const folder = folderWith({ version: 1, images })
  const text = await printed(folder, 'build', '--script', 'github')
  const { make, merge } = (parse(text) as Github).jobs
  const [upload, download] = [make, merge].map(
    ({ steps }) =>
      (steps as { with?: { name?: string; pattern?: string; path?: string } }[]).find(
        step => step.with?.path === 'digests',
      )!.with!,
  )
  const filled = (template: string, row: Row): string =>
    template.replaceAll(/\$\{\{ matrix\.(\w+) \}\}/g, (_, key: string) =>
      String(row[key as keyof Row]),
    )
  const artifacts = (make.strategy.matrix.include as Row[]).map(row => filled(upload!.name!, row))
  expect(new Set(artifacts).size).toBe(2 * names.length)
  for (const row of merge.strategy.matrix.include as Row[]) {
    const pattern = filled(download!.pattern!, row)
    const [before = '', after = ''] = pattern.split('*')
    const taken = artifacts.filter(name => name.startsWith(before) && name.endsWith(after))
    expect(taken, pattern).toEqual(
      ['amd64', 'arm64'].map(arch => filled(upload!.name!, { ...row, arch })),
    )
  }
  const gitlab = parse(await printed(folder, 'build', '--script', 'gitlab')) as {
    merge: { parallel: { matrix: { SLUG: string }[] } }
  }
  expect(new Set(gitlab.merge.parallel.matrix.map(({ SLUG }) => SLUG)).size).toBe(names.length)
})

test('names that differ in their signs alone are targets of their own in a bake file', async () => {
  const images = ['tool:1.0', 'tool:1-0'].map(name => ({ name, kind: 'minimal' }))
  const text = await printed(folderWith({ version: 1, images }), 'build', '--script', 'bake')
  expect(text).toContain('targets = ["tool-1-0","tool-1-0-2"]')
  expect([...text.matchAll(/^target "(.*)"/gm)].map(([, id]) => id)).toEqual([
    'common',
    'tool-1-0',
    'tool-1-0-2',
  ])
})

test('what no engine makes is loaded from its archive before it is pushed', async () => {
  const images = [
    { name: 'acme/box', release: 'busybox' },
    { name: 'b', kind: 'minimal', engine: 'none' },
    { name: 'c', kind: 'minimal' },
  ]
  const folder = folderWith({ version: 1, images })
  const { make } = (parse(await printed(folder, 'build', '--script', 'github')) as Github).jobs
  const archives = (make.strategy.matrix.include as Row[]).map(({ archive }) => archive)
  const [box, b] = ['images/acme-box/box.tar', 'images/b/b.tar']
  expect(archives).toEqual([box, box, b, b, undefined, undefined])
  const steps = make.steps as { name?: string; run?: string }[]
  expect(steps.find(({ name }) => name === 'Push it by its digest')!.run).toContain(
    'docker load --input "$ARCHIVE"\n',
  )
  const gitlab = await printed(folder, 'build', '--script', 'gitlab')
  expect(gitlab).toContain(`"ARCHIVE":"${box}"`)
  expect(gitlab).toContain('docker load --input "$ARCHIVE"')
})

test.each([
  [
    'an architecture',
    { arch: 'riscv64' },
    'Image a: GitHub has no runners of its own for riscv64.',
  ],
  ['another engine than Docker', { engine: 'podman' }, 'Image a is made with Podman'],
])('%s that no runner has is refused, and the image named', async (_, answers, words) => {
  const folder = folderWith({ version: 1, images: [{ name: 'a', kind: 'minimal', ...answers }] })
  const io = ioIn({ folder, env: {} })
  expect(await main(['build', '--script', 'github'], io)).toBe(2)
  expect(io.written.err).toContain(words)
})

test.each(['github', 'gitlab', 'bake'])(
  'for %s an architecture that a distribution lacks is refused, and the image named',
  async kind => {
    const images = [{ name: 'acme/arch', release: 'arch', arch: ['amd64', 'arm64'] }]
    const io = ioIn({ folder: folderWith({ version: 1, images }), env: {} })
    expect(await main(['build', '--script', kind], io)).toBe(2)
    expect(io.written.err).toContain(
      'Image acme/arch: --arch: Arch Linux has no packages for arm64',
    )
  },
)

test('more jobs than the service makes of a matrix are refused, with their number', async () => {
  const images = Array.from({ length: 129 }, (_, at) => ({ name: `i${at}`, kind: 'minimal' }))
  const folder = folderWith({ version: 1, images })
  const io = ioIn({ folder, env: {} })
  expect(await main(['build', '--script', 'github'], io)).toBe(2)
  expect(io.written.err).toContain('GitHub runs at most 256 jobs of a matrix, and these are 258')
  expect(await main(['build', 'i1', 'i2', '--script', 'github'], io)).toBe(0)
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
  // What is for one platform goes into the engine from any builder.
  expect(text.split('"type=docker${TIMES}"')).toHaveLength(4)
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
