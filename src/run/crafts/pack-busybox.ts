import type { RootInputs } from '../../plan/craft-inputs.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BusyBox } from '../../bootstrap/busybox/root.ts'
import type { RunFetcher } from '../../bootstrap/fetch/fetcher.ts'
import type { ArchiveKey } from '../../bootstrap/types.ts'
import { apkKeys, epochOf, packRootTar, withFetcher } from './built-in.ts'
import { CraftError } from './craft-error.ts'
import type { Craft, CraftContext } from './craft.ts'

/** Makes an image of a signed package's one program and packs it into an archive that engines load. */
export const packBusybox: Craft<'pack-busybox'> = async (input, context) => {
  const { busyboxTar } = await import('../../bootstrap/busybox/root.ts')
  const { told, tar } = await withFetcher(input, context, async fetcher => {
    const found = await busyboxFrom(input, fetcher, context)
    checkVersion(found, input.version)
    const busybox = { ...found, ...epochOf(process.env['SOURCE_DATE_EPOCH']) }
    return { told: `BusyBox ${found.version} of ${found.from}`, tar: busyboxTar(busybox) }
  })
  const { lines = [], ...result } = await packRootTar(input, tar, context)
  return { ...result, lines: [told, ...lines] }
}

const busyboxFrom = async (
  input: RootInputs['pack-busybox'],
  fetcher: RunFetcher,
  { assets, signal, tell = () => undefined }: CraftContext,
): Promise<BusyBox> => {
  const { mirror, architecture } = input
  tell('T: look for busybox-static')
  if (input.libc === 'musl') {
    const { busyboxFromAlpine } = await import('../../bootstrap/busybox/from-alpine.ts')
    const { branch, repository } = input
    const keys = await apkKeys({ keyring: input.keyring, keys: 'distros/alpine/keys' }, assets)
    return busyboxFromAlpine({ mirror, branch, repository, architecture, keys, signal }, fetcher)
  }
  const { busyboxFromDebian } = await import('../../bootstrap/busybox/from-debian.ts')
  const keys = await debianKeys(input, assets)
  const { suite } = input
  return busyboxFromDebian({ mirror, suite, architecture, keys, now: Date.now(), signal }, fetcher)
}

interface KeyList {
  readonly keys: readonly {
    readonly file: string
    readonly fingerprint: string
    readonly distribution: string
    readonly removed: boolean
  }[]
}

const debianKeys = async (
  { keyring }: Pick<RootInputs['pack-busybox'], 'keyring'>,
  assets: string,
): Promise<ArchiveKey[]> => {
  if (keyring !== null) return [{ file: keyring, certificate: await readFile(keyring) }]
  const folder = join(assets, 'keys')
  const list = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as KeyList
  const own = list.keys.filter(key => key.distribution === 'debian' && !key.removed)
  return Promise.all(
    own.map(async ({ file, fingerprint }) => ({
      file: join(folder, file),
      certificate: await readFile(join(folder, file)),
      fingerprint,
    })),
  )
}

const checkVersion = ({ version, from }: BusyBox, wanted: string): void => {
  if (version === wanted || version.startsWith(`${wanted}.`)) return
  throw new CraftError('release-wrong', `${from} is BusyBox ${version}, not ${wanted}.`, [
    'Give another --mirror.',
  ])
}
