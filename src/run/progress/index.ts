import type { ReaderName } from '../../plan/types.ts'
import { aptReader } from './apt.ts'
import { buildkitJsonReader } from './buildkit-json.ts'
import { buildkitPlainReader } from './buildkit-plain.ts'
import { bytesReader } from './bytes.ts'
import { debootstrapReader } from './debootstrap.ts'
import { importReader } from './import.ts'
import { classicBuildReader } from './classic-build.ts'
import { linesReader } from './lines.ts'
import { pullReader } from './pull.ts'
import { pushReader } from './push.ts'
import type { Reader } from './reader.ts'
import { scriptReader } from './script.ts'

const MAKERS: Readonly<Record<ReaderName, () => Reader>> = {
  lines: linesReader,
  pull: pullReader,
  push: pushReader,
  apt: aptReader,
  debootstrap: debootstrapReader,
  script: scriptReader,
  import: () => importReader(),
  'classic-build': classicBuildReader,
  'buildkit-plain': buildkitPlainReader,
  'buildkit-json': buildkitJsonReader,
  bytes: bytesReader,
}

/** Makes a fresh reader of the output format of that name; a reader serves one run of one command. */
export const makeReader = (name: ReaderName): Reader => MAKERS[name]()
