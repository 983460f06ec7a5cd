import { lineFormatReader } from './assembly.ts'
import type { Progress, Reader, Source } from './reader.ts'

interface Apt {
  /** True once apt said on stderr that it installs, or dpkg works. */
  installs: boolean
  /** True once a whole update came before. */
  updated: boolean
  /** The number and percentage in the last download line. */
  file: number
  percent: number
  /** Packages to install, by apt's own count or by the files to download, whichever is known. */
  packages: number
  readonly unpacked: Set<string>
  fraction: number
  text: string
  /** True once any status line came. */
  told: boolean
  failed: boolean
}

const DOWNLOAD = /^dlstatus:(\d{1,9}):(\d{1,3}(?:\.\d+)?):(.*)$/
const PACKAGE = /^pmstatus:(.+?):(\d{1,3}(?:\.\d+)?):(.*)$/
const ERROR = /^pmerror:(.+?):(\d{1,3}(?:\.\d+)?):(.*)$/
const OTHER = /^(?:pmconffile|media-change):/
const COUNT = /^(\d{1,9}) upgraded, (\d{1,9}) newly installed,/
/** Where `update` and the downloads end, of 1; the rest is unpacking and configuring. */
const UPDATE_END = 0.15
const DOWNLOAD_END = 0.6

/**
 * Reads apt-get with `APT::Status-Fd` on stdout and its text on stderr, one run after another: an update is a small
 * share, then downloads, then unpacking and configuring.
 */
export const aptReader = (): Reader => {
  const apt: Apt = {
    installs: false,
    updated: false,
    file: 0,
    percent: 0,
    packages: 0,
    unpacked: new Set(),
    fraction: 0,
    text: '',
    told: false,
    failed: false,
  }
  return lineFormatReader({
    line: (text, source) => noteLine(apt, text, source),
    end: () => {
      // The last percentage is below 100 even when all went well.
      if (!apt.failed) rise(apt, 1, '')
      return []
    },
    progress: () => (apt.told ? aptProgress(apt) : null),
  })
}

const noteLine = (apt: Apt, text: string, source: Source): readonly string[] => {
  if (source === 'stdout' && isStatus(apt, text)) {
    apt.told = true
    return []
  }
  const [, name, , message] = ERROR.exec(text) ?? []
  if (name !== undefined) apt.failed = true
  noteText(apt, text)
  return [name === undefined ? text : `${name}: ${message}`]
}

const isStatus = (apt: Apt, text: string): boolean => {
  const download = DOWNLOAD.exec(text)
  if (download !== null)
    noteDownload(apt, Number(download[1]), Number(download[2]), download[3] ?? '')
  const work = PACKAGE.exec(text)
  if (work !== null) notePackage(apt, work[1] ?? '', Number(work[2]), work[3] ?? '')
  return download !== null || work !== null || OTHER.test(text)
}

const noteText = (apt: Apt, text: string): void => {
  if (text.startsWith('E: ')) apt.failed = true
  if (text.startsWith('The following NEW packages') || text.startsWith('Need to get '))
    apt.installs = true
  const [, upgraded, added] = COUNT.exec(text) ?? []
  if (added === undefined) return
  apt.installs = true
  apt.packages = Number(upgraded) + Number(added)
}

const noteDownload = (apt: Apt, file: number, percent: number, text: string): void => {
  if (isNewRun(apt, file, percent)) startRun(apt)
  apt.file = file
  apt.percent = percent
  const files = Number(/ of (\d{1,9})$/.exec(text)?.[1] ?? 0)
  if (apt.installs) apt.packages = Math.max(apt.packages, files)
  const start = apt.updated ? UPDATE_END : 0
  const share = apt.installs ? DOWNLOAD_END - start : UPDATE_END
  rise(apt, (apt.installs ? start : 0) + share * (percent / 100), text)
}

/** The numbers only grow within a run, and nothing is retrieved after 100 percent. */
const isNewRun = (apt: Apt, file: number, percent: number): boolean =>
  file < apt.file || (apt.percent >= 100 && percent < 100)

const startRun = (apt: Apt): void => {
  apt.updated = true
  apt.installs = true
}

const notePackage = (apt: Apt, name: string, percent: number, text: string): void => {
  apt.installs = true
  // dpkg says Installing once a package is unpacked, and Installed once it is configured too.
  if (/^Install(?:ing|ed) /.test(text)) apt.unpacked.add(name)
  rise(apt, DOWNLOAD_END + (1 - DOWNLOAD_END) * (percent / 100), text.replace(/ \([^()]*\)$/, ''))
}

const rise = (apt: Apt, fraction: number, text: string): void => {
  apt.fraction = Math.max(apt.fraction, fraction)
  apt.text = text
}

const aptProgress = (apt: Apt): Progress => ({
  fraction: apt.fraction,
  ...(apt.packages === 0
    ? {}
    : {
        done: apt.unpacked.size,
        total: Math.max(apt.packages, apt.unpacked.size),
        unit: 'packages',
      }),
  text: apt.text,
})
