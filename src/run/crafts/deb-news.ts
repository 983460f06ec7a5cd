import { packagesOf } from '../../bootstrap/deb/package-set.ts'
import { counted, size } from '../../text/units.ts'
import type { MakingNews } from '../rootfs/make-root.ts'

/** Percent of the whole: what comes before anything is fetched, and where a tree that is to be configured is unpacked. */
const START = 2
const STAGED = 45
const PLAIN_END = 98

/**
 * Tells how far the making of a root filesystem is, in the lines of a family's script: see scriptReader. Packages are
 * unpacked while others come, so to fetch them is one half of the way and to unpack them the other. One that `isPlain` is
 * not configured, but packed as it comes.
 */
export const debNews = (tell: (line: string) => void, isPlain: boolean): MakingNews => {
  let [total, bytes, told, staged, unpacked] = [0, 0, 0, 0, 0]
  let [isFetched, from] = [false, 0]
  const half = Math.floor(((isPlain ? PLAIN_END : STAGED) - START) / 2)
  const share = (): void => {
    const begin = START + (isFetched ? half : Math.floor((half * unpacked) / Math.max(staged, 1)))
    if (begin !== from) tell(`S: ${begin} ${begin + half}`)
    from = begin
  }
  const tellUnpacked = (): void => tell(`P: ${unpacked} ${staged} packages`)
  return {
    planned: set => {
      const all = packagesOf(set)
      ;[total, bytes] = [all.length, all.reduce((sum, one) => sum + one.size, 0)]
      staged = set.required.length + set.base.length
      share()
      tell(`T: fetch ${counted(total, 'package')}, ${size(bytes)}`)
    },
    fetched: (done, now) => {
      // A line for every chunk would be thousands.
      if (now - told >= bytes / 200 || now >= bytes) {
        told = now
        tell(`P: ${now} ${bytes} bytes ${done} of ${counted(total, 'package')}`)
      }
      if (done < total) return
      isFetched = true
      share()
      tell('T: unpack the packages')
      tellUnpacked()
    },
    unpacked: done => {
      unpacked = done
      if (done === staged && !isPlain) tell(`S: ${STAGED} 90`)
      else if (isFetched) tellUnpacked()
      else share()
    },
    kept: () => {
      tell('T: take the packages that are unpacked here already')
      tell(`S: ${STAGED} 90`)
    },
    line: tell,
  }
}
