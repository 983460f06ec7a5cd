/** What strikes a run. */
export type Blow =
  | 'SIGINT'
  | 'SIGTERM'
  | 'SIGHUP'
  | 'SIGKILL'
  | 'second-run'
  | 'folder-removed'
  | 'folder-read-only'
  | 'disk-full'
  | 'mirror-gone'
  | 'terminal-closed'
  | 'engine-dead'
  | 'engine-restarted'
  | 'engine-full'

/**
 * The two journeys on quick stand-ins; the minimal one with this machine's compiler, on an engine that the cell has for
 * itself; and a real Debian of a mirror by our own way and by debootstrap.
 */
export type Journey = 'minimal' | 'full' | 'own-engine' | 'real' | 'real-debootstrap'

/** A step of a journey and what strikes it there. */
export interface Cell {
  readonly journey: Journey
  readonly step: string
  readonly blow: Blow
}

const STEPS = {
  minimal: ['files', 'compile', 'inspect', 'build', 'run'],
  full: ['files', 'bootstrap', 'import', 'run', 'name'],
} as const

const BLOWS: readonly Blow[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGKILL',
  'second-run',
  'folder-removed',
  'folder-read-only',
  'disk-full',
]

/** The blows that need root, to mount something over the folder. */
export const MOUNTS: readonly Blow[] = ['folder-read-only', 'disk-full']

/** The steps in which a run has a journal already, by which it is known how far one in a terminal is. */
const IN_TERMINAL: readonly Cell[] = (['minimal', 'full'] as const).flatMap(journey =>
  STEPS[journey].slice(1).map(step => ({ journey, step, blow: 'terminal-closed' as const })),
)

/** The blows that strike an engine; such a cell starts one, and takes the engine's programs. */
export const OF_ENGINE: readonly Blow[] = ['engine-dead', 'engine-restarted', 'engine-full']

const ENGINES: readonly Cell[] = [
  { journey: 'own-engine', step: 'compile', blow: 'engine-dead' },
  { journey: 'own-engine', step: 'compile', blow: 'engine-restarted' },
  { journey: 'own-engine', step: 'compile', blow: 'engine-full' },
  { journey: 'own-engine', step: 'build', blow: 'engine-dead' },
  { journey: 'own-engine', step: 'build', blow: 'engine-restarted' },
  { journey: 'own-engine', step: 'run', blow: 'engine-dead' },
  { journey: 'own-engine', step: 'run', blow: 'engine-restarted' },
]

const ALL: readonly Cell[] = [
  ...(['minimal', 'full'] as const).flatMap(journey =>
    STEPS[journey].flatMap(step => BLOWS.map(blow => ({ journey, step, blow }))),
  ),
  ...IN_TERMINAL,
  ...ENGINES,
]

/** What a test run of minutes can bear: each blow where a container or the engine works, the signals in a bootstrap. */
const isOfFew = ({ journey, step, blow }: Cell): boolean =>
  journey === 'own-engine'
    ? (step === 'build' && blow === 'engine-dead') || blow === 'engine-full'
    : journey === 'minimal'
      ? step === 'compile' || (step === 'build' && blow.startsWith('SIG'))
      : (step === 'bootstrap' && ['SIGINT', 'SIGKILL'].includes(blow)) ||
        (step === 'import' && blow === 'SIGTERM')

const REAL: readonly Cell[] = [
  { journey: 'real', step: 'make', blow: 'SIGINT' },
  { journey: 'real', step: 'make', blow: 'SIGKILL' },
  { journey: 'real', step: 'make', blow: 'mirror-gone' },
  { journey: 'real', step: 'load', blow: 'SIGTERM' },
  { journey: 'real-debootstrap', step: 'bootstrap', blow: 'SIGTERM' },
  { journey: 'real-debootstrap', step: 'bootstrap', blow: 'mirror-gone' },
  { journey: 'real-debootstrap', step: 'import', blow: 'SIGHUP' },
]

/** Every step of both journeys with every blow; with CBI_FAULTS=few those that are worth most, with real those of a real Debian. */
export const CELLS: readonly Cell[] =
  process.env.CBI_FAULTS === 'real'
    ? REAL
    : ALL.filter(cell => process.env.CBI_FAULTS !== 'few' || isOfFew(cell))

/** The exit codes with which a run may end that was struck so; 0 where the blow came too late to matter. */
export const CODES: Readonly<Record<Blow, readonly (number | null)[]>> = {
  SIGINT: [130, 0],
  SIGTERM: [143, 0],
  SIGHUP: [129, 0],
  SIGKILL: [null, 0],
  'second-run': [0],
  'folder-removed': [0, 1, 2, 3],
  'folder-read-only': [0, 1, 2, 3],
  'disk-full': [0, 1, 2, 3],
  'mirror-gone': [3],
  'terminal-closed': [129, 0],
  'engine-dead': [1, 2, 3, 0],
  'engine-restarted': [1, 2, 3, 0],
  'engine-full': [1, 2, 3],
}
