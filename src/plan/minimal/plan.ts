import { join } from 'node:path'
import type { Given, MinimalAnswers } from '../../ask/answers.ts'
import { commandLineOf, commandWordsOf, OURS } from '../command-line.ts'
import { shortName } from '../../ask/questions/tag.ts'
import { savedAnswers } from '../../ask/saved.ts'
import type { EngineFacts, Facts } from '../../engine/facts.ts'
import { lineFor } from '../../text/shell-words.ts'
import { packAndProve, PRIVATE_ROOT, proofHere } from '../archive-steps.ts'
import { buildAndRun, checkEngine, proofCommand } from '../engine-steps.ts'
import { chooseEngine, engineNotices, outputNotice } from '../engine-choice.ts'
import { extraSteps, hasFiles } from './extras.ts'
import {
  ARCHIVE_BEFORE,
  FILES,
  LOADED,
  MADE,
  programName,
  runScript,
  SBOMS,
  shownPath,
  sourceName,
  ZONE_ROOM,
} from '../names.ts'
import { inspectProgram, makeProgram } from './program-steps.ts'
import { projectFiles, writeFiles } from '../project-files.ts'
import type { MinimalInputs } from './inputs.ts'
import { publishOptions } from '../run-notes.ts'
import { loadAndRun } from './several.ts'
import { toMusl } from './to-musl.ts'
import type { Plan } from '../types.ts'
import { chooseProgramSource } from './program-source.ts'

/**
 * The plan of a minimal image. Pure: the same answers and facts give the same plan.
 * Throws MachineError when the answers ask for what the machine lacks.
 */
export const minimalPlan = (given: Given<MinimalAnswers>, facts: Facts): Plan => {
  const engine = chooseEngine(given.answers, facts)
  const here = engine?.arch ?? facts.arch
  const { archs } = given.answers
  const arch = given.answers.arch ?? archs.find(one => one === here) ?? archs[0] ?? here
  const several = archs.length > 0
  const { programSource, notices } = chooseProgramSource(given, facts, engine, arch)
  const inputs: MinimalInputs = {
    given,
    facts,
    engine,
    arch,
    archs,
    programSource,
    name: programName(given.answers.program),
  }
  const extras = extraSteps(inputs)
  const archive = engine === null || several ? given.places.output : null
  return {
    version: 1,
    journey: 'minimal',
    headline: `minimal image · ${[whatGoesIn(inputs), ...given.answers.with].join(' + ')} · ${platformsOf(inputs)} → ${given.answers.tag}`,
    image: { reference: given.answers.tag, arch, ...(several ? { archs } : {}), archive },
    directory: given.places.directory,
    answers: savedAnswers(given.answers),
    notices: [
      ...engineNotices(given.answers, facts),
      ...notices,
      ...oldBuilderNotice(inputs),
      ...(several ? [] : outputNotice(given.places.outputNamed, engine)),
    ],
    proof: proofOf(inputs),
    contents: several
      ? null
      : {
          files: [inputs.name],
          tree: hasFiles(given.answers) ? FILES : null,
          readyAfter: extras.at(-1)?.id ?? 'inspect',
        },
    secrets: [],
    temporary: [PRIVATE_ROOT, ZONE_ROOM, ARCHIVE_BEFORE, LOADED, MADE],
    rootFolder: null,
    unproven: null,
    steps: [
      ...(engine === null ? [] : [checkEngine(engine)]),
      writeFiles(projectFiles(inputs), given.places, FILES_WHY),
      ...makeProgram(inputs),
      inspectProgram(inputs),
      ...extras,
      ...(engine === null
        ? packAndProve(inputs, given.places.output)
        : several
          ? loadAndRun(inputs, engine)
          : buildAndRun(inputs, engine)),
    ],
    next: nextCommands(inputs),
    keeps: SBOMS,
    page: [],
    nextOfServer: nextOfServer(inputs),
    namedBy: engine === null ? 'pack' : several ? 'load' : 'build',
    commandLine: commandLineOf(given),
  }
}

const platformsOf = ({ arch, archs }: MinimalInputs): string =>
  (archs.length > 0 ? archs : [arch]).map(one => `linux/${one}`).join(', ')

const whatGoesIn = ({ given, programSource, name }: MinimalInputs): string => {
  if (programSource === 'raw') return 'a program of two system calls'
  return programSource === 'ready' ? name : sourceName(given.answers.program)
}

const FILES_WHY =
  'A Dockerfile says what goes into an image. FROM scratch starts from the empty image: nothing is inherited from a parent image, and that makes yours a base image.'

