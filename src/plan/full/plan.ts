import type { FullAnswers, Given } from '../../ask/answers.ts'
import { secretOf } from '../../ask/questions/mirror.ts'
import { slimChangesNothing } from '../../ask/questions/slim.ts'
import { splitReference } from '../../ask/questions/tag.ts'
import { commandLineOf, OURS } from '../command-line.ts'
import { savedAnswers } from '../../ask/saved.ts'
import { movedTo } from '../../catalog/archives.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import type { Facts } from '../../engine/facts.ts'
import { checkEngine } from '../engine-steps.ts'
import { chooseEngine, engineNotices, outputNotice } from '../engine-choice.ts'
import { builtInSteps } from './built-in-steps.ts'
import { containerSteps } from './container-steps.ts'
import { fullFiles } from './files.ts'
import { archiveSteps } from './archive-steps.ts'
import { importSteps, proveAndName, UNPROVEN } from './import-steps.ts'
import { archFor, builderFor, systemOf, type FullInputs } from './inputs.ts'
import { checkOwnAnswers, doubtNotice } from './built-in-rules.ts'
import { checkDistroless, isDistroless, isOursAlone, libcOf } from './distroless.ts'
import { imageNotes } from './image-notes.ts'
import { chooseRoute } from './route.ts'
import { ARCHIVE_BEFORE, LOADED, MADE, ROOTFS, runScript, shownPath } from '../names.ts'
import { pastEntrypoint } from '../run-notes.ts'
import { writeFiles } from '../project-files.ts'
import { PRIVATE_ROOT, proofHere } from '../archive-steps.ts'
import type { Plan, Step } from '../types.ts'

/**
 * The plan of a full image: a distribution's root filesystem, bootstrapped, imported and proven. Pure: the same
 * answers and facts give the same plan. Throws MachineError when the answers ask for what the machine lacks.
 */
export const fullPlan = (given: Given<FullAnswers>, facts: Facts): Plan => {
  const inputs = inputsOf(given, facts)
  const { engine, arch, route } = inputs
  const { answers, places } = given
  return {
    version: 1,
    journey: 'full',
    headline: `full image · ${whatGoesIn(inputs)} · linux/${arch} → ${answers.tag}`,
    image: { reference: answers.tag, arch, archive: engine === null ? places.output : null },
    directory: places.directory,
    answers: savedAnswers(answers),
    notices: [
      ...engineNotices(answers, facts),
      ...outputNotice(places.outputNamed, engine),
      ...releaseNotice(given, inputs),
      ...inputs.distribution.notes,
      ...(given.slimInVain === undefined ? [] : [slimChangesNothing(inputs.distribution)]),
      ...doubtNotice(inputs),
      ...(route === 'built-in' ? (inputs.family.builtIn?.notices(inputs) ?? []) : []),
      ...verifyNotice(given, inputs),
      ...bootstrapNotice(inputs),
      ...builderNotice(answers, route),
      ...scriptNotice(inputs),
    ],
    proof: proofWords(inputs),
    contents: null,
    secrets: [answers.mirror ?? '', inputs.near ?? ''].map(secretOf).filter(text => text !== ''),
    temporary: [PRIVATE_ROOT, ARCHIVE_BEFORE, LOADED, MADE],
    rootFolder: route === 'host' ? ROOTFS : null,
    unproven: engine === null ? null : UNPROVEN,
    steps: [...(engine === null ? [] : [checkEngine(engine)]), filesStep(inputs), ...work(inputs)],
    next: nextCommands(inputs),
    keeps: route === 'built-in' ? (inputs.family.builtIn?.keeps?.(inputs) ?? []) : [],
    page: route === 'built-in' && !isOursAlone(inputs) ? pageCommands(inputs) : [],
    nextOfServer: null,
    namedBy: engine === null ? 'pack' : null,
    commandLine: commandLineOf(given),
  }
}

const inputsOf = (given: Given<FullAnswers>, facts: Facts): FullInputs => {
  const { distribution, family, release } = systemOf(given)
  // What no container makes becomes an archive, which any engine loads.
  const engine = family.routes.includes('container') ? chooseEngine(given.answers, facts) : null
  const arch = archFor(given, engine?.arch ?? facts.arch)
  const wanted = { given, distribution, family, release }
  checkDistroless(wanted)
  const route = chooseRoute(wanted, facts, engine, arch)
  checkOwnAnswers(wanted, route)
  // An engine elsewhere may not reach what this machine reaches.
  const elsewhere = route === 'container' && engine?.remote === true
  const near = elsewhere ? null : nearArchive(facts, release, arch)
  return {
    given,
    facts,
    engine,
    arch,
    distribution,
    family,
    release,
    route,
    builder: builderFor(given),
    near,
  }
}

/**
 * The archive of this machine's own apt, where it has the release for the architecture. Ubuntu's archives have some
 * architectures each. debootstrap puts certificates in what it fetches by https, which would make another image of it.
 */
const nearArchive = ({ archive, arch: own }: Facts, release: Release, arch: string) =>
  archive !== null &&
  archive.distro === release.distro &&
  own === arch &&
  archive.archive.startsWith('http:')
    ? archive.archive
    : null

const work = (inputs: FullInputs): Step[] => {
  const { engine, route } = inputs
  const hostSteps = route === 'host' ? (inputs.family.hostSteps?.(inputs) ?? []) : []
  if (engine === null) return [...hostSteps, ...archiveSteps(inputs)]
  if (route === 'built-in')
    return [...builtInSteps(inputs, engine), ...proveAndName(inputs, engine)]
  const made = route === 'host' ? hostSteps : containerSteps(inputs, engine)
  return [...made, ...importSteps(inputs, engine), ...proveAndName(inputs, engine)]
}

