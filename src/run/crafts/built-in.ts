import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ApkKey } from '../../bootstrap/apk/keys.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import type { RunFetcher } from '../../bootstrap/fetch/fetcher.ts'
import { packLayer } from '../../oci/pack.ts'
import type { FetchInput, PackInput } from '../../plan/craft-inputs.ts'
import { UNPROVEN_NAME } from '../../plan/names.ts'
import { gzipGauge, type Gauge } from '../gauge.ts'
import { fileDigest } from '../project/files.ts'
import { rememberArchive } from '../project/project.ts'
import { cannotWrite } from './cannot-write.ts'
import { CraftError } from './craft-error.ts'
import type { CraftContext, CraftResult } from './craft.ts'
import { notesIn, packedResult, withTag } from './pack-image.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Returns what `work` makes with a fetcher, which is closed after it. The fetcher is loaded here: nothing else needs it. */
export const withFetcher = async <Made>(
  { offline }: FetchInput,
  { tell = () => undefined }: CraftContext,
  work: (fetcher: RunFetcher) => Promise<Made>,
): Promise<Made> => {
  const { makeFetcher } = await import('../../bootstrap/fetch/fetcher.ts')
  const fetcher = await makeFetcher({
    env: process.env,
    isOffline: offline === true,
    onNote: tell,
    onRetry: ({ reason, attempt, of }) => tell(`${reason} Try ${attempt} of ${of}.`),
  })
  try {
    return await work(fetcher)
  } catch (error) {
    throw toldToPeople(error)
  } finally {
    await fetcher.close()
  }
}

/**
 * Writes a root filesystem as an image into the archive that the input names: a person's own, or, without a reference,
 * one that an engine loads under the run's name. Throws CraftError.
 */
export const packRootTar = async (
  input: PackInput & { readonly epoch?: number },
  tar: AsyncIterable<Uint8Array>,
  { project, signal, runId }: CraftContext,
): Promise<CraftResult> => {
  const { reference, epoch } = input
  const archive = resolve(project.directory, input.archive)
  const notes = {
    reference: withTag(reference ?? `${UNPROVEN_NAME}:${runId}`),
    arch: input.arch,
    ...notesIn(input),
    ...(epoch !== undefined && { created: createdAt(epoch) }),
  }
  const remember = async (digest?: string): Promise<void> => {
    if (reference !== null) await rememberArchive(project, archive, digest)
  }
  const gauge = reference === null ? gzipGauge() : null
  const packed = await makeFolders(dirname(archive))
    .then(() => remember())
    .then(() => packLayer(notes, gauged(tar, gauge), archive, signal, gauge === null))
    .catch((error: unknown) => {
      throw toldToPeople(cannotWrite(archive, error))
    })
  if (gauge !== null)
    return packedResult({ ...packed, compressedBytes: await gauge.end() }, archive)
  await remember((await fileDigest(archive)) ?? '')
  return packedResult(packed, archive)
}

/** As RFC 3339 has it, without parts of a second. */
const createdAt = (epoch: number): string =>
  new Date(epoch * 1000).toISOString().replace('.000Z', 'Z')

const gauged = async function* (
  tar: AsyncIterable<Uint8Array>,
  gauge: Gauge | null,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of tar) {
    await gauge?.add(chunk)
    yield chunk
  }
}

interface KeyList {
  readonly keys: readonly { readonly file: string; readonly sha256: string }[]
}

/** Returns the RSA keys that apk's signatures may be by: the person's own, or those of a folder of assets. */
export const apkKeys = async (
  { keyring, keys }: { readonly keyring: string | null; readonly keys: string | null },
  assets: string,
): Promise<ApkKey[]> => {
  if (keyring !== null) return [{ name: null, pem: await readFile(keyring) }]
  const folder = join(assets, String(keys))
  const list = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as KeyList
  return Promise.all(
    list.keys.map(async ({ file, sha256 }) => ({
      name: file,
      pem: await readFile(join(folder, file)),
      fingerprint: sha256,
    })),
  )
}

/** Returns the time that SOURCE_DATE_EPOCH asks for, in seconds since 1970, or nothing. */
export const epochOf = (text = ''): { readonly epoch?: number } =>
  /^\d{1,11}$/.test(text) ? { epoch: Number(text) } : {}

/** An error of a bootstrap as one that a person can act on; any other error as it is. */
export const toldToPeople = (error: unknown): unknown =>
  error instanceof BootstrapError ? new CraftError(error.code, error.message, error.todo) : error
