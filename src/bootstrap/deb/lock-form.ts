import * as v from 'valibot'
import type { BootstrapRequest } from '../types.ts'
import { isPackageName } from './dependencies.ts'
import { isFilename } from './packages-index.ts'
import { isVersion } from './version.ts'

const word = v.pipe(v.string(), v.regex(/^[\w][\w./+-]{0,99}$/))
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xff_ff_ff_ff))
const url = v.pipe(v.string(), v.regex(/^https?:\/\/[^\s@]+$/))
const words = v.array(v.pipe(v.string(), v.regex(/^[\w][\w.+:~=/-]*$/)))
const ROLES = ['release', 'updates', 'security'] as const
/** In which list of a set a package is. */
export const PARTS = ['required', 'base', 'extras'] as const
const VARIANTS = [
  'minbase',
  'standard',
  'buildd',
  'essential',
  'important',
  'distroless',
] as const satisfies readonly BootstrapRequest['variant'][]

/** What a lock must be. */
export const lockForm = v.object({
  lock: v.literal(1),
  /** The version of this tool that wrote it: another may make other bytes of the same packages. */
  tool: v.optional(v.pipe(v.string(), v.regex(/^[\w.+-]{1,100}$/))),
  distribution: v.picklist(['debian', 'ubuntu']),
  codename: word,
  architecture: word,
  variant: v.picklist(VARIANTS),
  include: words,
  exclude: words,
  slim: v.boolean(),
  /** sha256 of the keyring that goes into the image, or null. */
  keyring: v.nullable(hash),
  /** sha256 of the files and the hook that a person adds, with their places, or null for none. */
  own: v.optional(v.nullable(hash), null),
  /** Seconds since 1970: no file is later. */
  epoch: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e11)),
  /** What the image's own apt fetches from: `URL SUITE COMPONENTS`. */
  sources: v.array(v.pipe(v.string(), v.regex(/^https?:\/\/[^\s@]+(?: [\w./+-]+)+$/))),
  newer: count,
  suites: v.array(
    v.object({
      suite: word,
      archive: url,
      role: v.picklist(ROLES),
      components: words,
      /** ISO 8601. */
      date: v.pipe(v.string(), v.isoTimestamp()),
      sha256: hash,
    }),
  ),
  packages: v.array(
    v.object({
      name: v.pipe(v.string(), v.check(isPackageName)),
      version: v.pipe(v.string(), v.check(isVersion)),
      architecture: word,
      sha256: hash,
      size: count,
      suite: word,
      component: word,
      filename: v.pipe(v.string(), v.check(isFilename)),
      part: v.picklist(PARTS),
      priority: v.string(),
      section: v.string(),
      installedBytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
})

/** Everything that decides the bytes of a root filesystem but the version of this tool: `packages.lock`. */
export type PackagesLock = v.InferOutput<typeof lockForm>
