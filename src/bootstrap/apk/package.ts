import { createHash } from 'node:crypto'
import { BootstrapError } from '../errors.ts'
import { smallFiles } from './files.ts'
import { firstMember, isGzip } from './gzip.ts'
import type { KeyRing } from './keys.ts'
import { readInfo } from './package-info.ts'
import type { PackageInfo, Script } from './package-info.ts'
import { readSigned } from './signature.ts'
import { fullName } from './types.ts'
import type { ApkPackage } from './types.ts'

/** A package whose every byte is verified. */
export interface OpenPackage {
  readonly package: ApkPackage
  readonly info: PackageInfo
  readonly scripts: readonly Script[]
  /** Its files: one or more gzip members that hold a tar together. */
  readonly data: Buffer
}

const MOST_CONTROL = 64 * 1024 * 1024

/**
 * Returns an .apk of format 2 after verifying it. The chain of trust: the signed index names the sha1 of the control
 * member, the control member names the sha256 of the data. A signature in the package by a key that is here must be
 * right too; one by another key counts as none, as with apk itself. Throws BootstrapError: `hash-wrong`,
 * `signature-wrong`, `page-instead`, `apk-version-3`, `apk-malformed`.
 */
export const openPackage = async (
  bytes: Buffer,
  wanted: ApkPackage,
  keys: KeyRing,
): Promise<OpenPackage> => {
  const name = fullName(wanted)
  refuseForeign(bytes, name)
  const control = await controlOf(bytes, wanted, keys)
  const { info, scripts } = await readInfo(await filesOf(control.content, name), name)
  if (info.name !== wanted.name || info.version !== wanted.version) {
    throw malformed(name, `it says that it is ${info.name}-${info.version}`)
  }
  if (!info.dataHash.equals(createHash('sha256').update(control.rest).digest())) {
    throw changed(name, 'its files are not those that its signed part names')
  }
  return { package: wanted, info, scripts, data: control.rest }
}

/** Returns a package without files as apk takes it: what is in its archive is not looked at. */
export const withoutFiles = (each: ApkPackage): OpenPackage => ({
  package: each,
  info: {
    name: each.name,
    version: each.version,
    dataHash: Buffer.alloc(0),
    replaces: [],
    replacesPriority: 0,
    triggers: [],
  },
  scripts: [],
  data: Buffer.alloc(0),
})

interface Control {
  readonly content: Buffer
  readonly rest: Buffer
}

const controlOf = async (bytes: Buffer, wanted: ApkPackage, keys: KeyRing): Promise<Control> => {
  const name = fullName(wanted)
  const signed = await readSigned(
    bytes,
    keys,
    rest => firstMember(rest, MOST_CONTROL).stored,
  ).catch((): never => {
    throw changed(name, 'it is truncated or damaged')
  })
  const control = member(signed.content, name)
  const identity = createHash('sha1').update(control.stored).digest()
  if (!identity.equals(wanted.identity))
    throw changed(name, 'the signed index names another checksum')
  if (signed.verdict === 'bad') {
    throw new BootstrapError(
      'signature-wrong',
      `The package ${name} has a signature of ${signed.names.join(', ')} that does not match.`,
      ['Try again; if that does not help, give another --mirror.'],
    )
  }
  return control
}

const member = (bytes: Buffer, name: string): ReturnType<typeof firstMember> => {
  try {
    return firstMember(bytes, MOST_CONTROL)
  } catch {
    throw changed(name, 'it is truncated or damaged')
  }
}

const filesOf = async (tar: Buffer, name: string): ReturnType<typeof smallFiles> => {
  try {
    return await smallFiles(tar)
  } catch {
    throw malformed(name, 'its control part is not a tar')
  }
}

const refuseForeign = (bytes: Buffer, name: string): void => {
  const head = bytes.subarray(0, 64).toString('latin1').trimStart().toLowerCase()
  if (head.startsWith('adb')) {
    throw new BootstrapError(
      'apk-version-3',
      `The package ${name} is in format 3 of apk, which this tool does not read by itself.`,
      ['Make the image in a container instead: --engine docker or --engine podman.'],
    )
  }
  if (head.startsWith('<')) {
    throw new BootstrapError('page-instead', `A web page came instead of the package ${name}.`, [
      'Log in to the network if it asks for that in a browser, or give another --mirror.',
    ])
  }
  if (!isGzip(bytes)) throw changed(name, 'it is not a package')
}

const changed = (name: string, why: string): BootstrapError =>
  new BootstrapError(
    'hash-wrong',
    `The package ${name} is not the one that the index promises: ${why}.`,
    ['Try again; if that does not help, give another --mirror.'],
  )

const malformed = (name: string, why: string): BootstrapError =>
  new BootstrapError('apk-malformed', `The package ${name} can’t be used: ${why}.`, [
    'Give another --mirror, or make the image in a container: --engine docker.',
  ])
