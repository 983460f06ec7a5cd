import { join, relative } from 'node:path'
import { nearest } from '../text/nearest.ts'
import { commandWords } from '../ask/words.ts'
import type { EngineFacts, Facts } from '../engine/facts.ts'
import { probeFacts } from '../engine/probe.ts'
import { EXIT, MachineError, UsageError } from '../errors.ts'
import { judge } from '../learn/exercises/checks.ts'
import { engineLook, type ImageLook } from '../learn/exercises/engine.ts'
import {
  currentOf,
  exercisesFolder,
  readProgress,
  stateOf,
  writeProgress,
  type Progress,
} from '../learn/exercises/progress.ts'
import { readExercises } from '../learn/exercises/read.ts'
import { startExercise } from '../learn/exercises/start.ts'
import {
  hintsOf,
  hintText,
  listText,
  taskText,
  verdictsText,
  type Words,
} from '../learn/exercises/texts.ts'
import type { Exercise, Verdict } from '../learn/exercises/types.ts'
import { duration } from '../text/units.ts'
import { textWidth, wrap } from '../text/wrap.ts'
import { childEnvironment } from '../run/process/environment.ts'
import type { Io } from '../terminal/io.ts'
import { makeFolders } from '../text/make-folders.ts'

/**
 * Judges an exercise by the image that the learner made. Returns 0 when it is passed, 1 when it is not; 0 for the list,
 * a hint and a reset. Throws MachineError without an engine, UsageError for an exercise that is not there.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, switches, values } = commandWords(argv, 'check')
  const exercises = readExercises()
  const named = positionals[0] ?? values['reset']
  const wanted = named === undefined ? null : exerciseOf(named, exercises)
  const folder = exercisesFolder(io.cwd)
  const progress = readProgress(folder)
  if (switches.has('list')) return list(exercises, progress ?? {}, io)
  const facts = await probeFacts({ engine: engineOf(values['engine']), env: io.env, libcs: [] })
  const room: Room = {
    io,
    folder,
    exercises,
    words: { client: facts.engine?.client ?? 'docker' },
    arch: facts.engine?.arch ?? facts.arch,
    width: textWidth(),
    progress: progress ?? {},
  }
  if (values['reset'] !== undefined && wanted !== null) return reset(wanted, room)
  if (switches.has('hint')) return hint(wanted ?? currentOf(exercises, room.progress), room)
  if (progress === null && wanted === null) return begin(room)
  return check(wanted, lookWith(facts, io), room)
}

/** Where exercises are done, and how far they are. */
interface Room {
  readonly io: Io
  readonly folder: string
  readonly exercises: readonly Exercise[]
  readonly words: Words
  readonly arch: string
  readonly width: number
  progress: Progress
}

const engineOf = (text = 'auto'): 'auto' | 'docker' | 'podman' => {
  if (text === 'auto' || text === 'docker' || text === 'podman') return text
  throw new UsageError(`--engine is docker or podman here, not ${text}.`)
}

const exerciseOf = (name: string, exercises: readonly Exercise[]): Exercise => {
  const found = exercises.find((one, i) => one.name === name || String(i + 1) === name)
  if (found !== undefined) return found
  const near = nearest(
    name,
    exercises.map(one => one.name),
  )
  throw new UsageError(`There is no exercise ${name}.`, [
    near === null
      ? 'See all of them: create-base-image check --list'
      : `Did you mean ${near}?  create-base-image check ${near}`,
  ])
}

const lookWith = ({ engine, engineProblem, ...rest }: Facts, { env }: Io): ImageLook => {
  if (engine === null)
    throw new MachineError(
      `An exercise is judged by the image in an engine, and there is none. ${engineProblem?.what ?? ''}`.trim(),
      engineProblem?.todo ?? [],
    )
  return engineLook(clientFor(engine, { engine, engineProblem, ...rest }, env))
}

const clientFor = (engine: EngineFacts, facts: Facts, env: NodeJS.ProcessEnv) => ({
  program: engine.client,
  cwd: process.cwd(),
  env: childEnvironment(facts, env),
})

const list = async (exercises: readonly Exercise[], progress: Progress, io: Io) => {
  await io.out.write(listText(exercises, progress, currentOf(exercises, progress)))
  return EXIT.done
}

/** The first call makes the folder and gives the first task; nothing is passed by it. */
const begin = async (room: Room): Promise<number> => {
  const { io, exercises } = room
  await save(room)
  await io.out.write(
    `\n${exercises.length} exercises, each judged by the image that you make. They begin in ${shown(room.folder, io)}.\n\n`,
  )
  await giveTask(exercises[0]!, room)
  return EXIT.failed
}

const hint = async (exercise: Exercise | null, room: Room): Promise<number> => {
  const { io, words, width } = room
  if (exercise === null) {
    await io.out.write('You have passed all exercises; there is nothing left to hint at.\n')
    return EXIT.done
  }
  const hints = Math.min(stateOf(room.progress, exercise).hints + 1, hintsOf(exercise))
  await io.out.write(`\n${hintText(exercise, hints, { words, width })}\n`)
  await note(exercise, { hints }, room)
  return EXIT.done
}

