import type { RootInputs } from '../../plan/craft-inputs.ts'
import type { ApkRoot } from '../../bootstrap/apk/bootstrap.ts'
import type { ApkProgress, ApkRequest } from '../../bootstrap/apk/types.ts'
import { apkKeys, epochOf, packRootTar, withFetcher } from './built-in.ts'
import type { Craft, CraftContext } from './craft.ts'
import { counted } from '../../text/units.ts'

/** Makes an image of Alpine's signed packages and packs it into an archive that engines load. */
export const packApk: Craft<'pack-apk'> = async (input, context) => {
  const { bootstrapApk } = await import('../../bootstrap/apk/bootstrap.ts')
  const request = await requestOf(input, context)
  const root = await withFetcher(input, context, fetcher => bootstrapApk(request, fetcher))
  const { lines = [], ...result } = await packRootTar(input, root.tar(), context)
  return { ...result, lines: [...listed(root), ...lines] }
}

const requestOf = async (
  input: RootInputs['pack-apk'],
  { assets, signal, tell = () => undefined }: CraftContext,
): Promise<ApkRequest> => {
  const { mirror, branch, version, repositories, architecture, packages } = input
  const keys = await apkKeys(input, assets)
  return {
    mirror,
    branch,
    version,
    repositories,
    architecture,
    packages,
    keys,
    isPartial: input.isPartial,
    writtenMirror: input.writtenMirror,
    writtenKeys: input.believesMirror ? keys : [],
    ...epochOf(process.env['SOURCE_DATE_EPOCH']),
    signal,
    onProgress: progress => tell(progressLine(progress)),
  }
}

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
  `${counted(packages.length, 'package')}: ${packages.map(({ name, version }) => `${name}-${version}`).join(' ')}`,
  ...(unrun.length === 0 ? [] : [`Scripts that did not run: ${unrun.join(', ')}`]),
]
