import type { FullAnswers } from '../../ask/answers.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import { MachineError, UsageError } from '../../errors.ts'
import type { Route } from './families/family.ts'
import { isDistroless } from './distroless.ts'
import { canBuiltIn, checkBuiltIn, prefersBuiltIn, type Wanted } from './built-in-rules.ts'
import { withEngineOnly } from '../../text/advice.ts'
import { DISTROLESS_HERE } from '../../text/distroless.ts'

/** Where the root filesystem is made. Throws MachineError when no place is open on this machine. */
export const chooseRoute = (
  wanted: Wanted,
  facts: Facts,
  engine: EngineFacts | null,
  arch: Arch,
): Route => {
  const { family } = wanted
  const { answers } = wanted.given
  const { bootstrap } = answers
  if (isDistroless(wanted)) return 'built-in'
  const hasHost = family.routes.includes('host')
  if (bootstrap === 'host' && !hasHost)
    throw new UsageError('--bootstrap host is for distributions that debootstrap makes.', [
      family.routes.includes('container')
        ? 'Leave it out: a container makes this one.'
        : 'Leave it out.',
    ])
  const { directory } = wanted.given.places
  if (bootstrap === 'host') return checkHost(facts, arch, directory)
  if (bootstrap === 'built-in') checkBuiltIn(wanted)
  if (engine !== null && (bootstrap === 'built-in' || prefersBuiltIn(wanted))) return 'built-in'
  if (engine !== null) return hasHost ? checkProc(answers, facts) : 'container'
  // What runs none of the packages' scripts needs nothing of this machine.
  if (family.builtIn?.configures === undefined && canBuiltIn(wanted)) return 'built-in'
  const wantsOurs = bootstrap === 'built-in' || prefersBuiltIn(wanted)
  if (wantsOurs && lacksForOurs(facts, arch) === null) return 'built-in'
  if (bootstrap === 'debootstrap' && hasHost && isReady(facts, arch)) return checkPath(directory)
  const lacks = wantsOurs ? lacksForOurs(facts, arch) : null
  throw new MachineError(
    answers.engine === 'none'
      ? 'To bootstrap in a container an engine is needed, and --engine none forbids one.'
      : `To bootstrap in a container an engine is needed. ${facts.engineProblem?.what ?? 'None answered.'}`,
    [
      ...(answers.engine === 'none' ? ['Leave --engine none out.'] : []),
      ...withEngineOnly(facts.engineProblem?.todo ?? []),
      ...(lacks === null
        ? []
        : [`Or on this machine's own kernel, which can't now: ${lacks.what}`]),
      ...(lacks?.todo ?? []),
      ...(facts.platform === 'linux' && facts.arch === arch && family.routes.includes('host')
        ? ['Or without an engine, with debootstrap and sudo on this machine: --bootstrap host']
        : []),
      ...(wanted.distribution.variants.some(({ name }) => name === 'distroless')
        ? [DISTROLESS_HERE]
        : []),
    ],
  )
}

/** What this machine lacks to set packages up by itself, or null; on Mac and Windows nothing would help. */
const lacksForOurs = (
  { kernelRoot, arch: own, platform }: Facts,
  arch: Arch,
): { readonly what: string; readonly todo: readonly string[] } | null => {
  if (platform !== 'linux')
    return { what: 'packages run Linux programs to set themselves up.', todo: [] }
  if (own !== arch) return { what: `this machine is ${own}, the image ${arch}.`, todo: [] }
  return (
    kernelRoot?.problem ??
    (kernelRoot === undefined ? { what: 'it was not tried.', todo: [] } : null)
  )
}

/** Packages that look for /proc when they are set up: Java's (openjdk-NN-jre-headless.postinst), and names that stand for them. */
const NEEDS_PROC = /^(?:(?:default|openjdk-\d+)-(?:jre|jdk)(?:-headless)?|ca-certificates-java)$/

/** The container may not mount /proc, and it would end at the last package but one. */
const checkProc = ({ include, bootstrap }: FullAnswers, { platform }: Facts): 'container' => {
  const needs = include.filter(name => NEEDS_PROC.test(name))
  if (needs.length === 0) return 'container'
  throw new UsageError(
    `--include ${needs.join(',')}: this needs /proc while it is set up, and the container that bootstraps has none.`,
    [
      ...(bootstrap === 'debootstrap'
        ? ['Leave --bootstrap debootstrap out: the usual way has one.']
        : []),
      'Leave it out, and install it by a RUN line of the Dockerfile in the project folder: there /proc is mounted.',
      ...(platform === 'linux' ? ['Or bootstrap on this machine as root: --bootstrap host'] : []),
    ],
  )
}

const isReady = ({ platform, arch: own, host }: Facts, arch: Arch): boolean =>
  platform === 'linux' &&
  own === arch &&
  host !== null &&
  host.debootstrap !== null &&
  host.root !== null

const checkHost = (facts: Facts, arch: Arch, directory: string): 'host' => {
  const refuse = (why: string, todo: string): never => {
    throw new MachineError(`--bootstrap host can't be done: ${why}.`, [
      todo,
      'Or leave --bootstrap host out: a container needs none of that.',
    ])
  }
  if (facts.platform !== 'linux')
    return refuse(
      'debootstrap needs Linux',
      'Start Docker: in a container it works on every system.',
    )
  if (facts.arch !== arch)
    return refuse(
      `this machine is ${facts.arch}, the image ${arch}`,
      'An engine with emulation can make it in a container.',
    )
  if (facts.host === null || facts.host.debootstrap === null)
    return refuse(
      'debootstrap is not installed',
      'On Debian or Ubuntu: sudo apt-get install --yes debootstrap',
    )
  if (facts.host.root === null)
    return refuse('it needs root, and there is no sudo', 'Run it as root.')
  return checkPath(directory)
}

/** debootstrap's scripts split the path of the tree at blanks (measured: 1.0.128), and fail after all the downloads. */
const checkPath = (directory: string): 'host' => {
  if (!/\s/.test(directory)) return 'host'
  throw new UsageError(`debootstrap can't work below a path with a space in it: ${directory}`, [
    'Name a project folder without one, such as /var/tmp/my-image.',
    'Or leave --bootstrap host out: in a container the path does not matter.',
  ])
}
