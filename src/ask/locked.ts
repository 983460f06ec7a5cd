import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { archivesOf, goArch } from '../catalog/archives.ts'
import { findRelease } from '../catalog/releases.ts'
import { UsageError } from '../errors.ts'
import { readText, UnfitFile } from '../text/read-text.ts'
import type { Flags } from './flags.ts'
import { locked } from './questions/root.ts'
import { LOCK_FILE } from './saved.ts'

/**
 * Returns flags with what their --locked says instead of what they leave open: the release, its packages, its mirror.
 * An answers file says all of that itself. Throws UsageError for a file that is not a lock; the rest of it is checked when
 * the image is made.
 */
export const withLock = (flags: Flags, cwd: string): Flags => {
  const { questions, switches } = flags
  if (questions.locked === undefined || switches.answers !== undefined) return flags
  const { release, distro, ...others } = textsOf(locked.parse(questions.locked, cwd))
  const { mirror: _mirror, updates: _updates, ...placeless } = others
  // A file of sources says where all comes from.
  const rest = questions.sources === undefined ? others : placeless
  const isNamed = questions.release !== undefined || questions.distro !== undefined
  return {
    ...flags,
    questions: { ...rest, ...(!isNamed && { release, distro }), ...questions },
  }
}

/**
 * Returns the path of the packages.lock in a project folder, or null where none is or it is for no architecture of
 * `archs` (none: for any). Throws UsageError for a file that is not a lock.
 */
export const lockIn = (folder: string, archs: readonly string[]): string | null => {
  const file = join(folder, LOCK_FILE)
  if (!existsSync(file)) return null
  const { arch } = textsOf(file)
  return archs.length === 0 || archs.includes(arch) ? file : null
}

const textsOf = (file: string) => {
  const lock = fieldsOf(file)
  const { codename, architecture, variant, include = [], slim, suites } = lock
  if (typeof codename !== 'string' || !Array.isArray(suites))
    throw noLock(file, 'it names no release')
  const distro = String(lock.distribution)
  const rows = suites as readonly { readonly role?: unknown; readonly archive?: unknown }[]
  const arch = goArch(String(architecture))
  const place = rows.find(({ role }) => role === 'release')?.archive
  const release = findRelease(codename, '', distro)
  const isOwn =
    release !== null && typeof place === 'string' && place !== archivesOf(release, arch).archive
  return {
    release: codename,
    distro,
    arch,
    variant: String(variant),
    ...(Array.isArray(include) && include.length > 0 && { include: include.join(',') }),
    ...(slim === true && { slim: 'yes' }),
    ...(rows.every(({ role }) => role === 'release') && { updates: 'no' }),
    ...(isOwn && { mirror: place }),
  }
}

type Fields = Readonly<Record<string, unknown>>

const LARGEST = 20_000_000

const fieldsOf = (file: string): Fields => {
  try {
    const text = readText(file, { most: LARGEST, links: true })
    if (text === null) throw noLock(file, 'it is not there')
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Fields
  } catch (error) {
    if (error instanceof UnfitFile) throw noLock(file, `it ${error.why}`)
    if (!(error instanceof SyntaxError)) throw error
  }
  throw noLock(file, 'it is not JSON')
}

const noLock = (file: string, why: string): UsageError =>
  new UsageError(`--locked: ${file} is not a packages.lock: ${why}.`, [
    'Every image that this tool makes itself has one in its project folder.',
  ])
