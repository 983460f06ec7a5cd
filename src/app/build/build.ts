import { availableParallelism, freemem } from 'node:os'
import { dirname, relative } from 'node:path'
import type { Given } from '../../ask/answers.ts'
import { readImages, IMAGES_FILE, type ImagesFile } from '../../ask/images/file.ts'
import { forEachRow, rowsOf, type ImageRow } from '../../ask/images/rows.ts'
import { lockIn } from '../../ask/locked.ts'
import { nearest } from '../../text/nearest.ts'
import { oneOf } from '../../ask/one-of.ts'
import { oneArch } from '../../ask/questions/arch.ts'
import { commandWords } from '../../ask/words.ts'
import { admitGiven } from '../../commands/admit.ts'
import { withLoginsNotice } from '../logins-notice.ts'
import { archOf } from '../../engine/arch.ts'
import type { Facts } from '../../engine/facts.ts'
import { EXIT, isPlainError, UsageError } from '../../errors.ts'
import { planFor } from '../../plan/plan.ts'
import { MANY_KINDS } from '../../plan/script/many.ts'
import { printPlan } from '../../plan/print.ts'
import { publicPlan } from '../../plan/public-plan.ts'
import { keepYoungHeapSmall } from '../../run/process/memory.ts'
import type { Io } from '../../terminal/io.ts'
import { becomeRoot } from '../perform.ts'
import { leaveAtOnce, stopSignals, type Stop } from '../signals.ts'
import { givensOf, probed, type Sending } from './givens.ts'
import { runAll, type Task } from './run-all.ts'
import { buildViewFor } from './view.ts'

/**
 * Makes the images of a base-images.json, or those of them that are named. Returns the exit code. Throws UsageError
 * before anything is made for a file that can't be right, naming the image it is wrong for.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, values, switches } = commandWords(argv, 'build')
  if (switches.has('schema')) return printSchema(io)
  const jobs = jobsOf(values.jobs)
  const file = readImages(values.file ?? IMAGES_FILE, io.cwd)
  const some = forArch(chosen(rowsOf(file), positionals, file), values.arch, file)
  const rows = switches.has('locked') ? forEachRow(some, lockedRow) : some
  if (values.script !== undefined)
    return printMany(values.script, file, rows, { push: values.push }, io)
  const stop = stopSignals(leaveAtOnce)
  try {
    const tasks = await tasksOf(
      file,
      values.push === undefined ? rows.map(rowHere) : rows,
      { push: values.push, sign: values.sign, signal: stop.signal },
      io,
    )
    if (switches.has('plan')) return await showPlans(tasks, switches.has('json'), io)
    return await make(tasks, { jobs, switches }, stop, io)
  } finally {
    stop.release()
  }
}

const printSchema = async (io: Io): Promise<number> => {
  const { imagesSchema } = await import('../../ask/images/json-schema.ts')
  await io.out.write(`${JSON.stringify(imagesSchema(), null, 2)}\n`)
  return EXIT.done
}

const make = async (
  tasks: readonly Task[],
  { jobs, switches }: { readonly jobs: number; readonly switches: ReadonlySet<string> },
  stop: Stop,
  io: Io,
): Promise<number> => {
  keepYoungHeapSmall()
  const plans = tasks.flatMap(({ work }) => ('plan' in work ? [work.plan] : []))
  const root = await becomeRoot(plans, io)
  const shown = { json: switches.has('json'), verbose: switches.has('verbose') }
  const view = await buildViewFor(shown, () => stop.stop('SIGINT'), io)
  try {
    return await runAll(tasks, view, {
      jobs,
      force: switches.has('force'),
      signal: stop.signal,
      io,
    })
  } finally {
    await view.close()
    root.abort()
  }
}

/** The part of each image that is for that architecture, where one image has several: CI makes them apart. */
const forArch = (
  rows: readonly ImageRow[],
  text: string | undefined,
  { path }: ImagesFile,
): readonly ImageRow[] => {
  if (text === undefined) return rows
  const arch = oneArch(text)
  const some = rows.filter(({ archs }) => archs.length === 0 || archs.includes(arch))
  if (some.length === 0)
    throw new UsageError(`None of the images in ${path} is for ${arch}.`, [
      'Leave --arch out, or add it to "arch" in the file.',
    ])
  return some.map(row => ({ ...row, archs: [arch] }))
}

/**
 * Of a full image for several architectures, the one for this machine, because each needs a machine of its own. What is pushed
 * stays whole: one architecture would replace all.
 */
