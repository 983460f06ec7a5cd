import { oneOf } from '../ask/one-of.ts'
import { today } from '../ask/today.ts'
import { commandWords } from '../ask/words.ts'
import { archivesOf } from '../catalog/archives.ts'
import { standardRelease } from '../catalog/releases.ts'
import type { EngineFacts, Facts } from '../engine/facts.ts'
import { probeFacts } from '../engine/probe.ts'
import { EXIT } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { beside, textWidth, wrap } from '../text/wrap.ts'
import type { Check } from './doctor/check.ts'
import { askRoom, type EngineRoom } from './doctor/engine.ts'
import { defaultsCheck } from './doctor/defaults.ts'
import { diskChecks, memoryCheck, terminalCheck } from './doctor/machine.ts'
import { networkChecks, proxyChecks } from './doctor/network.ts'
import { counted } from '../text/units.ts'

/**
 * Tells on one screen what this machine can do for us, and what to fix: engine, builder, disk, network, proxies,
 * clock, memory, terminal. Returns 0 with an engine, 3 without.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { switches, values } = commandWords(argv, 'doctor')
  const engine = oneOf('engine', ['auto', 'docker', 'podman'], values.engine ?? 'auto')
  const facts = await probeFacts({ engine, env: io.env, kernelRoot: true })
  const room = await askRoom(facts, io.env)
  const checks = await checksOf(facts, room, io)
  await io.out.write(
    switches.has('json')
      ? `${JSON.stringify({ ...facts, checks })}\n`
      : screenText(facts, room, checks),
  )
  return facts.engine === null ? EXIT.machine : EXIT.done
}

/** Docker's own registry: the builders come from there. */
const REGISTRY = 'https://registry-1.docker.io'

const checksOf = async (facts: Facts, room: EngineRoom | null, io: Io): Promise<Check[]> => {
  const mirror = facts.archive?.archive ?? archivesOf(releaseNow(), facts.arch).archive
  const [disks, network] = await Promise.all([
    diskChecks(io.cwd, room?.root ?? null),
    networkChecks(mirror, REGISTRY, io.env),
  ])
  const proxies = proxyChecks(io.env, mirror, room?.proxy ?? null)
  return [
    ...disks,
    ...network,
    ...(facts.engine === null ? proxies.slice(0, 1) : proxies),
    memoryCheck(),
    defaultsCheck(io.env),
    terminalCheck(io.terminal),
  ]
}

const releaseNow = () => standardRelease('ubuntu', today())

const screenText = (facts: Facts, room: EngineRoom | null, checks: readonly Check[]): string =>
  [
    ['This machine', `${facts.platform}, ${facts.arch}`],
    ['Engine', engineText(facts)],
    ...(facts.engineProblem?.todo ?? []).map(todo => ['', `-> ${todo}`]),
    ...(facts.engine === null ? [] : [['Builder', builderText(facts.engine, room)]]),
    ['Compiler', compilerText(facts)],
    ['Bootstrap on this machine', bootstrapText(facts)],
    ['Full without an engine', kernelRootText(facts)],
    ...(facts.kernelRoot?.problem?.todo ?? []).map(todo => ['', `-> ${todo}`]),
    ['Proof without an engine', privateRootText(facts)],
    ...checks.flatMap(({ name, says, state, todo }) => [
      [name, `${MARKS[state]}${says}`],
      ...todo.map(line => ['', `-> ${line}`]),
    ]),
  ]
    .flatMap(([name = '', value = '']) => rowLines(name, value, textWidth()))
    .map(line => `${line}\n`)
    .join('')

/** Returns a row in lines of at most `width` columns; a narrow window has a name above what is said of it. */
export const rowLines = (name: string, value: string, width: number): string[] => {
  if (width >= 60) return beside(name, value, 26, width)
  const lines = wrap(value, width, '  ')
  return name === '' ? lines : [name, ...lines]
}

/** Said in words, because colours and signs are not everybody's. */
const MARKS = { ok: '', warn: 'look here: ', bad: 'fix this: ', unknown: 'not known: ' } as const

const builderText = (engine: EngineFacts, room: EngineRoom | null): string => {
  const store = engine.store === 'containerd' ? 'containerd' : 'classic'
  const prepared = counted(room?.builders ?? 0, 'prepared image')
  return `${BUILDERS[engine.builder]}; ${store} store; ${prepared}`
}

const BUILDERS = {
  classic: 'the classic one',
  'buildkit-plain': 'BuildKit, with plain progress',
  'buildkit-json': 'BuildKit, with JSON progress',
  podman: "Podman's own",
} as const

const PRIVATE_ROOTS = {
  namespaces: 'yes: namespaces of its own, with the image as the root folder',
  chroot: 'yes: chroot into the image',
} as const

/** It is looked for only where no engine is, as is a private root. */
const kernelRootText = ({ platform, kernelRoot, engine }: Facts): string => {
  if (platform !== 'linux') return "no: a full image's packages set themselves up on Linux"
  if (kernelRoot === undefined) return NOT_LOOKED_FOR[engine === null ? 'none' : 'engine']
  const { problem } = kernelRoot
  return problem === null
    ? "yes: in namespaces of this machine's own kernel"
    : `no: ${problem.what}`
}

const NOT_LOOKED_FOR = {
  engine: 'not looked for, because there is an engine',
  none: 'not looked for',
} as const

const privateRootText = ({ engine, privateRoot }: Facts): string => {
  if (privateRoot !== null) return PRIVATE_ROOTS[privateRoot.kind]
  return engine === null ? 'no: neither unshare nor chroot can be used here' : NOT_LOOKED_FOR.engine
}

const engineText = ({ engine, engineProblem }: Facts): string => {
  if (engine === null) return engineProblem?.what ?? 'none'
  const where = engine.remote ? ', over the network' : ''
  const rights = engine.rootless ? ', rootless' : ''
  const name = engine.kind === 'podman' ? 'Podman' : 'Docker'
  return `${name} ${engine.serverVersion}, ${engine.os}/${engine.arch}${rights}${where}; client ${engine.clientVersion}`
}

const bootstrapText = ({ host }: Facts): string => {
  if (host === null) return 'no: debootstrap needs Linux'
  if (host.debootstrap === null)
    return 'no: debootstrap is not here (on Debian or Ubuntu: sudo apt-get install --yes debootstrap)'
  if (host.root === null) return 'no: it needs root, and there is no sudo'
  return `yes: ${host.debootstrap}, ${host.root === 'root' ? 'as root' : 'by sudo'}`
}

const compilerText = ({ compiler, platform }: Facts): string => {
  if (platform !== 'linux') return 'in a container (a Linux program is needed)'
  const found = [compiler.cc, compiler.muslGcc].filter(name => name !== null)
  return found.length === 0
    ? 'none that links statically'
    : `${found.join(' and ')}, linking statically`
}
