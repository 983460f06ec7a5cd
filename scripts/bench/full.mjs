// A full image, Debian bookworm, against debootstrap and mmdebstrap by hand.
import * as bookworm from './bookworm.mjs'
import { peakOnTerminal } from './peak.mjs'
import { OURS } from './places.mjs'
import { compare, inTurn, median } from './stats.mjs'
import { comparisonRow, mb, row, s } from './words.mjs'

/** A bootstrap takes half a minute and more. */
const MOST_PAIRS = 3
const few = options => ({ ...options, runs: Math.min(options.runs, MOST_PAIRS) })

/** In a container that has debootstrap already, and the first run, which puts it there. */
export const full = async (options, room) => {
  const place = await workshop(room)
  const pairs = await inTurn(
    few(options),
    () => ours(room, place),
    () => bookworm.inContainer(room, place),
  )
  const { wall, events } = place.first
  return [
    wallRow('bookworm minbase in a container', pairs, 1.1),
    ...otherFigures(pairs, 'CPU of our process and the clients'),
    row('the first run, which puts debootstrap in the builder, wall time, one run', {
      ours: `${s(wall)}; ${s(secondsOf(events).debootstrap)} of it for debootstrap`,
    }),
  ]
}

/** The same run of ours against the commands of Docker's page, whose variant is debootstrap's own. */
export const page = async (options, room) => {
  const lacks = bookworm.lacksRoot('debootstrap')
  const what = "bookworm minbase in a container against the page's commands as root"
  if (lacks !== null) return [skippedRow(what, lacks)]
  const place = await workshop(room)
  const pairs = await inTurn(
    few(options),
    () => ours(room, place),
    () => bookworm.onHost(room, place),
  )
  return [wallRow(what, pairs, 0.7)]
}

/** On this machine as root, both ways. */
export const host = async (options, room) => {
  const lacks = bookworm.lacksRoot('debootstrap')
  const what = 'bookworm minbase by `--bootstrap host` as root'
  if (lacks !== null) return [skippedRow(what, lacks)]
  const place = await workshop(room)
  const pairs = await inTurn(
    few(options),
    () => ours(room, place, ['--bootstrap', 'host']),
    () => bookworm.onHost(room, place, ['--variant=minbase']),
  )
  return [wallRow(what, pairs, 1.1), ...otherFigures(pairs, 'CPU with debootstrap')]
}

/** One run of each: how large what they make is. */
export const sizes = async (_, room) => {
  const place = await workshop(room)
  const look = image => bookworm.sizesOf(room, image)
  const minbase = await ours(room, place, [], look)
  const slim = await ours(room, place, ['--slim'], look)
  const debootstrap = await bookworm.inContainer(room, place, look)
  return [
    ...sizeRows("bookworm minbase, cleaned, against debootstrap's", minbase, debootstrap, 125e6),
    ...(await besideMmdebstrap(room, place, minbase, look)),
    sizeRow('bookworm slim, the image', slim, undefined, 'size', 80e6),
    sizeRow('the same by `gzip -9n`', slim, undefined, 'gzipped', 29e6),
  ]
}

/** More than 300 MB: the translations of locales-all are many, and one small download. */
const LARGE = ['--include', 'locales-all']

/** Our memory while a large tar streams through us, on no terminal and on one. */
export const stream = async (_, room) => {
  const place = await workshop(room)
  const { memory, events } = await ours(room, place, LARGE)
  const told = events.filter(({ type, step }) => type === 'progress' && step === 'import')
  const views = { 'lines view': memory, ...(await onTerminal(room, place)) }
  const tar = megabytes(told.at(-1).total)
  return Object.entries(views).map(([view, bytes]) =>
    row(`our peak memory while a tar of ${tar} streams, ${view}, one run`, {
      ours: megabytes(bytes),
      bound: 'under 130 MB',
      met: bytes < 130e6,
    }),
  )
}

let ready
/** The builder that is prepared once for all sections; `tool` is the image made from it, `first` the run that did. */
const workshop = room => (ready ??= prepare(room))