const rowHere = (row: ImageRow): ImageRow => {
  const own = archOf(process.arch)
  const isPart = row.texts.kind === 'full' && row.archs.length > 1 && row.archs.includes(own)
  return isPart ? { ...row, archs: [own], others: row.archs.filter(arch => arch !== own) } : row
}

/** The image as the lock in its project folder has it, if there is one for this architecture. */
const lockedRow = (row: ImageRow): ImageRow => {
  const { kind, locked } = row.texts
  const lock = kind === 'full' && locked === undefined ? lockIn(row.folder, row.archs) : null
  return lock === null ? row : { ...row, texts: { ...row.texts, locked: lock } }
}

const printMany = async (
  text: string,
  file: ImagesFile,
  rows: readonly ImageRow[],
  sending: Sending,
  io: Io,
): Promise<number> => {
  const kind = oneOf('script', MANY_KINDS, text)
  const { scriptOfMany } = await import('./scripts.ts')
  const givens = await givensOf(
    file,
    rows.map(row => ({ ...row, archs: row.archs.slice(0, 1) })),
    io.cwd,
    sending,
  )
  const wanted = givens.map((given, at) => ({ given, archs: rows[at]!.archs }))
  await io.out.write(scriptOfMany(kind, wanted, relative(io.cwd, file.path), dirname(file.path)))
  return EXIT.done
}

/** Memory that a container, the program that reads it and the engine take together, about. */
const BYTES_EACH = 700e6

/** More than there are processors, because some always wait: for the engine, the disk, or their turn. */
const WAITING = 2

/** As many at once as there are processors and memory for. Throws UsageError for anything but a number from 1. */
const jobsOf = (text: string | undefined): number => {
  if (text === undefined) {
    const most = availableParallelism() + WAITING
    return Math.max(1, Math.min(most, Math.floor(freemem() / BYTES_EACH)))
  }
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new UsageError(`--jobs takes a number of images to make at once, not "${text}".`, [
    'For example: --jobs 4',
  ])
}

/** The rows that are named, in the order of the file; all without a name. Throws UsageError for an unknown one. */
const chosen = (
  rows: readonly ImageRow[],
  names: readonly string[],
  { path }: ImagesFile,
): readonly ImageRow[] => {
  const known = rows.map(({ name }) => name)
  for (const name of names) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw new UsageError(`${path} has no image ${name}.`, [
      near === null ? `It has: ${known.slice(0, 20).join(', ')}.` : `Did you mean ${near}?`,
    ])
  }
  return names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name))
}

/** Plans every row before the first is made, so that what is wrong in the file is reported at once. */
const tasksOf = async (
  file: ImagesFile,
  rows: readonly ImageRow[],
  { signal, ...sending }: Sending & { readonly signal: AbortSignal },
  io: Io,
): Promise<readonly Task[]> => {
  const givens = await givensOf(file, rows, io.cwd, sending)
  const facts = new Map<string, Facts>()
  const tasks: Task[] = []
  for (const [at, given] of givens.entries()) {
    const { engine } = given.answers
    const known = facts.get(engine) ?? (await probed(givens, engine, signal, io))
    facts.set(engine, known)
    tasks.push(await taskOf(given, known, partNotes(rows[at]!), io))
  }
  return tasks
}

const partNotes = ({ archs, others = [] }: ImageRow): readonly string[] =>
  others.length === 0
    ? []
    : [
        `It is made for ${archs.join()}, this machine's own, of several: --arch ${others[0]} makes another, where that can be run.`,
      ]

const taskOf = async (
  given: Given,
  facts: Facts,
  notes: readonly string[],
  { env }: Io,
): Promise<Task> => {
  const { answers, places } = given
  const task = { name: answers.tag, folder: places.directory }
  try {
    const plan = withLoginsNotice(planFor(given, facts), given, facts)
    await admitGiven(given, plan.image.arch, env)
    return { ...task, work: { plan: { ...plan, notices: [...notes, ...plan.notices] }, facts } }
  } catch (error) {
    if (isPlainError(error)) return { ...task, work: { cannot: error } }
    throw error
  }
}

const showPlans = async (tasks: readonly Task[], json: boolean, io: Io): Promise<number> => {
  const told = tasks.map(({ name, folder, work }) =>
    'plan' in work
      ? { name, folder, plan: publicPlan(work.plan) }
      : { name, folder, problem: work.cannot.message },
  )
  const text = told.map(one =>
    'plan' in one ? printPlan(one.plan) : `${one.name}: ${one.problem}\n`,
  )
  await io.out.write(json ? `${JSON.stringify({ version: 1, images: told })}\n` : text.join('\n'))
  return told.every(one => 'plan' in one) ? EXIT.done : EXIT.failed
}
