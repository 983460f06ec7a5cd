import { join, resolve } from 'node:path'
import { distributionNamed } from '../catalog/distributions.ts'
import { releaseSlug, STANDARD_DISTRO, standardRelease } from '../catalog/releases.ts'
import { UsageError } from '../errors.ts'
import type { Distribution, Release } from '../catalog/types.ts'
import type { FullAnswers, Given, MinimalAnswers, Places } from './answers.ts'
import type { Flags } from './flags.ts'
import type { Arch } from '../engine/facts.ts'
import { ARCHES } from '../catalog/arches.ts'
import { CROSS } from './questions/arch.ts'
import { questions, type QuestionName } from './questions/index.ts'
import { checkBeside, checkForEach, isForEach } from './questions/program.ts'
import { checkMinimal, type Settings } from './questions/settings.ts'
import { checkIncludes } from './questions/include.ts'
import { checkKeys } from './questions/keyring.ts'
import { releaseOfDistro } from './questions/release.ts'
import { variantOf } from './questions/variant.ts'
import { nameOfFolder, shortName } from './questions/tag.ts'
import { readAnswers } from './saved.ts'
import { withHome } from './typed-path.ts'
import { pushOf, signOf } from './push.ts'
import { today } from './today.ts'
import { flagWord, kindOf } from './which-kind.ts'
import { thereAt } from '../text/there.ts'

/** Flags before the answers file before the defaults. Throws UsageError for a value that is not valid. */
export const givenBy = (flags: Flags, cwd: string): Given => {
  const file =
    typeof flags.switches.answers === 'string'
      ? readAnswers(resolve(cwd, withHome(flags.switches.answers)))
      : null
  const texts = { ...file?.texts, ...flags.questions }
  if (flags.questions.release !== undefined) forgetRelease(texts, file?.texts, flags.questions)
  const read: Read = name => {
    const text = texts[name]
    if (text === undefined) return undefined
    const base = flags.questions[name] === undefined ? (file?.base ?? cwd) : cwd
    return questions[name].parse(text, base) as never
  }
  const rest = (tag: string) => ({
    places: placesOf(read, cwd, tag),
    programNamed: texts.program !== undefined,
    verify: flags.switches.verify !== undefined,
    pull: flags.switches.pull !== undefined,
    offline: flags.switches.offline !== undefined,
    push: pushOf(flags.switches.push, tag),
    sign: signOf(flags.switches, cwd),
    words: flags.words,
    today: today(),
  })
  const from = (name: QuestionName): string =>
    flags.questions[name] === undefined
      ? String(flags.switches.answers)
      : flagWord(name, texts[name])
  const kind = kindOf(texts, from)
  if (flags.switches.verify !== undefined && kind !== 'full')
    throw new UsageError('--verify checks a full image, and this is a minimal one.', [
      'Leave it out, or name a release: --release noble',
    ])
  if (flags.switches.offline !== undefined && kind !== 'full')
    throw new UsageError('--offline takes packages from the cache, and a minimal image has none.', [
      'Leave it out, or name a release: --release noble',
    ])
  if (kind === 'full') {
    const answers = fullAnswers(read, texts, usualBootstrap(flags, texts))
    const inVain = read('slim') === true && !answers.slim
    return { answers, ...rest(answers.tag), ...(inVain && { slimInVain: true }) }
  }
  const answers = minimalAnswers(read)
  return { answers, ...rest(answers.tag) }
}

/** A release that differs from the file's may be of the other distribution, and gets another default name. */
const forgetRelease = (
  texts: { -readonly [N in QuestionName]?: string },
  file: Texts = {},
  flags: Texts,
): void => {
  if (flags.distro === undefined) delete texts.distro
  if (flags.tag === undefined && file.tag === `my-${file.release}`) delete texts.tag
}

type Texts = Flags['questions']

const placesOf = (read: Read, cwd: string, tag: string): Places => {
  const output = read('output')
  const directory = read('directory') ?? freeFolder(cwd, shortName(tag))
  return {
    directory,
    output: output ?? join(directory, `${shortName(tag)}.tar`),
    outputNamed: output !== undefined,
    from: cwd,
  }
}

type Value<N extends QuestionName> = ReturnType<(typeof questions)[N]['parse']>

/** The checked value of a question that was answered. */
type Read = <N extends QuestionName>(name: N) => Value<N> | undefined

const common = (read: Read, tag: string) => ({
  version: 1 as const,
  tag: read('tag') ?? nameOfFolder(read('directory') ?? '') ?? tag,
  arch: archOf(read),
  engine: read('engine') ?? 'auto',
  settings: settingsOf(read),
})

/** Null also for several: those are an answer of minimal images alone. */
const archOf = (read: Read): Arch | null => {
  const [first = null, ...others] = read('arch') ?? []
  return others.length === 0 ? first : null
}

const settingsOf = (read: Read): Settings => ({
  entrypoint: read('entrypoint') ?? null,
  cmd: read('cmd') ?? null,
  env: read('env') ?? [],
  expose: read('expose') ?? [],
  user: read('user') ?? null,
  label: read('label') ?? [],
})

