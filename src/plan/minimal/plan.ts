import { join } from 'node:path'
import type { Given, MinimalAnswers } from '../../ask/answers.ts'
import { savedAnswers } from '../../ask/saved.ts'
import type { Facts } from '../../engine/facts.ts'
import { packAndProve, PRIVATE_ROOT } from '../archive-steps.ts'
import { buildAndRun, checkEngine } from '../engine-steps.ts'
import { chooseEngine, engineNotices, outputNotice } from '../engine-choice.ts'
import { extraSteps, hasFiles } from './extras.ts'
import { FILES, programName, shownPath, sourceName, ZONE_ROOM } from '../names.ts'
import { inspectProgram, makeProgram } from './program-steps.ts'
import { projectFiles, writeFiles } from '../project-files.ts'
import type { MinimalInputs } from './inputs.ts'
import type { Plan } from '../types.ts'
import { chooseProgramSource } from './program-source.ts'

/**
 * The plan of a minimal image. Pure: the same answers and facts give the same plan.
 * Throws MachineError when the answers ask for what the machine lacks.
 */
export const minimalPlan = (given: Given<MinimalAnswers>, facts: Facts): Plan => {
  const engine = chooseEngine(given.answers, facts)
  const arch = given.answers.arch ?? engine?.arch ?? facts.arch
  const { programSource, notices } = chooseProgramSource(given, facts, engine, arch)
  const inputs: MinimalInputs = {
    given,
    facts,
    engine,
    arch,
    programSource,
    name: programName(given.answers.program),
  }
  const extras = extraSteps(inputs)
  const archive = engine === null ? given.places.output : null
  return {
    version: 1,
    journey: 'minimal',
    headline: `minimal image · ${[whatGoesIn(inputs), ...given.answers.with].join(' + ')} · linux/${arch} → ${given.answers.tag}`,
    image: { reference: given.answers.tag, arch, archive },
    directory: given.places.directory,
    answers: savedAnswers(given.answers),
    notices: [
      ...engineNotices(given.answers, facts),
      ...notices,
      ...outputNotice(given.places.outputNamed, engine),
    ],
    proof: proofOf(inputs),
    contents: {
      files: [inputs.name],
      tree: hasFiles(given.answers) ? FILES : null,
      readyAfter: extras.at(-1)?.id ?? 'inspect',
    },
    secrets: [],
    temporary: [PRIVATE_ROOT, ZONE_ROOM],
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
        : buildAndRun(inputs, engine)),
    ],
    next: nextCommands(inputs),
  }
}

const whatGoesIn = ({ given, programSource, name }: MinimalInputs): string => {
  if (programSource === 'raw') return 'a program of two system calls'
  return programSource === 'ready' ? name : sourceName(given.answers.program)
}

const FILES_WHY =
  'A Dockerfile says what goes into an image. FROM scratch starts from the empty image: nothing is inherited from a parent image, and that makes yours a base image.'

const proofOf = ({ engine, facts, arch, programSource }: MinimalInputs): Plan['proof'] => {
  if (engine !== null) return { how: 'run in a container by the engine' }
  if (facts.platform !== 'linux')
    return {
      whyNot:
        'a Linux program does not run on this system; docker load and docker run would prove it',
    }
  if (facts.arch !== arch)
    return {
      whyNot: `this machine is ${facts.arch}, the image ${arch}; an engine on ${arch} would prove it`,
    }
  if (facts.privateRoot?.kind === 'namespaces')
    return { how: 'run in namespaces of its own, with the unpacked image as its root folder' }
  if (facts.privateRoot?.kind === 'chroot')
    return { how: 'run with the unpacked image as its root folder (chroot)' }
  if (programSource === 'ready')
    return {
      whyNot:
        'a program we did not make runs only in a container or a private root, and neither is to be had here',
    }
  return { how: 'run directly on this machine, not inside the image' }
}

const nextCommands = ({ engine, given, programSource, name }: MinimalInputs): string[][] => {
  const { answers, places } = given
  const archive = shownPath(places.from, places.output)
  if (engine === null) {
    return [
      ['docker', 'load', '--input', archive],
      ['docker', 'run', '--rm', answers.tag],
      [...OURS, 'inspect', archive],
    ]
  }
  const extras = answers.with.length === 0 ? [] : ['--with', answers.with.join(',')]
  const compiled = programSource === 'host' || programSource === 'container'
  return [
    [engine.client, 'run', '--rm', answers.tag],
    [...OURS, 'inspect', shownPath(places.from, join(places.directory, name))],
    compiled && answers.libc === 'glibc'
      ? [...OURS, '--yes', '--libc', 'musl', ...extras, '--tag', 'smaller']
      : [engine.client, 'history', answers.tag],
  ]
}

/** How a person calls us who has installed nothing. */
const OURS = ['npx', 'create-base-image']
