// Ctrl-C at every step of the container journey: how long until it says so, and until it has ended.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { performance } from 'node:perf_hooks'
import { OURS } from './places.mjs'
import { median } from './stats.mjs'
import { ms, row } from './words.mjs'

/** A program that waits, so that the last step's container is still there when the signal comes. */
const WAITS = '#include <unistd.h>\nint main(void)\n{\n    return pause();\n}\n'

/** When the signal comes: as a step begins, or as its container does. A started container allows 1 s, all else 3 s. */
const moments = ({ bare, silent, ready }) => [
  { step: 'engine', builder: ready },
  { step: 'files', builder: ready },
  { step: 'builder', builder: silent, says: 'pulling from a registry that does not answer' },
  { step: 'compiler', builder: bare },
  { step: 'compiler', builder: bare, when: 'container' },
  { step: 'compiler', builder: bare, when: 'progress', says: 'apt is at work' },
  { step: 'compile', builder: ready },
  { step: 'compile', builder: ready, when: 'container' },
  { step: 'inspect', builder: ready },
  { step: 'build', builder: ready },
  { step: 'build', builder: ready, when: 'output', says: 'the engine is building' },
  { step: 'run', builder: ready },
  { step: 'run', builder: ready, when: 'container' },
]

/** One row a moment. The figures are medians and the worst; the worst decides. */
export const cancel = async ({ runs }, room) => {
  const registry = await silentRegistry()
  const builders = {
    ready: (await room.prepared()).builder,
    bare: await room.builder('bare'),
    silent: `127.0.0.1:${registry.address().port}/silent:1`,
  }
  await writeFile(join(room.folder, 'waits.c'), WAITS)
  try {
    const rows = []
    for (const moment of moments(builders)) rows.push(await momentRow(moment, runs, room))
    return rows
  } finally {
    registry.close()
  }
}

const silentRegistry = async () => {
  const held = new Set()
  const server = createServer(socket => held.add(socket.on('error', () => undefined)))
  server.on('close', () => held.forEach(socket => socket.destroy()))
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return server
}

const momentRow = async (moment, runs, room) => {
  const stops = []
  for (let i = 0; i < runs; i++) stops.push(await stopAt(moment, room))
  const limit = moment.when === undefined || moment.when === 'output' ? 3 : 1
  const told = stops.map(({ message }) => message)
  const ended = stops.map(({ exit }) => exit)
  const wrong = [...new Set(stops.map(({ wrong }) => wrong).filter(Boolean))]
  return row(`Ctrl-C in \`${moment.step}\`, ${moment.says ?? WHEN[moment.when ?? 'start']}`, {
    ours: `says so in ${worst(told)}, ends in ${worst(ended)}${wrong.map(text => `; ${text}`).join('')}`,
    bound: `100 ms, ${limit} s, nothing left`,
    met: Math.max(...told) <= 0.1 && Math.max(...ended) <= limit && wrong.length === 0,
  })
}

const WHEN = { start: 'as it begins', container: 'as its container begins' }

const worst = values =>
  values.length === 1 ? ms(values[0]) : `${ms(median(values))} (worst ${ms(Math.max(...values))})`

const stopAt = async (moment, room) => {
  const { directory, tag } = room.fresh()
  const words = ['--compile-in', 'container', '--program', 'waits.c', '--builder', moment.builder]
  const command = [...OURS, directory, '--yes', '--json', '--tag', tag, ...words]
  room.images.add(tag)
  const times = await interrupted(command, moment, room)
  const left = await whatIsLeft(times.run, directory, room)
  await rm(directory, { recursive: true, force: true })
  await room.remove(tag)
  return { ...times, wrong: [times.wrong, left].filter(Boolean).join('; ') }
}

/** Returns seconds from the signal to the message and to the end, the run's id, and what went wrong. */
const interrupted = async ([program, ...words], moment, room) => {
  const child = spawn(program, words, { cwd: room.folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const seen = { run: '', message: Infinity, signalled: null, watch: null }
  const stop = () => {
    if (seen.signalled !== null) return
    seen.signalled = performance.now()
    child.kill('SIGINT')
  }
  createInterface({ input: child.stdout }).on('line', line => {
    const event = JSON.parse(line)
    if (event.type === 'stopped' && !event.clean) seen.message = since(seen.signalled)
    if (event.type === 'plan') seen.run = event.run
    if (event.step !== moment.step) return
    if (event.type === (moment.when ?? 'step-started')) stop()
    if (event.type === 'step-started' && moment.when === 'container')
      seen.watch = onStart(nameIn(event), room, stop)
  })
  const [code] = await once(child, 'exit')
  seen.watch?.kill()
  const late = seen.signalled === null ? 'it ended before the signal' : ''
  return {
    run: seen.run,
    message: seen.message,
    exit: late ? Infinity : since(seen.signalled),
    wrong: late || (code === 130 ? '' : `exit code ${code}`),
  }
}

const since = began => (performance.now() - began) / 1000

const nameIn = ({ exact }) => {
  const create = exact.find(words => words[1] === 'create')
  return create[create.indexOf('--name') + 1]
}

/** The engine itself tells when the container has started. */
const onStart = (name, room, then) => {
  const filters = ['--filter', `container=${name}`, '--filter', 'event=start']
  const words = ['events', '--since', '1m', ...filters]
  const watch = spawn(room.engine.client, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  watch.stdout.once('data', then)
  return watch
}

const whatIsLeft = async (run, directory, room) => {
  const { stdout } = await room.docker([
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=create-base-image=${run}`,
  ])
  return [stdout !== '' && 'a container is left', existsSync(directory) && 'the folder is left']
    .filter(Boolean)
    .join('; ')
}