const filesStep = (inputs: FullInputs): Step =>
  writeFiles(
    fullFiles(inputs),
    inputs.given.places,
    isOursAlone(inputs)
      ? 'What is made here is written down in this folder, so that it can be made again: answers.json has the answers, packages.lock each package, build.sh the command.'
      : 'Everything that is done here is written down in this folder, so that it can be read, repeated without this tool, and changed: build.sh has the commands, bootstrap.sh what happens inside.',
  )

const whatGoesIn = ({ given: { answers }, release, distribution }: FullInputs): string => {
  const more = [
    ...(answers.variant === distribution.variants[0]!.name ? [] : [answers.variant]),
    ...(answers.slim ? ['slim'] : []),
    ...answers.include,
  ]
  return [releaseTitle(release), ...more].join(' + ')
}

const releaseNotice = (
  { today }: Given<FullAnswers>,
  { release, distribution, arch }: FullInputs,
): string[] => {
  const until = release.supportedUntil
  const longer = distribution.longTermIsFree ? release.longTermUntil : null
  const end = longer ?? until
  const moved = movedTo(release, arch)
  if (end === null || end >= today) return []
  return [
    `${distribution.title} ${release.version ?? release.codename} has had no free security updates since ${end}. For anything but a look at the past, take a newer release.`,
    ...(moved === null ? [] : [`Its archive has moved: ${moved}`]),
  ]
}

/** The folder's scripts are to run anywhere. */
const scriptNotice = (inputs: FullInputs): string[] => {
  const { route, family } = inputs
  if (route === 'container') return []
  if (isOursAlone(inputs))
    return ['build.sh and build.ps1 call this tool, because no container makes such an image.']
  if (route === 'built-in' && family.builtIn?.configures !== undefined)
    return [
      'build.sh and build.ps1 need only an engine: by debootstrap and apt they take the same packages, as far as the mirror still has them, and give other bytes each time.',
    ]
  return ['build.sh and build.ps1 do the same in a container instead of on this machine.']
}

/** One of a person's defaults may be for other distributions, so it is no error. */
const bootstrapNotice = ({ given, distribution, family, route }: FullInputs): string[] => {
  const { bootstrap } = given.answers
  const maker = route === 'built-in' ? 'this tool' : family.tool
  if (bootstrap === 'debootstrap' && family.tool !== 'debootstrap')
    return [
      `debootstrap does not make ${distribution.title} (--bootstrap debootstrap): ${maker} does.`,
    ]
  return bootstrap === 'container' && route === 'built-in'
    ? ['No container is used (--bootstrap container): this tool makes it by itself.']
    : []
}

const builderNotice = ({ builder }: FullAnswers, route: FullInputs['route']): string[] =>
  builder !== null && route !== 'container'
    ? ['No builder is used (--builder): this machine does the work.']
    : []

const verifyNotice = ({ verify }: Given<FullAnswers>, { engine }: FullInputs): string[] =>
  verify && engine === null
    ? [
        'The deep checks of --verify need an engine. Once one has loaded the archive, verify.sh in the project folder does them.',
      ]
    : []

const proofWords = (inputs: FullInputs): Plan['proof'] => {
  const proof = runWords(inputs)
  if (!isDistroless(inputs)) return proof
  return 'how' in proof
    ? { how: `${proof.how}; the release was read in the archive` }
    : { whyNot: `${proof.whyNot}. Its release was read in the archive` }
}

const runWords = ({ engine, facts, arch, route }: FullInputs): Plan['proof'] => {
  if (engine !== null) return { how: 'run in a container by the engine' }
  if (route === 'built-in' && facts.arch !== arch)
    return { whyNot: `this machine is ${facts.arch}; an engine of ${arch} would prove it` }
  const here = proofHere(facts)
  if (here !== null) return here
  const client = facts.engine?.client ?? 'docker'
  return {
    whyNot: `no ${facts.engine === null ? 'engine and no ' : ''}private root ${facts.engine === null ? 'are' : 'is'} to be had here; ${client} load and ${client} run would prove it`,
  }
}

/** https://docs.docker.com/build/building/base-images/ has these two for Ubuntu. */
const pageCommands = ({ family, release, given: { answers } }: FullInputs): string[] => {
  if (family.tool !== 'debootstrap') return []
  const { codename } = release
  return [
    `sudo debootstrap ${codename} ${codename} > /dev/null`,
    `sudo tar -C ${codename} -c . | docker import - ${answers.tag}`,
  ]
}

const nextCommands = (inputs: FullInputs): string[][] => {
  const { engine, facts, given, arch } = inputs
  const { answers, places } = given
  const archive = shownPath(places.from, places.output)
  const client = facts.engine?.client ?? 'docker'
  const proof = pastEntrypoint(imageNotes(inputs), [libcOf(arch)])
  const run = isDistroless(inputs)
    ? ['run', '--rm', ...proof.options, answers.tag, ...proof.command]
    : ['run', '--rm', '--interactive', '--tty', answers.tag]
  if (engine === null)
    return [
      [client, 'load', '--input', archive],
      [client, ...run],
      [...OURS, 'inspect', archive],
    ]
  const folder = shownPath(places.from, places.directory)
  return [
    [engine.client, ...run],
    [engine.client, 'build', '--tag', `${splitReference(answers.tag).name}-app`, folder],
    [engine.client, 'history', answers.tag],
    // It calls this tool where nothing else makes the image.
    ...(isOursAlone(inputs) ? [] : [runScript(places, facts.platform)]),
  ]
}
