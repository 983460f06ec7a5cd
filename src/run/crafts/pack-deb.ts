import { newestDate, packagesOf } from '../../bootstrap/deb/package-set.ts'
import type { RootFacts } from '../../bootstrap/sbom/facts.ts'
import type { PackageSet } from '../../bootstrap/types.ts'
import { unrunWords } from '../../text/distroless.ts'
import { counted } from '../../text/units.ts'
import type { MadeRoot } from '../rootfs/make-root.ts'
import { epochOf, packRootTar, toldToPeople } from './built-in.ts'
import type { Craft, CraftResult } from './craft.ts'
import { debNews } from './deb-news.ts'
import { debLock, debRequest, debSources } from './deb-root.ts'

/** Makes an image of Debian's or Ubuntu's signed packages and packs it into an archive: see makeRoot. */
export const packDeb: Craft<'pack-deb'> = async (input, context) => {
  const { assets, runId, signal, tell = () => undefined } = context
  const client = input.engine ? (context.client ?? null) : null
  const [{ makeRoot }, { readingPackages, writeMadeOf }] = await Promise.all([
    import('../rootfs/make-root.ts'),
    import('./made-of.ts'),
  ])
  const locked = debLock(input, context)
  const root = await debRequest(input, context)
  const sources = debSources(input)
  const made: { epoch: number; result: CraftResult; facts: RootFacts } = {
    epoch: 0,
    result: {},
    facts: { packages: [], distribution: '', release: '' },
  }
  const isPlain = root.request.variant === 'distroless'
  const hear = debNews(tell, isPlain)
  const of = await makeRoot(
    {
      root,
      fetching: {
        env: process.env,
        isOffline: input.offline === true,
        onNote: tell,
        onRetry: ({ reason, attempt, of }) => tell(`${reason} Try ${attempt} of ${of}.`),
      },
      assets,
      client,
      platform: input.platform,
      slim: input.slim,
      epoch: epochOf(process.env['SOURCE_DATE_EPOCH']).epoch ?? null,
      ...(locked !== null && { locked }),
      // What apt is to fetch from is of no use where there is none.
      ...(sources !== null && { own: isPlain ? [] : sources.files }),
      runId,
      signal,
      hear: {
        ...hear,
        planned: planned => {
          made.epoch = planned.epoch
          hear.planned(planned)
        },
      },
    },
    async tar => {
      if (!isPlain) {
        tell('S: 90 100')
        tell('T: pack the files')
      }
      made.facts = await readingPackages(tar, async watched => {
        made.result = await packRootTar({ ...input, epoch: made.epoch }, watched, context)
      })
    },
  ).catch((error: unknown) => {
    throw toldToPeople(error)
  })
  await writeMadeOf(of, made.facts, context.project, sources?.isLockable !== false)
  return told(of, made.result)
}

const told = ({ set, unrun }: MadeRoot, { lines = [], values = {} }: CraftResult): CraftResult => {
  const all = packagesOf(set)
  const date = new Date(newestDate(set.suites))
  return {
    lines: [
      ...all.map(({ name, version, architecture }) => `${name} ${version} ${architecture}`),
      ...set.missing.map(({ suite }) => `the mirror has no ${suite}`),
      ...(unrun.length === 0 ? [] : [unrunWords(unrun)]),
      ...lines,
    ],
    result: `${counted(all.length, 'package')}${newerWords(set)}`,
    values: {
      ...values,
      'image.config': values['image.id'] ?? '',
      'packages.total': String(all.length),
      'packages.newer': String(set.newer),
      'packages.date': date.toISOString().slice(0, 10),
      'packages.unrun': unrun.join(' '),
      'packages.missing': set.missing.map(({ suite }) => suite).join(' '),
    },
  }
}

const newerWords = ({ newer }: PackageSet): string =>
  newer === 0 ? '' : `, ${newer} of them newer than the release's own`
