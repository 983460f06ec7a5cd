/** What went wrong, by what a caller may want to tell apart; each has a message of its own. */
export type BootstrapCode =
  | IndexCode
  | FetchCode
  | ResolveCode
  | LockCode
  | ArchiveCode
  | ApkCode
  | 'busybox-unknown'
  | 'configure-failed'
  | 'engine-refused'
  | 'memory-lacks'
  | 'sources-malformed'
  | 'disk-full'
  | 'read-only'

/** A signed index that is not believed. */
export type IndexCode =
  | 'index-unsigned'
  | 'index-malformed'
  | 'index-too-large'
  | 'index-expired'
  | 'index-from-future'
  | 'index-replayed'
  | 'index-lacks'
  | 'signature-wrong'
  | 'signature-weak'
  | 'signature-expired'
  | 'key-unknown'
  | 'key-expired'
  | 'key-revoked'
  | 'key-unsupported'
  | 'keyring-malformed'
  | 'suite-wrong'

/** A file that did not come, or not as promised. */
export type FetchCode =
  | 'not-found'
  | 'server-refused'
  | 'unreachable'
  | 'stalled'
  | 'truncated'
  | 'too-large'
  | 'size-wrong'
  | 'hash-wrong'
  | 'redirect-loop'
  | 'redirect-scheme'
  | 'page-instead'
  | 'certificate-wrong'
  | 'proxy-refused'
  | 'offline-lacks'
  | 'cache-damaged'

/** What the machine lacks, its network too: neither the command nor the mirror's content is at fault. */
const OF_MACHINE: readonly string[] = [
  'unreachable',
  'stalled',
  'certificate-wrong',
  'proxy-refused',
  'page-instead',
  'offline-lacks',
  'memory-lacks',
  'disk-full',
  'read-only',
]

/** Returns whether a failure of that code is for lack of something on this machine (exit code 3). */
export const isOfMachine = (code: string): boolean => OF_MACHINE.includes(code)

/** A set of packages that can't be made. */
export type ResolveCode =
  | 'include-unknown'
  | 'exclude-needed'
  | 'dependency-unmet'
  | 'architecture-lacks'
  | 'component-lacks'

export type LockCode = 'lock-malformed' | 'lock-differs'

/** A package whose inside is refused. */
export type ArchiveCode =
  | 'deb-malformed'
  | 'deb-truncated'
  | 'deb-compression'
  | 'path-unsafe'
  | 'entry-unsafe'
  | 'bomb'
  | 'file-conflict'

/** What only Alpine's repositories and packages can have wrong. */
export type ApkCode = 'apk-malformed' | 'apk-version-3' | 'release-missing' | 'release-wrong'

/** A root filesystem can't be made: what happened and why, and what to do now. */
export class BootstrapError extends Error {
  override readonly name = 'BootstrapError'
  readonly code: BootstrapCode
  /** What to do now, a sentence each. */
  readonly todo: readonly string[]

  constructor(code: BootstrapCode, message: string, todo: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.todo = todo
  }
}
