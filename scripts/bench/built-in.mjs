// A full image made by ourselves, Debian bookworm, against debootstrap and mmdebstrap by hand.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as bookworm from './bookworm.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, row, s } from './words.mjs'

/** A bootstrap takes half a minute and more. */
const MOST_PAIRS = 3

/**
 * With an empty cache and with one that has all packages, each in turn with what our users would type. Ours takes the
 * updates as well, which the others do not.
 */
export const builtIn = async (options, room) => {
  const few = { ...options, runs: Math.min(options.runs, MOST_PAIRS) }
  const place = { from: bookworm.mirror() }
  const full = { ...place, cache: mkdtempSync(join(room.folder, 'cache-')) }
  const rows = []
  for (const theirs of THEIRS) {
    const what = `bookworm minbase by ourselves against ${theirs.name} as root`
    const lacks = bookworm.lacksRoot(theirs.name)
    if (lacks !== null) {
      rows.push(row(what, { ours: `not measured: ${lacks}` }))
      continue
    }
    const byThem = () => theirs.make(room, place)
    const colds = await inTurn(few, () => cold(room, place), byThem)
    rows.push(...rowsOf(`${what}, nothing cached`, colds, theirs.cold))
    const warms = await inTurn(few, () => warm(room, full), byThem)
    rows.push(...rowsOf(`${what}, packages cached`, warms, theirs.warm))
  }
  return [...rows, await unchanged(room, full)]
}

/** With the most that ours may take of their time, with nothing cached and with the packages. */
const THEIRS = [
  {
    name: 'debootstrap',
    make: (room, place) => bookworm.onHost(room, place, ['--variant=minbase']),
    cold: 0.55,
    warm: 0.4,
  },
  {
    name: 'mmdebstrap',
    make: (room, place) => bookworm.byMmdebstrap(room, place),
    cold: 0.9,
    warm: 0.65,
  },
]

const cold = async (room, place) => {
  const cache = mkdtempSync(join(room.folder, 'cache-'))
  try {
    return await warm(room, { ...place, cache })
  } finally {
    rmSync(cache, { recursive: true })
  }
}

const warm = (room, { from, cache }) =>
  bookworm.persistently(() => room.bootstrap(wordsOf(from), undefined, { XDG_CACHE_HOME: cache }))

const wordsOf = from => ['--release', 'bookworm', '--bootstrap', 'built-in', '--mirror', from]

const rowsOf = (what, pairs, most) => {
  const wall = compare(pairs, 'wall')
  const bound = { bound: `at most ${most}`, met: wall.ratio.median <= most }
  return [
    comparisonRow(`${what}, wall time, ${pairs.length} pairs`, wall, s, bound),
    comparisonRow('the same, CPU without the engine', compare(pairs, 'cpu'), s),
  ]
}

/** The same command again in the same folder: the image proves itself. */
const unchanged = async (room, { from, cache }) => {
  let again
  await room.bootstrap(
    wordsOf(from),
    async ({ command }) => {
      again = await room.measured(['env', `XDG_CACHE_HOME=${cache}`, ...command])
    },
    { XDG_CACHE_HOME: cache },
  )
  return row('the same again, with nothing changed, wall time, one run', {
    ours: s(again.wall),
    bound: 'at most 1.5 s',
    met: again.wall <= 1.5,
  })
}
