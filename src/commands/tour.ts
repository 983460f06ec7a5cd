import { styleText } from 'node:util'
import { Leave } from '../ask/asker.ts'
import { keyPause, linePause, type Pause } from '../ask/pause.ts'
import { today } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { readAsset } from '../assets.ts'
import type { EngineFacts, Facts } from '../engine/facts.ts'
import { probeFacts } from '../engine/probe.ts'
import { EXIT, MachineError, stopCode } from '../errors.ts'
import { SCENES, takeScene } from '../learn/tour/scenes.ts'
import { afterScene, beforeScene, type TourPage } from '../learn/tour/text.ts'
import type { Recording, Scene, SceneName } from '../learn/tour/types.ts'
import { openWorkshop } from '../learn/tour/workshop.ts'
import { textWidth, wrap } from '../text/wrap.ts'
import { childEnvironment } from '../run/process/environment.ts'
import type { Io } from '../terminal/io.ts'

/**
 * The tour: programs that fail on purpose in images made for it, and why. Without an engine, or with --recorded, it
 * shows what was recorded, and says so. Returns 0, or 130 when the person leaves.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { switches } = commandWords(argv, 'tour')
  const json = switches.has('json')
  const facts = switches.has('recorded') ? null : await probeFacts({ engine: 'auto', env: io.env })
  const stop = stopOnSignal()
  const setup: TourSetup = { io, page: pageFor(io), pause: pauseFor(io, stop.signal), json }
  try {
    if (facts === null || facts.engine === null) return await replay(facts, setup)
    return await take(facts.engine, facts, stop.signal, setup)
  } catch (error) {
    if (stop.signal.aborted) return stopCode(String(stop.signal.reason))
    if (error instanceof Leave) return EXIT.cancelled
    throw error
  } finally {
    stop.release()
  }
}

interface TourSetup {
  readonly io: Io
  readonly page: TourPage
  /** Null when nobody can be asked. */
  readonly pause: Pause | null
  readonly json: boolean
}

/** The tour removes what it made before it leaves, so a signal only asks it to. */
const stopOnSignal = () => {
  const controller = new AbortController()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const listeners = names.map(name => [name, () => controller.abort(name)] as const)
  for (const [name, listener] of listeners) process.on(name, listener)
  return {
    signal: controller.signal,
    release: () => {
      for (const [name, listener] of listeners) process.off(name, listener)
    },
  }
}

const pageFor = ({ terminal: { colour, unicode } }: Io): TourPage => ({
  width: Math.min(textWidth(), 80),
  unicode,
  strong: text => (colour ? styleText('bold', text, { validateStream: false }) : text),
})

const pauseFor = ({ terminal }: Io, signal: AbortSignal): Pause | null => {
  if (!terminal.canAsk) return null
  const { stdin, stdout } = process
  const on = { stdin, stdout, signal, dim: (text: string) => text }
  return terminal.animate ? keyPause(on) : linePause(on)
}

const take = async (
  engine: EngineFacts,
  facts: Facts,
  signal: AbortSignal,
  setup: TourSetup,
): Promise<number> => {
  const workshop = await openWorkshop(engine, facts, childEnvironment(facts, setup.io.env), signal)
  const scenes: Scene[] = []
  try {
    if (!setup.json) await setup.io.out.write(INTRODUCTION)
    await visit(setup, async id => {
      const scene = await takeScene(id, workshop).catch((error: unknown) => {
        if (signal.aborted) throw error
        throw cannotTake(error as Error)
      })
      scenes.push(scene)
      return scene
    })
  } finally {
    await workshop.close()
  }
  if (setup.json) await setup.io.out.write(`${JSON.stringify(recordingOf(engine, scenes))}\n`)
  return EXIT.done
}

const INTRODUCTION = `
A tour of what goes wrong in small images, and why. Every command really runs; everything it
makes is removed again at the end.
`

const cannotTake = ({ message }: Error): MachineError =>
  new MachineError(message, [
    'What this machine can do: create-base-image doctor',
    'See the tour as it was recorded: create-base-image tour --recorded',
  ])

const recordingOf = (
  { kind, serverVersion, os, arch }: EngineFacts,
  scenes: Scene[],
): Recording => ({
  version: 1,
  day: today(),
  engine: `${kind === 'podman' ? 'Podman' : 'Docker'} ${serverVersion}, ${os}/${arch}`,
  scenes,
})

const replay = async (facts: Facts | null, setup: TourSetup): Promise<number> => {
  const recording = JSON.parse(readAsset('learn/tour.json')) as Recording
  if (setup.json) {
    await setup.io.out.write(`${JSON.stringify(recording)}\n`)
    return EXIT.done
  }
  const why = facts === null ? '' : `${facts.engineProblem?.what ?? 'There is no engine here.'} `
  const said = `${why}What follows was RECORDED on ${recording.day} with ${recording.engine}; nothing runs here.`
  await setup.io.out.write(`\n${wrap(said, textWidth()).join('\n')}\n`)
  await visit(setup, async id => recording.scenes.find(scene => scene.id === id)!)
  return EXIT.done
}

/** Goes from stop to stop; who can be asked decides when. */
const visit = async (
  { io, page, pause, json }: TourSetup,
  sceneOf: (id: SceneName) => Promise<Scene>,
): Promise<void> => {
  let last = ''
  for (const [i, id] of SCENES.entries()) {
    const before = beforeScene(id, i + 1, SCENES.length, page)
    if (!json) await io.out.write(before)
    if (!json) await pause?.('run it', () => last || before)
    const after = afterScene(await sceneOf(id), page)
    if (json) continue
    await io.out.write(after)
    last = before + after
    const isLast = i === SCENES.length - 1
    await pause?.(isLast ? 'the end' : 'go on', () => last)
  }
  if (!json) await io.out.write(ENDING)
}

const ENDING = `
That was all. To do it yourself: create-base-image check   The words: create-base-image explain --list
`
