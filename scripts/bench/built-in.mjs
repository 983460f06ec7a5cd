// A full image made by ourselves, Debian bookworm, against debootstrap and mmdebstrap by hand.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as bookworm from './bookworm.mjs'
import { containerCpu, withContainers } from './container-cpu.mjs'
import { compare, inTurn, median } from './stats.mjs'
import { comparisonRow, mb, row, s } from './words.mjs'

/** A bootstrap takes half a minute and more. */
const MOST_ROUNDS = 3

/**
 * With an empty cache and with one that has all packages, in turn with what our users would type. All take the release
 * alone, as debootstrap does.
 */
export const builtIn = async (options, room) => {
  const place = { from: bookworm.mirror() }
  const full = { ...place, cache: mkdtempSync(join(room.folder, 'cache-')) }
  const theirs = THEIRS.filter(({ name }) => bookworm.lacksRoot(name) === null)
  const few = { ...options, runs: Math.min(options.runs, MOST_ROUNDS) }
  const rounds = await inRounds(few, {
    cold: () => cold(room, place),
    ...Object.fromEntries(theirs.map(({ name, make }) => [name, () => make(room, place)])),
    warm: () => warm(room, full),
  })
  const [first] = rounds
  return [
    ...THEIRS.filter(one => !theirs.includes(one)).map(({ name }) =>
      row(`against ${name}`, { ours: `not measured: ${bookworm.lacksRoot(name)}` }),
    ),
    ...theirs.flatMap(them => rowsOf(rounds, them)),
    phasesRow('of ours with nothing cached', rounds, 'cold'),
    phasesRow('of ours with the packages cached and unpacked', rounds, 'warm'),
    row('our peak memory, the largest process, worst of all runs', {
      ours: mb(Math.max(...rounds.flatMap(({ cold, warm }) => [cold.memory, warm.memory]))),
      bound: 'under 340 MB',
      met: rounds.every(({ cold, warm }) => Math.max(cold.memory, warm.memory) < 340e6),
    }),
    row('image IDs of all runs, cold and warm', {
      ours: new Set(rounds.flatMap(({ cold, warm }) => [cold.id, warm.id])).size,
      bound: 'one',
      met: rounds.every(({ cold, warm }) => cold.id === first.cold.id && warm.id === first.cold.id),
    }),
    await unchanged(room, full),
  ]
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

/** Each way once a round, in turn; what comes first warms the machine up, as the first round of all does. */
const inRounds = async (options, ways) => {
  const round = async () => {
    const figures = {}
    for (const [name, way] of Object.entries(ways)) figures[name] = await way()
    return figures
  }
  const pairs = await inTurn(options, round, async () => null)
  return pairs.map(({ ours }) => ours)
}

const cold = async (room, place) => {
  await forgetStages(room)
  const cache = mkdtempSync(join(room.folder, 'cache-'))
  try {
    return await warm(room, { ...place, cache })
  } finally {
    rmSync(cache, { recursive: true })
  }
}

const warm = (room, { from, cache }) =>
  bookworm.persistently(() =>
    withContainers(() =>
      room.bootstrap(wordsOf(from), ({ tag }) => idOf(room, tag), { XDG_CACHE_HOME: cache }),
    ),
  )

/** What an engine keeps of earlier runs would be a cache too. */
export const forgetStages = async room => {
  const { stdout } = await room.docker(['images', '--quiet', 'create-base-image/stage'])
  const ids = [...new Set(stdout.split('\n').filter(id => id !== ''))]
  if (ids.length > 0) await room.docker(['rmi', '--force', ...ids])
}

const idOf = async (room, tag) => {
  const { stdout } = await room.docker(['image', 'inspect', '--format', '{{.Id}}', tag])
  return { id: stdout }
}

const WORDS = ['--release', 'bookworm', '--bootstrap', 'built-in', '--no-updates', '--mirror']
const wordsOf = from => [...WORDS, from]

const rowsOf = (rounds, { name, ...most }) =>
  ['cold', 'warm'].flatMap(kind => {
    const pairs = rounds.map(round => ({ ours: round[kind], theirs: round[name] }))
    const wall = compare(pairs, 'wall')
    const what = `bookworm minbase by ourselves against ${name} as root, ${KINDS[kind]}`
    const cpu = compare(pairs, 'cpu')
    const rounded = `${pairs.length} round${pairs.length === 1 ? '' : 's'}`
    return [
      comparisonRow(`${what}, wall time, ${rounded}`, wall, s, {
        bound: `at most ${most[kind]}`,
        met: wall.ratio.median <= most[kind],
      }),
      comparisonRow(`the same, CPU ${CPU_OF()}`, cpu, s, {
        ...(name === 'debootstrap' && { bound: 'at most 0.4', met: cpu.ratio.median <= 0.4 }),
      }),
    ]
  })

const KINDS = { cold: 'nothing cached', warm: 'packages cached and unpacked' }

/** The engine's own is left out of both: it does the same for each, and much else meanwhile. */
const CPU_OF = () =>
  containerCpu() === null ? 'without containers and engine' : 'with containers, without the engine'

/** Where the time goes, in the order of what is done. */
const phasesRow = (what, rounds, kind) => {
  const all = rounds.map(round => phasesIn(round[kind].events))
  const words = Object.keys(all[0]).map(name => `${name} ${s(median(all.map(one => one[name])))}`)
  return row(`${what}, its phases`, { ours: words.join(', ') })
}

const phasesIn = events => {
  const at = test => Date.parse(events.find(test).at)
  const of = (type, step) => at(event => event.type === type && event.step === step)
  const line = text => at(event => event.type === 'output' && event.line === text)
  const between = (from, to) => (to - from) / 1000
  const [made, prepared, checked] = [
    of('step-started', 'make'),
    line('prepare the tree'),
    line('check every package'),
  ]
  const packed = line('pack the files')
  const step = name => between(of('step-started', name), of('step-done', name))
  return {
    index: step('index'),
    'fetch, unpack and import': between(made, prepared),
    configure: between(prepared, checked),
    'check and clean': between(checked, packed),
    'export and pack': between(packed, of('step-done', 'make')),
    load: step('load'),
    prove: step('run'),
  }
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
