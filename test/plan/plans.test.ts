import { expect, test } from 'vitest'
import type { Given } from '../../src/ask/answers.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { planFor } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import { engine, facts, full, given, noEngine } from './minimal/inputs.ts'

const podman = {
  ...engine,
  kind: 'podman',
  client: 'podman',
  clientVersion: '5.0.0',
  builder: 'podman',
} as const
const buildx = { ...engine, builder: 'buildkit-json', buildxVersion: '0.29.1' } as const
const cc = { compiler: { cc: 'cc', muslGcc: 'musl-gcc', cross: ['arm64'] } }
const ARM = { ...engine, arch: 'arm64', remote: true }

/** Machines and command lines that lead to other steps, or to other words of them. */
const PLANS: Readonly<Record<string, readonly [string, Partial<Facts>?]>> = {
  lesson: [''],
  'lesson-here': ['--compile-in host', cc],
  'minimal-podman': ['--engine podman --expose 80', { engine: podman }],
  'minimal-buildx': ['--program raw --user nonroot --with user,tmp', { engine: buildx }],
  'minimal-alone': [
    '--engine none --output out.tar --with ca-certificates,tzdata',
    { ...cc, ...noEngine },
  ],
  'minimal-several': [
    '--arch amd64,arm64 --compile-in container --push reg.example/ada/a:1',
    { engine: buildx, skopeo: true },
  ],
  'minimal-foreign': ['--libc musl --arch arm64 --with tzdata', {}],
  'minimal-remote': ['--program raw --arch arm64', { engine: ARM }],
  'minimal-signed': [
    '--program raw --push reg.example/a:1 --sign cosign.key',
    { cosign: { asksForServices: true } },
  ],
  debootstrap: ['--kind full --release bookworm --bootstrap container --slim --include jq'],
  'debootstrap-podman': [
    '--kind full --release noble --bootstrap container --mirror http://a:b@m.example/u',
    { engine: podman },
  ],
  'debootstrap-here': ['--kind full --release bookworm --bootstrap host --no-updates'],
  'debootstrap-page': ['--kind full --release noble --bootstrap debootstrap'],
  'built-in': ['--kind full --release trixie --include jq --cmd "bash -l"'],
  'built-in-alone': [
    '--kind full --release trixie --engine none --output t.tar',
    { ...noEngine, kernelRoot: { problem: null } },
  ],
  'built-in-pushed': ['--kind full --release bookworm --arch arm64 --push reg.example/a:1'],
  alpine: ['--kind full --release alpine:3.15'],
  'alpine-container': [
    '--kind full --release alpine:3.15 --bootstrap container --include jq --slim',
  ],
  fedora: ['--kind full --release fedora:42 --include jq'],
  opensuse: ['--kind full --release opensuse-leap:16.0'],
  arch: ['--kind full --release arch --arch amd64'],
  rocky: ['--kind full --release rocky:9 --mirror http://m.example/r'],
  'rocky-8': ['--kind full --release rocky:8'],
  'centos-stream-8': ['--kind full --release centos-stream:8'],
  'fedora-38': ['--kind full --release fedora:38 --variant minimal'],
  'leap-15.6': ['--kind full --release leap15.6'],
  kali: ['--kind full --release kali-rolling --bootstrap container'],
  busybox: ['--kind full --release busybox:1.37'],
}

const planOf = (line: string, change: Partial<Facts> = {}): Plan => {
  const words = (line.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', ''))
  const answers: Given = line.startsWith('--kind full') ? full(...words.slice(2)) : given(...words)
  return planFor(answers, facts(change))
}

/** What is for people, and files' texts; each has its own tests. */
const PROSE = ['title', 'why', 'text', 'values', 'otherwise', 'headline', 'notices', 'todo']

const shown = (plan: Plan): string =>
  `${JSON.stringify(plan, (key, value: unknown) => (PROSE.includes(key) && value !== undefined ? '…' : value), 1)}\n`

// Whoever changes what a plan does sees all of it there, and looks at it before: vitest -u.
test.skipIf(process.platform === 'win32').each(Object.entries(PLANS))(
  'the plan of %s: %s',
  async (name, [line, change]) => {
    const plan = planOf(line, change)
    await expect(shown(plan)).toMatchFileSnapshot(`../fixtures/plans/${name}.json`)
  },
)
