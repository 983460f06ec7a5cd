// A place to work in: a temporary folder, names in the engine that nobody else has, and their removal.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROOF } from './bookworm.mjs'
import { measure } from './measure.mjs'
import { OURS } from './places.mjs'

/** The image that both ways compile in. */
const PARENT = 'ubuntu:20.04'

/**
 * Opens the room. Its builders are `ubuntu:20.04`, or another parent, with one more label, so that the prepared
 * builder made from them is nobody else's. `close` removes everything that was made, by name.
 */
export const openRoom = async () => {
  const room = {
    folder: mkdtempSync(join(tmpdir(), 'cbi-bench-')),
    prefix: `cbi-bench-${process.pid}`,
    engine: await askEngine(),
    images: new Set(),
    serial: 0,
  }
  let ready
  return {
    ...room,
    fresh: () => fresh(room),
    docker: (words, input) => docker(room, words, input),
    builder: (name, parent = PARENT, more) => makeBuilder(room, name, parent, more),
    journey: (words, look) => journey(room, words, look),
    bootstrap: (words, look, env, proof) => bootstrap(room, words, look, env, proof),
    measured: command => measure(command, { cwd: room.folder, env: environment(room) }),
    remove: image => removeImage(room, image),
    /** The builder that is prepared once for all sections: its name and that of the image made from it. */
    prepared: () => (ready ??= prepare(room)),
    close: () => close(room),
  }
}

/** The engine as our own probe sees it, or null. */
const askEngine = async () => {
  const { stdout } = await capture([...OURS, 'doctor', '--json'])
  return JSON.parse(stdout).engine
}

/** A new project folder and tag for one run. */
const fresh = room => {
  const name = `run-${++room.serial}`
  return { directory: join(room.folder, name), tag: `${room.prefix}/${name}` }
}

/** Both ways build with the builder that our probe chose, or a builder would be measured and not us. */
const environment = ({ engine }) => ({
  ...process.env,
  ...(engine === null ? {} : { DOCKER_BUILDKIT: engine.builder === 'classic' ? '0' : '1' }),
})

const docker = async (room, words, input = '') => {
  const result = await capture([room.engine.client, ...words], environment(room), input)
  return { ...result, stdout: result.stdout.trim() }
}

const makeBuilder = async (room, name, parent, more = '') => {
  const reference = `${room.prefix}/builder:${name}`
  const recipe = `FROM ${parent}\nLABEL create-base-image-bench=${room.prefix}-${name}\n${more}\n`
  const { code, stderr } = await docker(room, ['build', '--tag', reference, '-'], recipe)
  if (code !== 0) throw new Error(`${parent} can't be used here:\n${stderr}`)
  room.images.add(reference)
  return reference
}

/**
 * Our journey to a minimal image in a new folder, measured; `look` sees the folder and the tag before both are
 * removed, and what it gives is added. Throws unless the image greets.
 */
const journey = async (room, words, look) => {
  const { events, ...figures } = await run(room, words, 'Hello from your own', look)
  return { ...figures, compiler: preparedIn(events)[0] ?? null }
}

/** The same to a full image, of bookworm unless another line is its proof; `events` are those of the run. Throws unless the image proves itself. */
const bootstrap = async (room, words, look, env, proof = PROOF) => {
  const figures = await run(room, words, proof, look, env)
  return { ...figures, tool: preparedIn(figures.events)[0] ?? null }
}

const run = async (room, words, proof, look = async () => ({}), env = {}) => {
  const place = fresh(room)
  const command = [...OURS, place.directory, '--yes', '--tag', place.tag, ...words]
  room.images.add(place.tag)
  // One that fails may have prepared a builder before, which is to be removed too.
  const options = { cwd: room.folder, env: { ...process.env, ...env } }
  const figures = await measure(command, options).finally(() =>
    preparedIn(eventsIn(place.directory)).forEach(name => room.images.add(name)),
  )
  if (!figures.stdout.includes(proof)) throw new Error(figures.stdout.slice(-1500))
  const seen = { events: eventsIn(place.directory), ...(await look({ ...place, command })) }
  if (room.engine !== null) await removeImage(room, place.tag)
  rmSync(place.directory, { recursive: true, force: true })
  return { ...figures, ...seen }
}

/** None when it ended before it had a journal. */
const eventsIn = directory => {
  const journal = join(directory, '.create-base-image/journal.ndjson')
  if (!existsSync(journal)) return []
  return readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

/** The names of the builders that were prepared or used, from the run's own events. */
const preparedIn = events =>
  events
    .flatMap(event => event.exact?.flat() ?? [])
    .filter(word => /^create-base-image\/(compiler|debootstrap):/.test(word))

const prepare = async room => {
  const builder = await makeBuilder(room, 'prepared', PARENT)
  const { compiler } = await journey(room, ['--compile-in', 'container', '--builder', builder])
  return { builder, compiler }
}

const removeImage = async (room, image) => {
  const { code, stderr } = await docker(room, ['image', 'rm', '--force', image])
  if (code !== 0 && !/no such image/i.test(stderr)) throw new Error(stderr)
  room.images.delete(image)
}

const close = async room => {
  rmSync(room.folder, { recursive: true, force: true })
  if (room.engine === null) return
  // An image goes before the one that it was made from.
  for (const image of [...room.images].toReversed())
    await removeImage(room, image).catch(error => console.error(String(error)))
}

const capture = async ([program, ...words], env = process.env, input = '') => {
  const child = spawn(program, words, { env, stdio: 'pipe' })
  child.stdin.on('error', () => undefined).end(input)
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', chunk => (text[name] += chunk))
  const [code] = await once(child, 'close')
  return { code, ...text }
}
