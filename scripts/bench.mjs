// Measures what is promised, side by side with the same done by hand, and writes docs/bench.md.
//
//   npm run bench                        all sections, into docs/bench.md
//   npm run bench -- help first second   some sections, onto the screen
//   --runs N, --no-warm-up, --out FILE   fewer runs for a quick look; another file
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { lacksBookworm } from './bench/bookworm.mjs'
import { builtIn } from './bench/built-in.mjs'
import { cancel } from './bench/cancel.mjs'
import { first, musl, second } from './bench/container.mjs'
import { families, lacksFamilies } from './bench/families.mjs'
import { farm } from './bench/farm.mjs'
import { flood } from './bench/flood.mjs'
import { full, host, page as fromPage, sizes, stream } from './bench/full.mjs'
import { alone, help, pack } from './bench/help.mjs'
import { keys } from './bench/keys.mjs'
import { live } from './bench/live.mjs'
import { ROOT } from './bench/places.mjs'
import { question } from './bench/question.mjs'
import { openRoom } from './bench/room.mjs'
import { page } from './bench/table.mjs'

/** What measures a full image: its engine needs a builder, and its packages come from somewhere. */
const FULL = { needs: 'local engine', lacks: lacksBookworm }

/** `needs`: Linux, an engine that answers, or one that also sees this machine's files. `lacks` asks for more. */
const SECTIONS = {
  help: { title: 'Help', measure: help },
  package: { title: 'The package', measure: pack },
  question: { title: 'The first question', measure: question, needs: 'Linux' },
  keys: { title: 'Keys', measure: keys },
  first: { title: 'The first image', measure: first, needs: 'local engine' },
  second: { title: 'The second image', measure: second, needs: 'local engine' },
  memory: { title: 'Without an engine', measure: alone },
  musl: { title: 'The smallest program', measure: musl, needs: 'engine' },
  full: { title: 'A full image', measure: full, ...FULL },
  'built-in': { title: 'A full image by ourselves', measure: builtIn, ...FULL },
  page: { title: "A full image against the page's commands", measure: fromPage, ...FULL },
  sizes: { title: 'How large a full image is', measure: sizes, ...FULL },
  stream: { title: 'A large tar', measure: stream, ...FULL },
  host: { title: 'A full image on the host', measure: host, ...FULL },
  families: {
    title: 'Other families',
    measure: families,
    needs: 'local engine',
    lacks: lacksFamilies,
  },
  farm: { title: 'Many images', measure: farm, ...FULL },
  cancel: { title: 'Ctrl-C', measure: cancel, needs: 'local engine' },
  flood: { title: 'A flood of output', measure: flood },
  live: { title: 'A flood in the live view', measure: live, needs: 'Linux' },
}

const main = async () => {
  const options = readOptions()
  const room = await openRoom()
  // Whoever presses Ctrl-C stops the command that is being measured too; what was made is then still removed.
  process.on('SIGINT', () => undefined)
  try {
    const results = []
    for (const name of options.names) results.push(await resultOf(name, options, room))
    publish(page(results, options, room.engine), options)
  } finally {
    await room.close()
  }
}

const readOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '5' },
      'no-warm-up': { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  })
  const all = Object.keys(SECTIONS)
  const unknown = positionals.filter(name => !all.includes(name))
  if (unknown.length > 0)
    throw new Error(`No section ${unknown.join(', ')}. There are: ${all.join(', ')}`)
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs needs a number from 1.')
  return {
    names: positionals.length === 0 ? all : all.filter(name => positionals.includes(name)),
    runs,
    warmUp: !values['no-warm-up'],
    out: values.out ?? (positionals.length === 0 ? `${ROOT}/docs/bench.md` : null),
    date: new Date().toISOString().slice(0, 10),
  }
}

const resultOf = async (name, options, room) => {
  const { title, measure, needs, lacks } = SECTIONS[name]
  const skipped = whyNot(needs, room.engine) ?? (await lacks?.(room)) ?? null
  if (skipped !== null) return { title, skipped }
  console.error(`measuring: ${name}`)
  try {
    return { title, rows: await measure(options, room) }
  } catch (error) {
    // An hour's other figures are not lost by it.
    console.error(error)
    process.exitCode = 1
    return { title, skipped: `its measurement failed: ${error.message.split('\n')[0]}` }
  }
}

const whyNot = (needs, engine) => {
  if (needs === undefined) return null
  if (needs === 'Linux')
    return process.platform === 'linux' ? null : 'it reads /proc, which only Linux has'
  if (engine === null) return 'it needs an engine, and none answered'
  if (needs === 'local engine' && engine.remote) return 'it needs an engine on this machine'
  return null
}

const publish = (text, { out }) => {
  console.log(text)
  if (out !== null) writeFileSync(out, text)
}

main().catch(error => {
  console.error(error.message)
  process.exitCode = 1
})