const prepare = async room => {
  const from = bookworm.mirror()
  let tries = 0
  return bookworm.persistently(async () => {
    // One that failed may have put debootstrap in its builder already.
    const builder = await room.builder(`bookworm-${++tries}`, bookworm.PARENT)
    const first = await room.bootstrap(wordsOf({ builder, from }))
    return { builder, from, first, tool: first.tool }
  })
}

const ours = (room, place, words = [], look) =>
  bookworm.persistently(() => room.bootstrap([...wordsOf(place), ...words], look))

const wordsOf = ({ builder, from }) => [...RELEASE, '--mirror', from, '--builder', builder]
const RELEASE = ['--release', 'bookworm']

/** Seconds of each step that ran, by its name. */
const secondsOf = events =>
  Object.fromEntries(
    events.filter(({ type }) => type === 'step-done').map(({ step, seconds }) => [step, seconds]),
  )

const wallRow = (what, pairs, most) => {
  const wall = compare(pairs, 'wall')
  return comparisonRow(`${what}, wall time, ${countOf(pairs)}`, wall, s, {
    bound: `at most ${most}`,
    met: wall.ratio.median <= most,
  })
}

const countOf = ({ length }) => `${length} pair${length === 1 ? '' : 's'}`

const otherFigures = (pairs, cpu) => [
  row('of ours, its longest steps', { ours: longestSteps(pairs.map(pair => pair.ours)) }),
  comparisonRow(`the same, ${cpu}`, compare(pairs, 'cpu'), s),
  comparisonRow('the same, peak memory of the largest process', compare(pairs, 'memory'), mb),
]

/** The steps of half a second and more: `bootstrap 20.10 s, import 3.20 s`. */
const longestSteps = runs => {
  const all = runs.map(({ events }) => secondsOf(events))
  return Object.keys(all[0])
    .map(step => ({ step, seconds: median(all.map(seconds => seconds[step])) }))
    .filter(({ seconds }) => seconds >= 0.5)
    .map(({ step, seconds }) => `${step} ${s(seconds)}`)
    .join(', ')
}

const skippedRow = (what, lacks) => row(what, { ours: `not measured: ${lacks}` })

const besideMmdebstrap = async (room, place, minbase, look) => {
  const lacks = bookworm.lacksRoot('mmdebstrap')
  if (lacks !== null) return [skippedRow("bookworm minbase against mmdebstrap's", lacks)]
  const mmdebstrap = await bookworm.byMmdebstrap(room, place, look)
  return [
    ...sizeRows("bookworm minbase, cleaned, against mmdebstrap's", minbase, mmdebstrap),
    comparisonRow(
      'the same in a container against mmdebstrap as root, wall time, one run of each',
      compare([{ ours: minbase, theirs: mmdebstrap }], 'wall'),
      s,
    ),
  ]
}

const sizeRows = (what, a, b, most) => [
  sizeRow(`${what}, the image`, a, b, 'size', most),
  sizeRow('the same by `gzip -9n`', a, b, 'gzipped'),
]

const sizeRow = (what, a, b, figure, most) =>
  row(what, {
    ours: megabytes(a[figure]),
    ...(b !== undefined && {
      theirs: megabytes(b[figure]),
      ratio: (a[figure] / b[figure]).toFixed(2),
    }),
    ...(most !== undefined && { bound: `at most ${mb(most)}`, met: a[figure] <= most }),
  })

const megabytes = bytes => `${(bytes / 1e6).toFixed(1)} MB`

/** What a person at a terminal has, where the system tells of memory in /proc. */
const onTerminal = async (room, place) => {
  if (process.platform !== 'linux') return {}
  const memory = await bookworm.persistently(async () => {
    const { directory, tag } = room.fresh()
    room.images.add(tag)
    const words = [directory, '--yes', '--tag', tag, ...wordsOf(place), ...LARGE]
    const peak = await peakOnTerminal([...OURS, ...words], { cwd: room.folder })
    await room.remove(tag)
    return peak
  })
  return { 'live view': memory }
}
