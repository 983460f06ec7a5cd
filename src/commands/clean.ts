import { join } from 'node:path'
import { oneOf } from '../ask/one-of.ts'
import { commandWords } from '../ask/words.ts'
import { assetsFolder } from '../assets.ts'
import { probeFacts } from '../engine/probe.ts'
import { EXIT, MachineError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { ROOTFS } from '../plan/names.ts'
import { cleanEngine, type Cleaned } from '../run/clean-up/clean.ts'
import { sweepFolders } from '../run/project/project.ts'
import { removeAsRoot, withRootFolder } from '../run/clean-up/root-folder.ts'
import { ensureSudo } from '../run/root/sudo.ts'
import { size } from '../text/units.ts'

const USAGE = 'create-base-image clean [--builders] [--force] [--engine docker|podman]'

/**
 * Removes what interrupted runs left: their containers, and temporary folders and root filesystems in this folder.
 * Prepared builders stay, because they make the next run fast, unless `--builders`; containers of other machines stay
 * unless `--force`.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { switches, values } = commandWords(argv, USAGE, {
    valued: ['engine'],
    plain: ['builders', 'force'],
    count: 0,
  })
  const asked = oneOf('engine', ['auto', 'docker', 'podman'], values.engine ?? 'auto')
  const folders = await sweepFolders(io.cwd)
  await io.out.write(`${counted(folders, 'temporary folder')} removed from ${io.cwd}.\n`)
  await cleanRootFolders(io)
  const { engine, engineProblem } = await probeFacts({ engine: asked, env: io.env, libcs: [] })
  if (engine === null) {
    throw new MachineError(
      `Containers could not be looked for. ${engineProblem?.what ?? ''}`.trim(),
      engineProblem?.todo ?? [],
    )
  }
  const client = { program: engine.client, cwd: io.cwd, env: io.env }
  await io.out.write(
    cleanedText(
      await cleanEngine(client, {
        builders: switches.has('builders'),
        force: switches.has('force'),
      }),
    ),
  )
  return EXIT.done
}

/** What a killed run with --bootstrap host left belongs to root. */
const cleanRootFolders = async ({ cwd, env, out, terminal }: Io): Promise<void> => {
  const found = await withRootFolder(cwd, ROOTFS)
  if (found.length === 0) return
  const sudo = process.getuid?.() !== 0
  if (sudo) await ensureSudo({ interactive: terminal.ask, env })
  for (const directory of found) {
    const left = await removeAsRoot(directory, ROOTFS, { sudo, env, assets: assetsFolder() })
    const path = join(directory, ROOTFS)
    await out.write(left === null ? `Removed ${path}.\n` : `${path} could not be removed.\n`)
  }
}

const cleanedText = ({ removed, kept, builders, buildersRemoved }: Cleaned): string => {
  const lines = [`${counted(removed, 'container')} removed.`]
  if (kept > 0)
    lines.push(
      `${counted(kept, 'container')} kept: of a run that still works, or of another machine (--force removes those).`,
    )
  for (const { name, bytes } of builders) {
    lines.push(
      `${buildersRemoved ? 'Removed' : 'Kept'} the prepared builder ${name} (${size(bytes)}).`,
    )
  }
  if (builders.length > 0 && !buildersRemoved)
    lines.push('They make the next run fast; --builders removes them too.')
  return lines.map(line => `${line}\n`).join('')
}

const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? '' : 's'}`
