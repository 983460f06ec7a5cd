import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { withHome } from '../ask/typed-path.ts'
import { FailedError, MachineError, UsageError } from '../errors.ts'
import { endChild, letFlow, startChild } from '../run/process/exec.ts'
import { unwritten } from '../run/crafts/unwritten.ts'
import { openWhole, partOf, sweepDeadParts } from '../run/project/files.ts'
import { isPipeError } from '../run/rootfs/pipe-error.ts'
import { drained } from '../text/drained.ts'
import { makeFolders } from '../text/make-folders.ts'
import { isFolder, thereAt } from '../text/there.ts'

/** Takes the tar of a root filesystem to where a person wants it; what is not whole is removed. */
export type RootOutput = (tar: AsyncGenerator<Uint8Array>) => Promise<void>

/** The user who asks for a folder. */
interface Machine {
  readonly platform: NodeJS.Platform
  readonly uid: number | undefined
}

/**
 * Returns what writes to `--output`: a file, or a folder where the name ends in a slash or is one's already; stdout
 * without it. Throws UsageError for a folder that is not empty, and MachineError where nobody can give files to others.
 */
export const outputFor = async (
  named: string | undefined,
  cwd: string,
  machine: Machine = { platform: process.platform, uid: process.getuid?.() },
): Promise<RootOutput> => {
  if (named === undefined) return toStdout
  const path = resolve(cwd, withHome(named))
  if (!/[/\\]$/.test(named) && !isFolder(path)) return tar => toFile(tar, path)
  if (machine.platform !== 'linux' || machine.uid !== 0)
    throw new MachineError('Only root on Linux can make a folder whose files belong to others.', [
      `A tar needs no rights: --output ${basename(path)}.tar`,
    ])
  if (thereAt(path) !== undefined && (!isFolder(path) || (await readdir(path)).length > 0))
    throw new UsageError(`--output: ${path} is not an empty folder.`, [
      'Name one that does not exist yet.',
    ])
  return tar => toFolder(tar, path)
}

const toFile = async (tar: AsyncGenerator<Uint8Array>, path: string): Promise<void> => {
  const writing = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw unwritten(path, error)
    })
  await writing(makeFolders(dirname(path)))
  await sweepDeadParts(dirname(path), basename(path))
  const file = await writing(openWhole(path, 0o644))
  try {
    for await (const chunk of tar) await writing(file.write(chunk))
    await writing(file.commit())
  } catch (error) {
    await file.discard()
    throw error
  }
}

/** It takes its name, and lets others in, once it is whole: programs of other owners are in it. */
const toFolder = async (tar: AsyncGenerator<Uint8Array>, path: string): Promise<void> => {
  const hidden = `.${basename(path)}`
  const beside = partOf(join(dirname(path), hidden))
  await sweepDeadParts(dirname(path), hidden)
  try {
    await makeFolders(dirname(beside))
    await mkdir(beside, { mode: 0o700 })
  } catch (error) {
    throw unwritten(path, error)
  }
  try {
    await unpack(tar, join(beside, 'tree'))
    await rmdir(path).catch(() => undefined)
    await rename(join(beside, 'tree'), path)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

const unpack = async (tar: AsyncGenerator<Uint8Array>, folder: string): Promise<void> => {
  await mkdir(folder)
  const words = ['--extract', '--preserve-permissions', '--same-owner', '--numeric-owner']
  const attributes = ['--xattrs', '--xattrs-include=security.capability']
  const child = startChild('tar', [...words, ...attributes, '--directory', folder, '--file=-'], {
    cwd: '/',
    env: process.env,
    stdin: 'pipe',
  })
  let said = ''
  child.stderr?.on('data', (chunk: Uint8Array) => (said = (said + String(chunk)).slice(-600)))
  letFlow(child)
  const fed = pipeline(Readable.from(tar, { objectMode: false }), child.stdin).catch(
    async (error: unknown) => {
      await endChild(child, 200)
      return error
    },
  )
  const [{ exitCode }, error] = await Promise.all([child, fed])
  if (error !== undefined && !isPipeError(error)) throw error as Error
  if (exitCode !== 0)
    throw new FailedError(`tar could not write ${folder}: ${said.trim()}`, [
      'A tar needs no more rights than a file: --output rootfs.tar',
    ])
}

const toStdout: RootOutput = async tar => {
  const { stdout } = process
  let failure: Error | null = null
  stdout.once('error', (error: Error) => {
    failure = error
  })
  for await (const chunk of tar) {
    if (failure !== null) throw readerGone(failure)
    if (!stdout.write(chunk)) await drained(stdout)
  }
  await new Promise<void>(done => void stdout.write('', () => done()))
  if (failure !== null) throw readerGone(failure)
}

const readerGone = (error: Error): FailedError =>
  new FailedError(`The program that reads the tar has ended: ${error.message}`, [
    'Look at what that program said: the tar is incomplete.',
  ])
