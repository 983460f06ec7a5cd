// Many images from one base-images.json on this machine, against the same made one after another.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as bookworm from './bookworm.mjs'
import { forgetStages } from './built-in.mjs'
import { measure } from './measure.mjs'
import { OURS } from './places.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, mb, row, s } from './words.mjs'

/** Four Debian images take minutes. */
const MOST_ROUNDS = 3

/** Raw programs without an engine: what our own process costs for each image. */
const RAW = { program: 'raw', engine: 'none' }

/** How many images at once by `build`, and whether what they share is made once. */
export const farm = async (options, room) => {
  const few = { ...options, runs: Math.min(options.runs, MOST_ROUNDS) }
  return [
    ...(await byNumber(few, room)),
    await byArchitectures(few, room),
    ...(await fourOfDebian(few, room)),
  ]
}

const COUNTS = [1, 4, 16]

const byNumber = async (options, room) => {
  const rows = []
  for (const count of COUNTS) {
    const images = Array.from({ length: count }, (_, at) => ({ name: `raw-${at}` }))
    const one = () => build(room, { defaults: RAW, images })
    const pairs = await inTurn(options, one, async () => null)
    const all = pairs.map(({ ours }) => ours)
    const wall = Math.min(...all.map(({ wall }) => wall))
    const memory = Math.max(...all.map(({ memory }) => memory))
    rows.push(
      row(
        `${count} raw image${count === 1 ? '' : 's'} without an engine by \`build\`, the best of ${all.length}`,
        {
          ours: `${s(wall)}, ${s(wall / count)} each, ${mb(memory)}`,
          bound: 'under 340 MB',
          met: memory < 340e6,
        },
      ),
    )
  }
  return rows
}

/** The builder is ready before; its compilers for both are put in it by the run that does not count. */
const byArchitectures = async (options, room) => {
  const both = ['amd64', 'arm64']
  const own = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const made = arch => async () => {
    const { directory, tag } = room.fresh()
    room.images.add(tag)
    const words = [
      ...OURS,
      directory,
      '--yes',
      '--tag',
      tag,
      '--arch',
      arch,
      '--compile-in',
      'container',
    ]
    return measure(words, { cwd: room.folder })
  }
  const pairs = await inTurn({ ...options, warmUp: true }, made(both.join(',')), made(own))
  const wall = compare(pairs, 'wall')
  return comparisonRow(
    'a minimal image for two architectures against one, the builder ready, wall time',
    wall,
    s,
    {
      bound: 'at most 1.3',
      met: wall.ratio.median <= 1.3,
    },
  )
}

/** Two releases, slim and not: those of a release share their first stage. Each way begins with an empty cache. */
const fourOfDebian = async (options, room) => {
  const from = bookworm.mirror()
  const images = ['bookworm', 'trixie'].flatMap(release =>
    ['no', 'yes'].map(slim => ({ name: `${release}-${slim}`, release, slim })),
  )
  const defaults = { kind: 'full', mirror: from }
  const together = () =>
    bookworm.persistently(async () => {
      await forgetStages(room)
      return withCache(room, env => build(room, { defaults, images }, env))
    })
  const apart = () =>
    bookworm.persistently(async () => {
      await forgetStages(room)
      return withCache(room, async env => {
        const each = []
        for (const image of images) each.push(await build(room, { defaults, images: [image] }, env))
        return {
          wall: each.reduce((sum, { wall }) => sum + wall, 0),
          cpu: each.reduce((sum, { cpu }) => sum + cpu, 0),
          memory: Math.max(...each.map(({ memory }) => memory)),
        }
      })
    })
  const pairs = await inTurn(options, together, apart)
  const wall = compare(pairs, 'wall')
  const memory = Math.max(...pairs.map(({ ours }) => ours.memory))
  return [
    comparisonRow(
      'four Debian images by `build` against one after another with one cache, wall time',
      wall,
      s,
      { bound: 'at most 0.75, goal 0.6', met: wall.ratio.median <= 0.75 },
    ),
    row('the same, peak memory of our largest process', {
      ours: mb(memory),
      bound: 'under 340 MB',
      met: memory < 340e6,
    }),
  ]
}

const withCache = async (room, work) => {
  const cache = mkdtempSync(join(room.folder, 'cache-'))
  try {
    return await work({ XDG_CACHE_HOME: cache })
  } finally {
    rmSync(cache, { recursive: true })
  }
}

/** One `build` of a file in a new folder, measured; its images are removed when the room is closed. */
const build = async (room, { defaults, images }, env = {}) => {
  const { directory } = room.fresh()
  mkdirSync(directory)
  const named = images.map(image => ({ ...image, name: `${room.prefix}/${image.name}` }))
  named.forEach(({ name }) => room.images.add(`${name}:latest`))
  const file = { version: 1, defaults, images: named }
  writeFileSync(join(directory, 'base-images.json'), JSON.stringify(file))
  try {
    return await measure([...OURS, 'build', '--force'], {
      cwd: directory,
      env: { ...process.env, ...env },
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
