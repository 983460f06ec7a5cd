import { dirname } from 'node:path'
import type { Given } from '../../ask/answers.ts'
import { givenBy } from '../../ask/given.ts'
import type { ImagesFile } from '../../ask/images/file.ts'
import { flagsOf, forEachRow, type ImageRow } from '../../ask/images/rows.ts'
import { signOf } from '../../ask/push.ts'
import type { Facts } from '../../engine/facts.ts'
import { probeFacts } from '../../engine/probe.ts'
import { StoppedError } from '../../errors.ts'
import { crossCompilers } from '../../plan/minimal/compiler.ts'
import { isArchiveAlways } from '../../plan/plan.ts'
import type { Io } from '../../terminal/io.ts'
import { openRecipe } from '../open-recipe.ts'

/** Where the images go once they are proven, as the command line says it. */
export interface Sending {
  readonly push?: string | undefined
  /** The key that signs each. */
  readonly sign?: string | undefined
}

/** The answers of each row. Throws one UsageError that names every image with a fault. */
export const givensOf = async (
  file: ImagesFile,
  rows: readonly ImageRow[],
  from: string,
  { push, sign }: Sending = {},
): Promise<readonly Given[]> => {
  const base = dirname(file.path)
  // The flag is typed where the person stands, which may be elsewhere than the file.
  const key = signOf({ push, sign }, from)
  for (const row of rows) await openRecipe(flagsOf(row), base)
  return forEachRow(rows, row => {
    const flags = flagsOf(row)
    const switches = push === undefined ? flags.switches : { push: placeIn(push, row.name) }
    const given = givenBy({ ...flags, switches }, base)
    return { ...given, sign: key, places: { ...given.places, from } }
  })
}

/** An image's name in a registry, which may be in its own name already. */
const placeIn = (registry: string, name: string): string => {
  const place = registry.replace(/\/+$/, '')
  return name.startsWith(`${place}/`) ? name : `${place}/${name}`
}

/** Returns what this machine can do for all of them by this engine. Throws StoppedError when a signal came in the meantime. */
export const probed = async (
  givens: readonly Given[],
  engine: Given['answers']['engine'],
  signal: AbortSignal,
  { env }: Io,
): Promise<Facts> => {
  const libcs = givens.flatMap(({ answers }) =>
    answers.kind === 'minimal' && answers.engine === engine && answers.compileIn !== 'container'
      ? [answers.libc]
      : [],
  )
  const cross = Object.fromEntries(
    givens.flatMap(({ answers }) => Object.entries(crossCompilers(answers))),
  )
  const facts = await probeFacts({
    engine,
    env,
    signal,
    libcs: [...new Set(libcs)],
    cross,
    push: givens.some(({ push }) => push !== null),
    cosign: givens.some(({ sign }) => sign !== null),
    alwaysPrivateRoot: givens.some(({ answers }) => isArchiveAlways(answers)),
    kernelRoot: givens.some(({ answers }) => answers.kind === 'full'),
  })
  if (signal.aborted) throw new StoppedError(String(signal.reason))
  return facts
}
