import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ApkRoot } from '../../bootstrap/apk/bootstrap.ts'
import type { ApkKey } from '../../bootstrap/apk/keys.ts'
import type { ApkProgress, ApkRequest } from '../../bootstrap/apk/types.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import { packLayer } from '../../oci/pack.ts'
import { fileDigest, makeFolders } from '../project/files.ts'
import { rememberArchive } from '../project/project.ts'
import { cannotWrite } from './cannot-write.ts'
import { CraftError } from './craft-error.ts'
import type { Craft, CraftContext } from './craft.ts'
import { packedResult, withTag } from './pack-image.ts'

/** Makes an image of Alpine's signed packages and packs it into an archive that engines load. */
export const packApk: Craft = async (input, context) => {
  const { project, signal } = context
  const archive = String(input['archive'])
  const notes = {
    reference: withTag(String(input['reference'])),
    arch: String(input['arch']),
    cmd: input['cmd'] as readonly string[],
    env: input['env'] as readonly string[],
    labels: input['labels'] as Readonly<Record<string, string>>,
  }
  const root = await rootOf(input, context).catch((error: unknown) => {
    throw toldToPeople(error)
  })
  const packed = await makeFolders(dirname(archive))
    .then(() => rememberArchive(project, archive))
    .then(() => packLayer(notes, root.tar(), archive, signal))
    .catch((error: unknown) => {
      throw toldToPeople(cannotWrite(archive, error))
    })
  await rememberArchive(project, archive, (await fileDigest(archive)) ?? '')
  const { lines = [], ...result } = packedResult(packed, archive)
  return { ...result, lines: [...listed(root), ...lines] }
}

// The fetcher and the reader of packages are loaded here: nothing else needs them.
const rootOf = async (
  input: Readonly<Record<string, unknown>>,
  context: CraftContext,
): Promise<ApkRoot> => {
  const { makeFetcher } = await import('../../bootstrap/fetch/fetcher.ts')
  const { bootstrapApk } = await import('../../bootstrap/apk/bootstrap.ts')
  const { tell = () => undefined } = context
  const fetcher = await makeFetcher({
    env: process.env,
    onNote: tell,
    onRetry: ({ reason, attempt, of }) => tell(`${reason} Try ${attempt} of ${of}.`),
  })
  try {
    return await bootstrapApk(await requestOf(input, context), fetcher)
  } finally {
    await fetcher.close()
  }
}

const requestOf = async (
  input: Readonly<Record<string, unknown>>,
  { assets, signal, tell = () => undefined }: CraftContext,
): Promise<ApkRequest> => {
  const keys = await keysOf(input, assets)
  return {
    mirror: String(input['mirror']),
    branch: String(input['branch']),
    version: input['version'] as string | null,
    repositories: input['repositories'] as readonly string[],
    architecture: String(input['architecture']),
    packages: input['packages'] as readonly string[],
    keys,
    isPartial: input['isPartial'] === true,
    writtenMirror: String(input['writtenMirror']),
    writtenKeys: input['believesMirror'] === true ? keys : [],
    ...epochOf(process.env['SOURCE_DATE_EPOCH']),
    signal,
    onProgress: progress => tell(progressLine(progress)),
  }
}

interface KeyList {
  readonly keys: readonly { readonly file: string; readonly sha256: string }[]
}

const keysOf = async (
  input: Readonly<Record<string, unknown>>,
  assets: string,
): Promise<ApkKey[]> => {
  if (typeof input['keyring'] === 'string') {
    return [{ name: null, pem: await readFile(input['keyring']) }]
  }
  const folder = join(assets, String(input['keys']))
  const list = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as KeyList
  return Promise.all(
    list.keys.map(async ({ file, sha256 }) => ({
      name: file,
      pem: await readFile(join(folder, file)),
      fingerprint: sha256,
    })),
  )
}

const epochOf = (text = ''): { readonly epoch?: number } =>
  /^\d{1,11}$/.test(text) ? { epoch: Number(text) } : {}

const WORDS = {
  index: 'read the index of',
  packages: 'fetched',
  unpack: 'look into',
} as const

// Bytes count for the packages alone: all else is done in a moment.
const progressLine = ({ phase, done, total, subject }: ApkProgress): string =>
  phase === 'packages'
    ? `P: ${done} ${total} bytes ${WORDS[phase]} ${subject}`
    : `T: ${WORDS[phase]} ${subject}`

const listed = ({ packages, unrun }: ApkRoot): string[] => [
  `${packages.length} packages: ${packages.map(({ name, version }) => `${name}-${version}`).join(' ')}`,
  ...(unrun.length === 0 ? [] : [`Scripts that did not run: ${unrun.join(', ')}`]),
]

const toldToPeople = (error: unknown): unknown =>
  error instanceof BootstrapError ? new CraftError(error.code, error.message, error.todo) : error
