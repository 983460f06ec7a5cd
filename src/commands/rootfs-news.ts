import { newestDate, packagesOf } from '../bootstrap/deb/package-set.ts'
import type { Retry } from '../bootstrap/fetch/retry.ts'
import type { PackageSet } from '../bootstrap/types.ts'
import type { MakingNews } from '../run/rootfs/make-root.ts'
import type { RootChoice } from '../run/rootfs/request.ts'
import type { Io } from '../terminal/io.ts'
import { counted, size } from '../text/units.ts'

/** Tells on stderr what is done, in lines that a log can keep. */
export interface RootNews extends MakingNews {
  readonly note: (sentence: string) => void
  readonly retry: (retry: Retry) => void
  readonly done: (set: PackageSet) => Promise<void>
}

/** Returns what reports on a root filesystem that is being made; counts are reported at each quarter. */
export const rootNews = (choice: RootChoice, err: Io['err']): RootNews => {
  const say = (line: string): void => void err.write(`${line}\n`)
  let [total, all, staged] = [0, 0, 0]
  const told = new Map<string, number>()
  const quarter = (what: string, done: number, of: number): boolean => {
    const part = Math.floor((done / of) * 4)
    if (part === (told.get(what) ?? 0)) return false
    told.set(what, part)
    return true
  }
  const { release, arch, variant } = choice
  say(`${release.distro} ${release.codename}, ${arch}, ${variant}`)
  return {
    planned: set => {
      const records = packagesOf(set)
      total = records.length
      staged = set.required.length + set.base.length
      all = records.reduce((sum, one) => sum + one.size, 0)
      for (const { source, date, signedBy } of set.suites)
        say(
          `${signedBy.length === 0 ? 'as locked:' : 'verified'} ${source.suite}, of ${new Date(date).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
        )
      for (const { suite } of set.missing) say(`the mirror has no ${suite}`)
      say(`${counted(total, 'package')}, ${size(all)}${newerWords(set)}`)
    },
    fetched: (done, bytes) => {
      if (quarter('fetched', done, total))
        say(`fetched ${done} of ${counted(total, 'package')}, ${size(bytes)}`)
    },
    unpacked: done => {
      if (quarter('unpacked', done, staged)) say(`unpacked ${done} of ${staged}`)
    },
    kept: () => say('they are unpacked in the engine already'),
    line: line => {
      const [kind, done, of] = line.split(' ')
      if (kind === 'T:') say(line.slice(3))
      if (kind === 'P:' && quarter('configured', Number(done), Number(of)))
        say(`configured ${done} of ${of}`)
    },
    note: say,
    retry: ({ reason, attempt, of, waitSeconds }) =>
      say(`${reason} Try ${attempt} of ${of} in ${waitSeconds} s.`),
    done: async set => {
      const date = new Date(set.epoch * 1000).toISOString()
      await err.write(`done; no file is later than ${date}\n`)
    },
  }
}

const newerWords = ({ newer, suites }: PackageSet): string => {
  if (newer === 0) return ''
  return `; ${newer} newer than the release's own, as of ${new Date(newestDate(suites)).toISOString().slice(0, 10)}`
}
