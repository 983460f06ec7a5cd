/** What runs of this process have made in an engine and not removed yet, by its id. */
const alive = new Map<string, Made>()

/** A container or an image without a proof. */
export interface Made {
  readonly kind: 'container' | 'image'
  readonly name: string
  readonly run: string
}

/** Remembers what a run has made, until `forget` is told that it is gone. */
export const remember = (id: string, made: Made): void => void alive.set(id, made)

/** What has this id is gone. */
export const forget = (id: string): void => void alive.delete(id)

/** What is there of one run, or of all of this process. */
export const stillThere = (run?: string): Made[] =>
  [...alive.values()].filter(made => run === undefined || made.run === run)

/** The names of one kind, for `stopped` and `left`. */
export const namesOf = (kind: Made['kind'], run?: string): string[] =>
  stillThere(run)
    .filter(made => made.kind === kind)
    .map(({ name }) => name)
