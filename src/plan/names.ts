import { basename, isAbsolute, join, relative } from 'node:path'
import type { Program } from '../ask/answers.ts'
import { PLATFORMS } from '../ask/saved.ts'
import { readyName } from '../ask/questions/program.ts'

export { LOCK_FILE, PLATFORMS, sourcesName } from '../ask/saved.ts'

/** The folder of the project folder that is laid out as the image's root. */
export const FILES = 'files'

/** Where Debian's programs and Go look for root certificates, below an image's root. */
export const CERTIFICATES = 'etc/ssl/certs/ca-certificates.crt'

/** Where programs put temporary files, below an image's root. */
export const TMP = 'tmp'

/** What keeps that folder where empty ones are lost, as git does. */
export const TMP_KEPT_BY = '.keep'

/** Where C libraries and Go look for time zones, below an image's root. */
export const ZONES = 'usr/share/zoneinfo'

/** Where zone files are collected in the project folder, outside of the build context, until they are complete. */
export const ZONE_ROOM = '.create-base-image/zones'

/** Where an archive of an earlier run waits until the new one is proven, in the project folder. */
export const ARCHIVE_BEFORE = '.create-base-image/archive.before'

/** Where a root filesystem is made on this machine, in the project folder; it belongs to root. */
export const ROOTFS = '.create-base-image/rootfs'

/** Where an image of ours waits for the engine to load it, in the project folder. */
export const LOADED = '.create-base-image/image.tar'

/** Which signed indexes an image was made by, in the project folder. */
export const INDEX = '.create-base-image/index'

/** Files that say what an image of ours is made of, until it is proven: files for the project folder, in the project folder. */
export const MADE = '.create-base-image/made'

/** Where a client writes the digest of what it pushed, in the project folder. */
export const PUSHED = '.create-base-image/pushed'

/** The lists of what an image is made of, in the project folder. */
export const SBOMS: readonly string[] = ['sbom.spdx.json', 'sbom.cdx.json']

/** Whether a file that a run keeps is an SBOM in the form of SPDX. */
export const isSpdx = (file: string): boolean => file.endsWith('.spdx.json')

/** The repository of root filesystems that are being configured; the tag is the run's id. */
export const STAGED_NAME = 'create-base-image/staged'

/** The repository of unpacked packages that an engine keeps for the next run; the tag says of which packages. */
export const STAGE_NAME = 'create-base-image/stage'

/** The repository of images that are not proven yet; the tag is the run's id. */
export const UNPROVEN_NAME = 'create-base-image/unproven'

/** The number of the user and of the group nonroot: the one that distroless images made usual. */
export const USER_ID = 65_532

/** The program's file name in the project folder and, below `/`, in the image. */
export const programName = (program: Program): string => {
  if (program.kind === 'source') return basename(program.path, '.c')
  return program.kind === 'binary' ? readyName(program.path) : 'hello'
}

/** Where the program for one of several architectures is in the project folder. */
export const programFor = (arch: string, name: string): string => `${PLATFORMS}/${arch}/${name}`

/** A path as a person who is in `from` would type it: relative when it lies below, else as it is. */
export const shownPath = (from: string, path: string): string => {
  const near = relative(from, path)
  if (near === '' || near.startsWith('..') || isAbsolute(near)) return path
  return near.startsWith('-') ? `./${near}` : near
}

/** The command that makes the image again without us, as a person who is in `from` would type it. */
export const runScript = (
  { from, directory }: { readonly from: string; readonly directory: string },
  platform: NodeJS.Platform,
): string[] => {
  const script = (name: string): string => shownPath(from, join(directory, name))
  return platform === 'win32'
    ? ['powershell', '-File', script('build.ps1')]
    : ['sh', script('build.sh')]
}

/** The C file's name in the project folder. */
export const sourceName = (program: Program): string => `${programName(program)}.c`