/** The lesson's own builder stays the default, though it has ended (https://ubuntu.com/about/release-cycle). */
const oldBuilderNotice = ({ given, facts, programSource }: MinimalInputs): string[] => {
  if (programSource !== 'container' || given.answers.builder !== OLD_BUILDER.image) return []
  if (given.today < OLD_BUILDER.ended) return []
  const newer = lineFor(
    facts.platform,
    commandWordsOf(commandLineOf(given), '--builder ubuntu:24.04'),
  )
  return [
    `It is compiled in ${OLD_BUILDER.image}, as in Docker's lesson, whose free updates ended in May 2025. The C library is all that gets into your program; a newer one: ${newer}`,
  ]
}

const OLD_BUILDER = { image: 'ubuntu:20.04', ended: '2025-05-31' }

const proofOf = ({ given, engine, facts, arch, programSource }: MinimalInputs): Plan['proof'] => {
  const { archs } = given.answers
  const others = archs.filter(one => one !== arch)
  const rest = others.length > 0 ? `; for ${others.join(', ')} its file was inspected` : ''
  if (engine !== null) return { how: `run in a container by the engine${rest}` }
  if (facts.platform === 'linux' && facts.arch !== arch)
    return {
      whyNot: `this machine is ${facts.arch}, the image ${arch}; an engine on ${arch} would prove it`,
    }
  const here = proofHere(facts, rest)
  if (here !== null) return here
  if (programSource === 'ready')
    return {
      whyNot:
        'a program we did not make runs only in a container or a private root, and neither is available here',
    }
  return { how: `run directly on this machine, not inside the image${rest}` }
}

const nextCommands = (inputs: MinimalInputs): string[][] => {
  const { engine } = inputs
  const run = [...runWords(inputs), ...proofCommand(inputs)]
  if (inputs.archs.length > 0) return nextOfSeveral(inputs, run)
  return engine === null
    ? [loadCommand(inputs), run, inspectArchive(inputs)]
    : [run, ...after(inputs, engine)]
}

/** A registry takes all of them from the archive; an engine has one. */
const nextOfSeveral = (inputs: MinimalInputs, run: string[]): string[][] => {
  const { engine, given } = inputs
  const from = `oci-archive:${shownPath(given.places.from, given.places.output)}`
  return [
    ...(engine === null ? [loadCommand(inputs)] : []),
    run,
    inspectArchive(inputs),
    ['skopeo', 'copy', '--all', from, `docker://REGISTRY/${given.answers.tag}`],
  ]
}

/** As process 1 of its container a program does not hear Ctrl-C; the engine's init hands it on. */
const nextOfServer = (inputs: MinimalInputs): string[][] => {
  const { engine } = inputs
  const run =
    engine?.kind === 'podman'
      ? inBackground(inputs)
      : [[...runWords(inputs, '--init'), ...proofCommand(inputs)]]
  return engine === null
    ? [loadCommand(inputs), ...run, inspectArchive(inputs)]
    : [...run, ...after(inputs, engine).slice(run.length - 1)]
}

const runWords = (
  { engine, given, arch, facts }: MinimalInputs,
  ...options: string[]
): string[] => [
  engine?.client ?? 'docker',
  'run',
  '--rm',
  ...options,
  ...publishOptions(given.answers.settings),
  ...(arch === (engine ?? facts).arch ? [] : ['--platform', `linux/${arch}`]),
  given.answers.tag,
]

/** Podman's init is a program that few have installed, so a server of its own is ended from outside. */
const inBackground = (inputs: MinimalInputs): string[][] => {
  const name = shortName(inputs.given.answers.tag)
  return [
    [...runWords(inputs, '--detach', '--name', name), ...proofCommand(inputs)],
    ['podman', 'logs', name],
    ['podman', 'rm', '--force', '--time', '0', name],
  ]
}

const loadCommand = ({ given: { places } }: MinimalInputs): string[] => [
  'docker',
  'load',
  '--input',
  shownPath(places.from, places.output),
]

const inspectArchive = ({ given: { places } }: MinimalInputs): string[] => [
  ...OURS,
  'inspect',
  shownPath(places.from, places.output),
]

const after = (
  { given, programSource, name, facts }: MinimalInputs,
  engine: EngineFacts,
): string[][] => {
  const { answers, places } = given
  const compiled = programSource === 'host' || programSource === 'container'
  const line = commandLineOf(given)
  const musl = compiled && answers.libc === 'glibc' ? toMusl(line, facts) : null
  return [
    [...OURS, 'inspect', shownPath(places.from, join(places.directory, name))],
    musl !== null
      ? commandWordsOf(line, `${musl} ${SMALLER}`)
      : [engine.client, 'history', answers.tag],
    runScript(places, facts.platform),
    // Whoever made the bundled program is here to learn.
    ...(answers.program.kind === 'bundled' ? [[...OURS, 'tour']] : []),
  ]
}

/** In a folder of its own, because the one that was made belongs to its own answers. */
const SMALLER = '--tag smaller -directory'