const minimalAnswers = (read: Read): MinimalAnswers => {
  const program = read('program')
  const extras = read('with') ?? []
  if (program !== undefined && extras.length > 0) checkBeside(program)
  if (program?.kind === 'binary' && isForEach(program))
    checkForEach(program.path, read('arch') ?? [])
  const all = common(read, 'hello')
  checkMinimal(all.settings, extras.includes('user'))
  return {
    ...all,
    kind: 'minimal',
    program: program ?? { kind: 'bundled' },
    archs: severalArchs(read, program),
    libc: read('libc') ?? 'glibc',
    with: extras,
    compileIn: read('compile-in') ?? 'auto',
    builder: read('builder') ?? 'ubuntu:20.04',
  }
}

const severalArchs = (
  read: Read,
  program: MinimalAnswers['program'] | undefined,
): readonly Arch[] => {
  const archs = read('arch') ?? []
  if (archs.length < 2) return []
  const [first = ''] = archs
  if (program?.kind === 'binary' && isForEach(program)) return archs
  if (program?.kind === 'binary')
    throw new UsageError('A ready program is for one architecture, and --arch names several.', [
      'Name one for each: --program ./hello-{arch}',
      'Give its C file instead, which is compiled for each of them.',
      `Or make an image of one architecture: --arch ${first}`,
    ])
  if (read('libc') === 'musl' && program?.kind !== 'raw')
    throw new UsageError(
      'Debian and Ubuntu have no cross compilers for musl, and --arch names several.',
      [
        'Take the usual C library: leave --libc out.',
        'Or bring a program for each: --program ./hello-{arch}',
        `Or make an image of one architecture: --arch ${first}`,
      ],
    )
  const missing = archs.find(arch => program?.kind !== 'raw' && !(arch in CROSS))
  if (missing !== undefined)
    throw new UsageError(`Debian and Ubuntu have no cross compiler for ${missing}.`, [
      `They have them for ${ARCHES.filter(arch => arch in CROSS).join(', ')}.`,
      'A program that needs no compiler works for all: --program raw',
    ])
  return archs
}

/** A lesson shows commands that a person could type, where the distribution is made with such. */
const usualBootstrap =
  ({ switches }: Flags, { locked, snapshot, sources, variant }: Texts) =>
  ({ family }: Distribution): FullAnswers['bootstrap'] =>
    switches.teach !== undefined &&
    family === 'deb' &&
    (locked ?? snapshot ?? sources) === undefined &&
    // Only we make that one.
    variant !== 'distroless'
      ? 'debootstrap'
      : 'auto'

const fullAnswers = (
  read: Read,
  texts: Texts,
  usual: (distribution: Distribution) => FullAnswers['bootstrap'],
): FullAnswers => {
  const release = releaseFrom(read, texts.release)
  const { distro } = release
  const one = distributionNamed(distro)
  const keyring = read('keyring') ?? null
  refuseSeveral(read('arch') ?? [])
  const variant = variantOf(one, read('variant') ?? null)
  if (keyring !== null)
    checkKeys({ keyForm: variant.keyForm ?? one.keyForm }, keyring, texts.keyring)
  const include = read('include') ?? []
  checkIncludes(one, include)
  return {
    ...common(read, `my-${releaseSlug(release)}`),
    kind: 'full',
    distro,
    recipe: read('recipe')?.folder ?? null,
    release: release.codename,
    variant: variant.name,
    // Where there is nothing to leave out, no screen says that it is.
    slim: one.slims && (read('slim') ?? false),
    include,
    bootstrap: read('bootstrap') ?? usual(one),
    updates: read('updates') ?? null,
    snapshot: read('snapshot') ?? null,
    locked: read('locked') ?? null,
    mirror: read('mirror') ?? null,
    keyring,
    sources: read('sources') ?? null,
    builder: read('builder') ?? null,
  }
}

const refuseSeveral = (archs: readonly Arch[]): void => {
  if (archs.length > 1)
    throw new UsageError('A full image is made for one architecture at a time here.', [
      `Make one of them: --arch ${archs[0]}`,
      'In base-images.json, "arch" in a matrix and {arch} in the name make an image for each.',
      'Or leave it out and have CI make each on a machine of its own, and join them: --script github',
    ])
}

/** A recipe is for one distribution, and so are most releases' names. */
const releaseFrom = (read: Read, text: string | undefined): Release => {
  const recipe = read('recipe')
  const distro = read('distro') ?? recipe?.distro
  if (recipe !== undefined && distro !== recipe.distro)
    throw new UsageError(`--distro ${distro} is another distribution than the recipe's.`, [
      `Leave --distro out, or --recipe: the recipe makes ${recipe.distro}.`,
    ])
  if (text !== undefined && distro !== undefined) return releaseOfDistro(text, distro)
  return read('release') ?? standardRelease(distro ?? STANDARD_DISTRO, today())
}

/** The image's name, or with `-image` behind it where a file has that name, as the program often does. */
const freeFolder = (cwd: string, name: string): string => {
  const path = resolve(cwd, name)
  return thereAt(path)?.isFile() === true ? `${path}-image` : path
}
