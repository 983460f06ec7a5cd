import type { Given, MinimalAnswers } from '../../ask/answers.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import { MachineError } from '../../errors.ts'
import { ARCHES } from '../../catalog/arches.ts'
import { builderPackages, crossCompiler } from './compiler.ts'

/** How the program comes to be: compiled here or in a container, written by us, or ready as it is. */
export type ProgramSource = 'host' | 'container' | 'raw' | 'ready'

/**
 * Where the program comes from, and what the person must know of it.
 * Throws MachineError when none of the allowed sources is open on this machine.
 */
export const chooseProgramSource = (
  given: Given<MinimalAnswers>,
  facts: Facts,
  engine: EngineFacts | null,
  arch: Arch,
): { programSource: ProgramSource; notices: string[] } => {
  const { program, compileIn } = given.answers
  if (program.kind === 'binary') return { programSource: 'ready', notices: [] }
  if (program.kind === 'raw') return { programSource: checkRaw(arch), notices: [] }
  const whyNotHere = hostObstacle(given, facts, arch)
  if (compileIn === 'host') {
    if (whyNotHere === null) return { programSource: 'host', notices: [] }
    throw new MachineError(
      `--compile-in host can't be done: ${whyNotHere}.`,
      todoForHost(facts, given),
    )
  }
  if (compileIn === 'auto' && whyNotHere === null) return { programSource: 'host', notices: [] }
  if (engine !== null) return { programSource: 'container', notices: [] }
  if (compileIn === 'container') throw noEngine(given, facts)
  if (facts.compiler.problem !== undefined && facts.arch === arch)
    throw new MachineError(`Nothing can be compiled here: ${facts.compiler.problem}.`, TEMPORARY)
  if (!given.programNamed && ARCHES.includes(arch))
    return { programSource: 'raw', notices: fallbackNotice(given, facts, arch) }
  throw new MachineError(
    `Nothing here can compile the program: ${whyNotHere}, and no engine answered.`,
    [...todoForHost(facts, given), 'Or take a program that needs no compiler: --program raw'],
  )
}

/** What to do about a temporary folder that takes no files. */
const TEMPORARY = [
  'Make room in it, or name another one in the environment: TMPDIR=/path',
] as string[]

const checkRaw = (arch: Arch): ProgramSource => {
  if (ARCHES.includes(arch)) return 'raw'
  throw new MachineError(`--program raw is written for ${ARCHES.join(', ')}, not for ${arch}.`, [
    'Compile a C file instead: --program hello.c',
  ])
}

const hostObstacle = (
  { answers }: Given<MinimalAnswers>,
  facts: Facts,
  arch: Arch,
): string | null => {
  if (facts.platform !== 'linux') return 'this system makes no Linux programs by itself'
  if (answers.archs.length > 0) return crossObstacle(answers, facts)
  if (facts.arch !== arch) return `this machine compiles for ${facts.arch}, not for ${arch}`
  if (facts.compiler.problem !== undefined) return facts.compiler.problem
  if (answers.libc === 'musl')
    return facts.compiler.muslGcc === null ? 'there is no musl-gcc that links statically' : null
  return facts.compiler.cc === null ? 'there is no C compiler that links statically' : null
}

const crossObstacle = ({ archs }: MinimalAnswers, { compiler }: Facts): string | null => {
  if (compiler.problem !== undefined) return compiler.problem
  const missing = archs.filter(arch => !compiler.cross?.includes(arch))
  return missing.length === 0 ? null : `there is no ${missing.map(crossCompiler).join(', no ')}`
}

const todoForHost = (facts: Facts, given: Given<MinimalAnswers>): string[] => {
  if (facts.compiler.problem !== undefined) return TEMPORARY
  if (facts.platform !== 'linux')
    return ['Install Docker Desktop and start it, then leave --compile-in out.']
  return [`On Debian or Ubuntu: sudo apt-get install --yes ${packagesFor(given, facts)}`]
}

const packagesFor = ({ answers }: Given<MinimalAnswers>, { arch }: Facts): string =>
  builderPackages(answers, arch).join(' ')

const noEngine = ({ answers }: Given<MinimalAnswers>, facts: Facts): MachineError => {
  if (answers.engine === 'none') {
    return new MachineError(
      '--compile-in container needs an engine, and --engine none forbids one.',
      ['Leave one of the two out.'],
    )
  }
  return new MachineError(
    `--compile-in container needs an engine. ${facts.engineProblem?.what ?? ''}`.trim(),
    facts.engineProblem?.todo ?? [],
  )
}

/** The answers stay the same, so the same command continues in the folder once there is a compiler. */
const fallbackNotice = (given: Given<MinimalAnswers>, facts: Facts, arch: Arch): string[] => {
  const compiles =
    facts.platform === 'linux' && (facts.arch === arch || given.answers.archs.length > 0)
  const missing = compiles
    ? `sudo apt-get install --yes ${packagesFor(given, facts)}`
    : 'start Docker'
  return [
    `hello.c can't be compiled here: ${hostObstacle(given, facts, arch)}, and no engine answered.`,
    `A program of two system calls that also says hello takes its place (--program raw). For hello.c: ${missing}, then run the same command again.`,
  ]
}
