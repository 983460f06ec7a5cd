import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FetchedBytes, FetchRequest } from '../types.ts'
import { checkStatus, noPage } from './answer.ts'
import { checkAnnounced, checkBytes } from './bounds.ts'
import { readValidators, writeValidators } from './cache/validators.ts'
import type { Validators } from './cache/validators.ts'
import type { Store } from './cache/store.ts'
import { boundsOf, lengthOf } from './download.ts'
import type { Answer, RequestOptions } from './exchange.ts'
import { FetchFailure } from './failure.ts'
import { follow } from './follow.ts'

/**
 * Returns a file that has no hash, such as a signed index: the cache's copy when the server says that it is unchanged,
 * else as it is now; then it is kept with its validators. Throws FetchFailure.
 */
export const current = async (
  request: FetchRequest,
  store: Store,
  options: RequestOptions,
): Promise<FetchedBytes> => {
  const known = await keptCopy(request, store)
  const asking = { ...options, headers: { ...options.headers, ...conditions(known?.validators) } }
  const answer = await follow(request.url, asking)
  checkStatus(answer, request.what)
  if (answer.status === 304 && known !== null) {
    answer.drop()
    request.onBytes?.(known.bytes.length)
    return { bytes: known.bytes, from: 'unchanged' }
  }
  const bytes = await bodyOf(answer, request)
  await keep(bytes, answer, request, store)
  return { bytes, from: 'network' }
}

interface KeptCopy {
  readonly bytes: Buffer
  readonly validators: Validators
}

/** Returns the cache's copy of a file that has no hash, or null. */
export const keptCopy = async (
  { url, signal, maxBytes }: FetchRequest,
  store: Store,
): Promise<KeptCopy | null> => {
  for (const folder of new Set([store.writable(), store.folder])) {
    const validators = await readValidators(folder, url)
    const path = validators === null ? null : await store.find(validators.sha256, signal)
    if (validators === null || path === null) continue
    const bytes = await readFile(path)
    const isSame = createHash('sha256').update(bytes).digest('hex') === validators.sha256
    if (isSame && bytes.length <= maxBytes) return { bytes, validators }
  }
  return null
}

const conditions = (known: Validators | undefined): Record<string, string> => ({
  ...(known?.etag ? { 'if-none-match': known.etag } : {}),
  ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
  // A proxy in between must not answer with an older index.
  'cache-control': 'max-age=0',
})

const bodyOf = async (answer: Answer, request: FetchRequest): Promise<Buffer> => {
  const bounds = boundsOf(request)
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of noPage(answer, request.what)) {
    if (bytes === 0) checkAnnounced(lengthOf(answer.headers), bounds)
    bytes += chunk.length
    checkBytes(bytes, bounds)
    parts.push(chunk)
    request.onBytes?.(chunk.length)
  }
  const whole = lengthOf(answer.headers)
  if (bytes > 0 && (whole === undefined || whole === bytes)) return Buffer.concat(parts)
  throw new FetchFailure('truncated', `${request.what} from ${bounds.host} is empty or was cut.`, {
    isPassing: true,
    todo: ['Try again later, or name another mirror with --mirror.'],
  })
}

const keep = async (
  bytes: Buffer,
  { headers }: Answer,
  { url }: FetchRequest,
  store: Store,
): Promise<void> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { etag = null, 'last-modified': lastModified = null } = headers
  const save = async (): Promise<void> => {
    const partial = await store.begin(sha256, 0)
    await partial.write(bytes).catch(async (error: unknown) => {
      await partial.drop()
      throw error
    })
    await partial.commit()
    await writeValidators(store.writable(), url, { etag, lastModified, sha256 })
  }
  try {
    await save()
  } catch (error) {
    // What is in memory serves this run; that it could not be kept is reported once.
    await store.giveUp(error).catch(() => undefined)
  }
}
