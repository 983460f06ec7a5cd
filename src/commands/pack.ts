import { basename, dirname, resolve } from 'node:path'
import { output } from '../ask/questions/places.ts'
import { shortName, splitReference, tag as tagQuestion } from '../ask/questions/tag.ts'
import { isForEach, program as programQuestion } from '../ask/questions/program.ts'
import { usageOf } from '../ask/commands.ts'
import { commandWords } from '../ask/words.ts'
import { inspectFile } from '../elf/file-kind.ts'
import { EXIT, UsageError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { packImage } from '../oci/pack.ts'
import { size } from '../text/units.ts'
import { admitProgram } from './admit.ts'
import { unwritten } from '../run/crafts/unwritten.ts'
import { makeFolders } from '../text/make-folders.ts'
import { entryAt } from '../text/there.ts'

const USAGE = usageOf('pack')

/** Packs a static program as an image into an archive that engines load. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, values, switches } = commandWords(argv, 'pack')
  const program = programQuestion.parse(positionals[0] ?? '', io.cwd)
  if (program.kind !== 'binary' || isForEach(program))
    throw new UsageError('pack takes one program that is compiled.', [`Usage: ${USAGE}`])
  const file = await inspectFile(program.path)
  const arch = file.kind === 'elf' ? file.elf.arch : ''
  await admitProgram(program, arch)
  const name = basename(program.path)
  const reference = tagQuestion.parse(values['tag'] ?? name.toLowerCase(), io.cwd)
  const out = output.parse(
    values['output'] ?? resolve(io.cwd, `${shortName(reference)}.tar`),
    io.cwd,
  )
  refuseTaken(out, switches.has('force'))
  const { name: repository, tag } = splitReference(reference)
  const failed = (error: unknown): never => {
    throw unwritten(out, error)
  }
  await makeFolders(dirname(out)).catch(failed)
  const packed = await packImage(
    {
      reference: `${repository}:${tag}`,
      arch,
      files: [{ path: name, source: { path: program.path }, mode: 0o755 }],
      cmd: [`/${name}`],
    },
    out,
  ).catch(failed)
  await io.out.write(
    `${out}\n  image ${packed.id}\n  ${size(packed.archiveBytes)}, one layer with /${name}\n`,
  )
  return EXIT.done
}

/** A file, a link, a pipe or a device that is there is the person's. Throws UsageError that says what to do. */
const refuseTaken = (path: string, force: boolean): void => {
  const found = entryAt(path)
  if (found === undefined || (found.isFile() && force)) return
  if (!found.isFile()) {
    throw new UsageError(`${path} is there and is not a regular file.`, [
      'Name another file: --output ./my-image.tar',
    ])
  }
  throw new UsageError(`${path} is there.`, [
    'Name another file with --output, or replace it with --force.',
  ])
}
