import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ApkKey } from '../../bootstrap/apk/keys.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import type { RunFetcher } from '../../bootstrap/fetch/fetcher.ts'
import { packLayer } from '../../oci/pack.ts'
import { fileDigest, makeFolders } from '../project/files.ts'
import { rememberArchive } from '../project/project.ts'
import { cannotWrite } from './cannot-write.ts'
import { CraftError } from './craft-error.ts'
import type { CraftContext, CraftResult } from './craft.ts'
import { packedResult, withTag } from './pack-image.ts'

/** What a plan tells a craft. */
export type CraftInput = Readonly<Record<string, unknown>>

/** Returns what `work` makes with a fetcher, which is closed after it. The fetcher is loaded here: nothing else needs it. */
export const withFetcher = async <Made>(
  { tell = () => undefined }: CraftContext,
  work: (fetcher: RunFetcher) => Promise<Made>,
): Promise<Made> => {
  const { makeFetcher } = await import('../../bootstrap/fetch/fetcher.ts')
  const fetcher = await makeFetcher({
    env: process.env,
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

/** Writes a root filesystem as an image into the archive that the input names. Throws CraftError. */
export const packRootTar = async (
  input: CraftInput,
  tar: AsyncIterable<Uint8Array>,
  { project, signal }: CraftContext,
): Promise<CraftResult> => {
  const archive = String(input['archive'])
  const notes = {
    reference: withTag(String(input['reference'])),
    arch: String(input['arch']),
    cmd: input['cmd'] as readonly string[],
    env: input['env'] as readonly string[],
    labels: input['labels'] as Readonly<Record<string, string>>,
  }
  const packed = await makeFolders(dirname(archive))
    .then(() => rememberArchive(project, archive))
    .then(() => packLayer(notes, tar, archive, signal))
    .catch((error: unknown) => {
      throw toldToPeople(cannotWrite(archive, error))
    })
  await rememberArchive(project, archive, (await fileDigest(archive)) ?? '')
  return packedResult(packed, archive)
}

interface KeyList {
  readonly keys: readonly { readonly file: string; readonly sha256: string }[]
}

/** Returns the RSA keys that apk's signatures may be by: the person's own, or those of a folder of assets. */
export const apkKeys = async (
  { keyring, keys }: { readonly keyring?: unknown; readonly keys?: unknown },
  assets: string,
): Promise<ApkKey[]> => {
  if (typeof keyring === 'string') return [{ name: null, pem: await readFile(keyring) }]
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

const toldToPeople = (error: unknown): unknown =>
  error instanceof BootstrapError ? new CraftError(error.code, error.message, error.todo) : error
