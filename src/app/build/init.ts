import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { IMAGES_FILE } from '../../ask/images/file.ts'
import { imagesSchema, SCHEMA_FILE } from '../../ask/images/json-schema.ts'
import { commandWords } from '../../ask/words.ts'
import { STANDARD } from '../../ask/saved.ts'
import { findDistribution } from '../../catalog/distributions.ts'
import { EXIT, UsageError } from '../../errors.ts'
import { unwritten } from '../../run/crafts/unwritten.ts'
import { readState } from '../../run/project/state-file.ts'
import type { Io } from '../../terminal/io.ts'
import { counted } from '../../text/units.ts'

/**
 * Writes a base-images.json of the project folders that are in this folder, or in its images/, and the
 * schema next to it. Without any, it writes an example. Throws UsageError when the file already exists.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, switches } = commandWords(argv, 'init')
  const path = resolve(io.cwd, values.file ?? IMAGES_FILE)
  if (existsSync(path) && !switches.has('force'))
    throw new UsageError(`${path} already exists.`, [
      'Edit it, name another with --file, or replace it with --force.',
    ])
  const found = [io.cwd, join(io.cwd, 'images')].flatMap(folder => imagesIn(folder, path))
  const images = found.length === 0 ? EXAMPLE : found
  const file = { $schema: `./${SCHEMA_FILE}`, version: 1, images }
  try {
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`)
    writeFileSync(join(path, '..', SCHEMA_FILE), `${JSON.stringify(imagesSchema(), null, 2)}\n`)
  } catch (error) {
    throw unwritten(path, error)
  }
  const from =
    found.length === 0
      ? 'an example, because there is no project folder here'
      : counted(found.length, 'project folder')
  await io.out.write(
    `Wrote ${relative(io.cwd, path)}: ${from}.\nMake them all: create-base-image build\n`,
  )
  return EXIT.done
}

const EXAMPLE = [
  { name: 'hello', kind: 'minimal' },
  { name: 'my-{release}{slim}', matrix: { release: ['noble', 'trixie'], slim: [false, true] } },
]

/** The images of the project folders in a folder, with the answers that differ from the defaults. */
const imagesIn = (folder: string, file: string): object[] =>
  namesIn(folder).flatMap(name => {
    const state = stateOf(join(folder, name))
    if (state === null) return []
    const { tag, version: _, ...answers } = state
    const standard: Readonly<Record<string, unknown>> = {
      ...STANDARD[answers['kind'] === 'full' ? 'full' : 'minimal'],
      variant: usualVariant(answers),
    }
    const own = Object.entries(answers).filter(
      ([key, value]) => key === 'kind' || standard[key] !== value,
    )
    return [
      {
        name: tag,
        folder: relative(join(file, '..'), join(folder, name)),
        ...inFolder(own, join(folder, name), file),
      },
    ]
  })

/** A recipe is not read here, so what is usual in it is not known. */
const usualVariant = ({ distro, recipe }: Readonly<Record<string, unknown>>): string | undefined =>
  recipe === undefined ? findDistribution(String(distro))?.variants[0]?.name : undefined

/** Files that a project folder has its own copies of, as paths from the file. */
const inFolder = (answers: [string, unknown][], folder: string, file: string): object =>
  Object.fromEntries(
    answers.map(([key, value]) =>
      typeof value === 'string' && value.startsWith('./')
        ? [key, `./${relative(join(file, '..'), join(folder, value))}`]
        : [key, value],
    ),
  )

const namesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : []

/** Null for a folder that is not ours, whatever is wrong with it. */
const stateOf = (folder: string): Readonly<Record<string, string | number>> | null => {
  try {
    return readState(folder)?.answers ?? null
  } catch {
    return null
  }
}
