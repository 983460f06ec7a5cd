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

/** A step of a journey and what strikes it there. */
export interface Cell {
  readonly journey: 'minimal' | 'full'
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

const ALL: readonly Cell[] = (['minimal', 'full'] as const).flatMap(journey =>
  STEPS[journey].flatMap(step => BLOWS.map(blow => ({ journey, step, blow }))),
)

/** What a test run of minutes can bear: each blow where a container or the engine works, the signals in a bootstrap. */
const isOfFew = ({ journey, step, blow }: Cell): boolean =>
  journey === 'minimal'
    ? step === 'compile' || (step === 'build' && blow.startsWith('SIG'))
    : (step === 'bootstrap' && ['SIGINT', 'SIGKILL'].includes(blow)) ||
      (step === 'import' && blow === 'SIGTERM')

/** Every step of both journeys with every blow; with CBI_FAULTS=few those that are worth most. */
export const CELLS: readonly Cell[] = process.env.CBI_FAULTS === 'few' ? ALL.filter(isOfFew) : ALL

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
}
