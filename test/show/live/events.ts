import type {
  Event,
  PlanEvent,
  StepFailed,
  StepProgress,
  StepStarted,
} from '../../../src/run/events.ts'
import type { Outcome } from '../../../src/run/events.ts'

/** A plan of five steps, as the tests of the live view use it. */
export const PLAN: PlanEvent = {
  type: 'plan',
  version: 2,
  run: '1-2-3',
  headline: 'full image · Ubuntu 24.04 noble · linux/amd64 → my-noble',
  directory: '/home/me/my-noble',
  repeat: 'npx create-base-image --yes --release noble',
  notices: [],
  steps: [
    ['engine', 'Check the engine'],
    ['builder', 'Get the builder ubuntu:24.04'],
    ['bootstrap', 'Bootstrap noble'],
    ['import', 'Import it as an image'],
    ['run', 'Run it: cat /etc/lsb-release'],
  ].map(([id = '', title = '']) => ({
    id,
    title,
    why: `The reason for ${id} is a sentence that is long enough to need more than one line of a window.`,
    commands: [`docker ${id} --with=arguments`],
  })),
}

export const started = (step: string): StepStarted => ({
  type: 'step-started',
  step,
  commands: [`docker ${step} --with=arguments`],
  exact: [['docker', step, '--label', 'two words', '--with=arguments']],
})

export const done = (step: string, result = '', seconds = 0.2): Event => ({
  type: 'step-done',
  step,
  seconds,
  result,
})

export const output = (step: string, line: string): Event => ({
  type: 'output',
  step,
  source: 'stdout',
  line,
})

export const progress = (step: string, told: Omit<StepProgress, 'type' | 'step'>): Event => ({
  type: 'progress',
  step,
  ...told,
})

export const FAILED: StepFailed = {
  type: 'step-failed',
  step: 'bootstrap',
  seconds: 5,
  exitCode: 1,
  message: 'docker run ended with exit code 1.',
  lastLines: ['E: no room\u0007 left'],
  remedy: { code: 'no-space', what: 'The disk is full.', todo: ['Make room.'], lacks: true },
  repeat: 'npx create-base-image --yes --release noble',
  log: '/home/me/my-noble/journal.ndjson',
}

export const OUTCOME: Outcome = {
  type: 'outcome',
  image: 'my-noble',
  id: `sha256:${'0123456789ab'.repeat(5)}abcd`,
  platform: 'linux/amd64',
  uncompressedBytes: 80_000_000,
  compressedBytes: 30_000_000,
  sizes: [],
  proof: 'run in a container',
  proven: true,
  printed: 'DISTRIB_ID=Ubuntu\n\u001B[3J\u001B[2Jand no more\n',
  hints: [],
  files: ['/home/me/my-noble'],
  seconds: 61,
  next: ['docker run --rm my-noble'],
}

/** The beginning of a run: two steps done, the third one half-way. */
export const HALFWAY: readonly Event[] = [
  PLAN,
  started('engine'),
  done('engine', 'Docker 28.2, linux/amd64'),
  started('builder'),
  done('builder', '29.7 MB', 4.1),
  started('bootstrap'),
  output('bootstrap', 'Unpacking libpam-modules:amd64 ...'),
  output('bootstrap', 'Unpacking 世界 😀\tand more'),
  progress('bootstrap', { fraction: 0.43, done: 41, total: 96, unit: 'packages' }),
]
