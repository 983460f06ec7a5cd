import { rawProgram } from '../../src/elf/raw.ts'
import { madeTar } from '../oci/make-tar.ts'
import type { Play } from './recorder.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Packages are put into a builder. */
export const INSTALLS: Play = { of: 'APT::Status-Fd', stderr: 'done\n' }

/** A compiler gives a static program. */
export const COMPILES: Play = {
  of: '-static',
  stdout: base64(rawProgram('hello\n', 'amd64')),
  encoding: 'base64',
}

/** The program of the image `hello` speaks. */
export const SPEAKS: Play = { of: 'hello', stdout: 'Hello from the recorder\n' }

/** What makes a minimal image well. */
export const MINIMAL: readonly Play[] = [INSTALLS, COMPILES, SPEAKS]

const RELEASE = 'VERSION_CODENAME=bookworm\n'
const TAR = madeTar([{ path: 'etc/os-release', body: RELEASE }])

/** What makes a full image of Debian 12 well. */
export const FULL: readonly Play[] = [
  INSTALLS,
  { of: '--suite bookworm', start: 0, stderr: 'Z: 300 as debootstrap made it\nZ: 200 cleaned\n' },
  {
    of: '--suite bookworm',
    start: 1,
    stdout: base64(TAR),
    encoding: 'base64',
    stderr: `S: ${TAR.length}\n`,
  },
  { of: 'cat /etc/os-release', stdout: 'ID=debian\nVERSION_CODENAME=bookworm\n' },
]

/** The bytes of the full image's tar. */
export const TAR_BYTES = TAR.length

/** The bytes of the files in it. */
export const FILES_BYTES = RELEASE.length