const reset = async (exercise: Exercise, room: Room): Promise<number> => {
  await note(exercise, { passed: false, hints: 0 }, room)
  await startExercise(exercise, room.folder, { ...room, replace: true })
  await room.io.out.write(
    `${exercise.name} is open again, and its files are as they were at first; the image stays until you make it again.\n\n`,
  )
  await giveTask(exercise, room)
  return EXIT.done
}

const check = async (wanted: Exercise | null, look: ImageLook, room: Room): Promise<number> => {
  const exercise = wanted ?? currentOf(room.exercises, room.progress)
  if (exercise === null) return verifyAll(look, room)
  const passed = await judgeOne(exercise, look, room)
  await note(exercise, { passed }, room)
  if (!passed) {
    await startExercise(exercise, room.folder, { ...room, replace: false })
    await room.io.out.write(
      `${await ageOf(exercise, look)}\nNot yet. The task: ${taskPlace(exercise, room)}\nA hint: create-base-image check --hint\n`,
    )
    return EXIT.failed
  }
  await room.io.out.write(`\n${wrap(`Passed. ${exercise.learnt}`, room.width).join('\n')}\n`)
  const next = currentOf(room.exercises, room.progress)
  if (next === null) return verifyAll(look, room)
  await room.io.out.write('\nNext: ')
  await giveTask(next, room)
  return EXIT.done
}

/** Whoever has just changed something sees by it whether that is in the image. */
const ageOf = async ({ image }: Exercise, look: ImageLook): Promise<string> => {
  const found = await look.inspect(image)
  const seconds = found === null ? 0 : (Date.now() - found.created) / 1000
  // What is dated for the sake of the same bytes has no age.
  if (found === null || found.created === 0 || seconds < 0 || seconds > LONGEST_AGE) return ''
  return `\nThe image is ${duration(seconds)} old; a build that fails leaves it as it was.\n`
}

/** Seconds in a month. */
const LONGEST_AGE = 30 * 24 * 3600

const judgeOne = async (exercise: Exercise, look: ImageLook, room: Room): Promise<boolean> => {
  const { io, exercises, width } = room
  const number = exercises.indexOf(exercise) + 1
  const verdicts = await judge(exercise, look)
  await io.out.write(
    `\nExercise ${number} of ${exercises.length}: ${exercise.title}\n\n${verdictsText(verdicts, width)}`,
  )
  return hasPassed(verdicts)
}

const hasPassed = (verdicts: readonly Verdict[]): boolean =>
  verdicts.length > 1 && verdicts.every(({ passed }) => passed)

/** What was right once may have been overwritten since, so at the end everything is looked at again. */
const verifyAll = async (look: ImageLook, room: Room): Promise<number> => {
  const { io, exercises, words } = room
  await io.out.write('\nYou have passed every exercise. Each image is checked once more:\n\n')
  const failed: Exercise[] = []
  const gone: Exercise[] = []
  for (const exercise of exercises) {
    const verdicts = await judge(exercise, look)
    const passed = hasPassed(verdicts)
    const isThere = verdicts.length > 1
    await io.out.write(`  ${passed ? 'ok' : isThere ? 'no' : '--'}  ${exercise.title}\n`)
    if (passed) continue
    if (isThere) {
      failed.push(exercise)
      await note(exercise, { passed: false }, room)
    } else gone.push(exercise)
  }
  const names = (all: readonly Exercise[]): string => all.map(({ name }) => name).join(', ')
  const lines = [
    ...(failed.length === 0
      ? []
      : [`${names(failed)}: no longer as it was. Go on: create-base-image check`]),
    // They were passed with another engine, or the images were removed since.
    ...(gone.length === 0
      ? []
      : [`${names(gone)}: passed, but ${words.client} has no such image now.`]),
  ]
  await io.out.write(
    lines.length === 0
      ? `\nAll ${exercises.length} still pass. You can make an image with this tool, and without it.\n`
      : `\n${lines.flatMap(line => wrap(line, room.width)).join('\n')}\n`,
  )
  return lines.length === 0 ? EXIT.done : EXIT.failed
}

const giveTask = async (exercise: Exercise, room: Room): Promise<void> => {
  const { io, folder, words, width } = room
  await startExercise(exercise, folder, { ...room, replace: false })
  await io.out.write(
    `${taskText(exercise, { place: shown(join(folder, exercise.name), io), words, width })}When it is done: create-base-image check\nA hint: create-base-image check --hint\n`,
  )
}

const note = (
  exercise: Exercise,
  change: Partial<ReturnType<typeof stateOf>>,
  room: Room,
): Promise<void> => {
  const state = { ...stateOf(room.progress, exercise), ...change }
  room.progress = { ...room.progress, [exercise.name]: state }
  return save(room)
}

const save = async ({ folder, exercises, progress }: Room): Promise<void> => {
  await makeFolders(folder)
  await writeProgress(folder, exercises, progress)
}

const taskPlace = ({ name }: Exercise, { folder, io }: Room): string =>
  shown(join(folder, name, 'TASK.md'), io)

const shown = (path: string, { cwd }: Io): string => {
  const near = relative(cwd, path)
  return near === '' ? 'this folder' : near
}
