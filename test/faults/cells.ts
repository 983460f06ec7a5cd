/** What strikes a run. */
export type Blow = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL' | 'second-run' | 'folder-removed'

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
]

/** Every step of both journeys with every blow. */
export const CELLS: readonly Cell[] = (['minimal', 'full'] as const).flatMap(journey =>
  STEPS[journey].flatMap(step => BLOWS.map(blow => ({ journey, step, blow }))),
)

/** The exit codes with which a run may end that was struck so; 0 where the blow came too late to matter. */
export const CODES: Readonly<Record<Blow, readonly (number | null)[]>> = {
  SIGINT: [130, 0],
  SIGTERM: [143, 0],
  SIGHUP: [129, 0],
  SIGKILL: [null, 0],
  'second-run': [0],
  'folder-removed': [0, 1, 2, 3],
}
