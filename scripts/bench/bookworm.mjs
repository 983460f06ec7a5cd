// Debian bookworm by hand: in a container, on this machine, and what either needs.
import { spawnSync } from 'node:child_process'
import { ROOT } from './places.mjs'

/** The image that bootstraps run in; scripts/engine.sh --with bookworm gives a stand-in. */
export const PARENT = 'debian:bookworm-slim'

/** The line that proves an image of bookworm. */
export const PROOF = 'VERSION_CODENAME=bookworm'

/** The first mirror of this machine's own apt sources that has bookworm, or null. It is no business of docs/bench.md. */
export const mirror = () => {
  const script = '. "$1/scripts/mirrors.sh"; first_mirror bookworm'
  const { status, stdout } = spawnSync('bash', ['-c', script, 'bash', ROOT], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** Why no full image can be measured here, or null. */
export const lacksBookworm = async room => {
  const { code } = await room.docker(['image', 'inspect', PARENT])
  if (code !== 0)
    return `it needs ${PARENT} in the engine; \`scripts/engine.sh start --with bookworm\` gives a stand-in`
  return mirror() === null
    ? "it needs bash, wget, and a mirror with bookworm in this machine's apt sources"
    : null
}

/** Why a program can't be run as root on this machine, or null. */
export const lacksRoot = program => {
  if (process.getuid?.() !== 0) return `${program} needs root`
  const { status } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program])
  return status === 0 ? null : `${program} is not installed`
}

/**
 * What `make` gives. Mirrors fail now and then, and an hour's figures should not be lost by it: so it is made
 * again, twice at most, and says so; what failed counts nowhere.
 */
export const persistently = async (make, left = 2) => {
  try {
    return await make()
  } catch (error) {
    if (left === 0) throw error
    console.error(`made anew, because it failed:\n${error.message.slice(-300)}`)
    return persistently(make, left - 1)
  }
}

/** debootstrap in a container of `tool`, which has it; its tree is imported and run. */
export const inContainer = (room, { tool, from }, look) =>
  byHand(room, look, [tool, from], client => [
    `${client} run --rm "$2" sh -c '
       debootstrap --variant=minbase bookworm /rootfs "$1" > /dev/null && tar -C /rootfs -c .
     ' sh "$3" | ${client} import - "$1"`,
  ])

/** Docker's page on this machine; `options` are debootstrap's, and none make its default variant. */
export const onHost = async (room, { from }, options = []) => {
  const { directory } = room.fresh()
  const remove = () => spawnSync('rm', ['-rf', '--one-file-system', directory])
  try {
    return await persistently(() => {
      // The rest of one that failed would be taken for its own by the next.
      remove()
      return once(room, undefined, [directory, from, ...options], client => [
        'tag=$1 directory=$2 mirror=$3; shift 3',
        'debootstrap "$@" bookworm "$directory" "$mirror" > /dev/null',
        `tar -C "$directory" -c . | ${client} import - "$tag"; set -- "$tag"`,
      ])
    })
  } finally {
    remove()
  }
}

/** mmdebstrap on this machine, straight into the engine as its manual has it. */
export const byMmdebstrap = (room, { from }, look) =>
  byHand(room, look, [from], client => [
    `mmdebstrap --variant=minbase bookworm - "$2" | ${client} import - "$1"`,
  ])

/**
 * Runs the lines in a shell, $1 the tag and the other words after it, and then the image; measured. `look` sees
 * the tag before the image is removed, and what it gives is added. Throws unless the image proves itself: an
 * engine takes a cut tar for a whole one.
 */
const byHand = (room, look, words, lines) => persistently(() => once(room, look, words, lines))

const once = async (room, look, words, lines) => {
  const { client } = room.engine
  const { tag } = room.fresh()
  const proof = `${client} run --rm "$1" cat /etc/os-release`
  const script = ['set -e', ...lines(client), proof].join('\n')
  room.images.add(tag)
  const figures = await room.measured(['sh', '-c', script, 'sh', tag, ...words])
  if (!figures.stdout.includes(PROOF)) throw new Error(figures.stdout.slice(-1500))
  const seen = (await look?.({ tag })) ?? {}
  await room.remove(tag)
  return { ...figures, ...seen }
}

/** The bytes of an image: its files, and the tar of them by `gzip -9n`. */
export const sizesOf = async (room, { tag }) => {
  const { client } = room.engine
  const { stdout } = await room.docker(['image', 'inspect', '--format', '{{.Size}}', tag])
  const script = `container=$(${client} create "$1" true)
    ${client} export "$container" | gzip -9n | wc -c
    ${client} rm "$container" > /dev/null`
  const gzipped = await room.measured(['sh', '-c', script, 'sh', tag])
  return { size: Number(stdout), gzipped: Number(gzipped.stdout) }
}
