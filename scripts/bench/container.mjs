// The journey with an engine against the same done by hand, and the size of the musl program.
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './places.mjs'
import { compare, inTurn, median } from './stats.mjs'
import { comparisonRow, count, mb, row, s } from './words.mjs'

/** The bytes of the official hello-world's binary, by architecture, as docker-library/hello-world has them (a1942f2). */
const OFFICIAL = { amd64: 10_072, arm64: 5_200 }

/** The first image: no compiler has been put in the builder yet. */
export const first = async (options, room) => {
  const builder = await room.builder('first')
  const ours = async () => {
    const figures = await room.journey(['--compile-in', 'container', '--builder', builder])
    await room.remove(figures.compiler)
    return figures
  }
  const pairs = await inTurn(options, ours, () => byHand(room, FIRST, builder))
  const wall = compare(pairs, 'wall')
  return [
    comparisonRow('the first image in a container, wall time', wall, s, {
      bound: `at most 0.60${wall.ratio.median <= 0.45 ? '; the goal of 0.45 is reached' : ', goal 0.45'}`,
      met: wall.ratio.median <= 0.6,
    }),
    ...otherFigures(pairs),
  ]
}

/** The second image, in a new folder: the prepared builder is there. */
export const second = async (options, room) => {
  const { builder, compiler } = await room.prepared()
  const pairs = await inTurn(
    options,
    () => room.journey(['--compile-in', 'container', '--builder', builder]),
    () => byHand(room, SECOND, compiler),
  )
  const over = median(pairs.map(({ ours, theirs }) => ours.wall - 1.4 * theirs.wall))
  return [
    comparisonRow('the second image, wall time', compare(pairs, 'wall'), s, {
      bound: `at most 1.4 times + 0.4 s; is 1.4 times ${over < 0 ? '-' : '+'} ${s(Math.abs(over))}`,
      met: over <= 0.4,
    }),
    ...otherFigures(pairs),
  ]
}

/** The program by `--libc musl` against the official one; the image holds it and nothing else. */
export const musl = async (_, room) => {
  const words = ['--compile-in', 'container', '--libc', 'musl']
  const builder = await room.builder('musl')
  const sizes = async ({ directory, tag }) => ({
    bytes: (await stat(join(directory, 'hello'))).size,
    image: Number((await room.docker(['image', 'inspect', '--format', '{{.Size}}', tag])).stdout),
  })
  const { bytes, image } = await room.journey([...words, '--builder', builder], sizes)
  const official = OFFICIAL[room.engine.arch]
  return [
    row('the program with `--libc musl` against the official hello-world, bytes', {
      ours: count(bytes),
      ...(official !== undefined && {
        theirs: count(official),
        ratio: (bytes / official).toFixed(3),
        bound: 'at most as large',
        met: bytes <= official,
      }),
    }),
    row('its image, bytes', {
      ours: count(image),
      bound: 'exactly the program',
      met: image === bytes,
    }),
  ]
}

/** What an engine's own memory and CPU are is not in these: only the clients and what they started here. */
const otherFigures = pairs => [
  comparisonRow('the same, CPU of our process and the clients', compare(pairs, 'cpu'), s),
  comparisonRow('the same, peak memory of the largest process', compare(pairs, 'memory'), mb),
]

/** As the documentation has it: $1 the folder, $2 the builder, $3 the tag. */
const compileBy = script => client => `set -e
${client} run --rm --volume "$1:/build" --workdir /build "$2" sh -c '${script}'
${client} build --tag "$3" "$1"
${client} run --rm "$3"`

const COMPILE = 'gcc -o hello -static hello.c'
const FIRST = compileBy(`apt-get update && apt-get install -y build-essential && ${COMPILE}`)
const SECOND = compileBy(COMPILE)

const byHand = async (room, script, builder) => {
  const { directory, tag } = room.fresh()
  await mkdir(directory)
  await copyFile(`${ROOT}/assets/hello.c`, join(directory, 'hello.c'))
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nADD hello /\nCMD ["/hello"]\n')
  const figures = await room.measured([
    'sh',
    '-c',
    script(room.engine.client),
    'sh',
    directory,
    builder,
    tag,
  ])
  await room.remove(tag)
  await rm(directory, { recursive: true })
  return figures
}
