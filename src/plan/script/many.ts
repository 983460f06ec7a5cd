import { splitReference } from '../../ask/questions/tag.ts'
import { UsageError } from '../../errors.ts'
import { fullName } from './engine-words.ts'
import { distinct } from '../../text/distinct.ts'
import { shellWords } from '../../text/shell-words.ts'

/** The scripts that are there for many images as well as for one. */
export const MANY_KINDS = ['github', 'gitlab', 'bake'] as const
export type ManyKind = (typeof MANY_KINDS)[number]

/** An image of a CI file: its reference, and the architectures that it is made for and joined of. */
export interface CiImage {
  readonly name: string
  /** Where it is pushed to; null for the registry of the service, or that of its name. */
  readonly push: string | null
  readonly archs: readonly string[]
  /** The archive that it becomes, from where the file stands; absent where an engine has it. */
  readonly archive?: string
}

/** What a CI file is printed from. */
export interface CiInputs {
  readonly images: readonly CiImage[]
  /** What makes $IMAGE for $ARCH, as words; these two stay variables. */
  readonly command: readonly string[]
  /** What is added to the command where what is committed is to be made to the byte, and not today's packages. */
  readonly locked: readonly string[]
  /** The version of this tool, which the file pins. */
  readonly version: string
  /** The text of assets/ci/github.txt or gitlab.txt. */
  readonly template: string
}

/** GitHub's and GitLab's own runners, by architecture (their pages on hosted runners). */
const RUNNERS: Readonly<Record<'github' | 'gitlab', Readonly<Record<string, string>>>> = {
  github: { amd64: 'ubuntu-24.04', arm64: 'ubuntu-24.04-arm' },
  gitlab: { amd64: 'saas-linux-small-amd64', arm64: 'saas-linux-small-arm64' },
}

/**
 * Returns a CI file: a job for each image and architecture on a runner of that architecture, and one for each image that
 * joins them. No secret is in it. Throws UsageError for an architecture that there are no runners of, and for
 * more jobs than the service makes.
 */
export const ciFile = (kind: 'github' | 'gitlab', inputs: CiInputs): string => {
  const { images, version, template } = inputs
  for (const image of images) checkRunners(kind, image)
  checkJobs(kind, images)
  const [make, merge] = ROWS[kind](images)
  const values: Readonly<Record<string, string>> = {
    version,
    command: commandOf(kind, inputs).join(`\n${' '.repeat(kind === 'github' ? 10 : 6)}`),
    make: listed(make, kind === 'github' ? 10 : 6),
    merge: listed(merge, kind === 'github' ? 10 : 6),
  }
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, word: string) => values[word] ?? whole)
}

/** A scheduled run is for newer packages, so it leaves the locks out. */
const commandOf = (kind: 'github' | 'gitlab', { command, locked }: CiInputs): string[] => {
  const words = command.map(word => (VARIABLES.includes(word) ? word : shellWords([word])))
  if (locked.length === 0) return [words.join(' ')]
  const event = kind === 'github' ? '$GITHUB_EVENT_NAME' : '$CI_PIPELINE_SOURCE'
  return [`[ "${event}" = schedule ] || set -- ${shellWords(locked)}`, `${words.join(' ')} "$@"`]
}

/** The words of a command that the file sets for each job. */
const VARIABLES: readonly string[] = ['"$IMAGE"', '"$ARCH"']

type Rows = readonly [make: readonly object[], merge: readonly object[]]

const ROWS: Readonly<Record<'github' | 'gitlab', (images: readonly CiImage[]) => Rows>> = {
  github: images => {
    const slugs = slugsOf(images)
    const of = (image: CiImage) => ({
      reference: githubReference(placeOf(image)),
      registry: registryOf(placeOf(image)) ?? GITHUB,
      slug: slugs.get(image.name),
    })
    return [
      images.flatMap(image =>
        image.archs.map(arch => ({
          image: image.name,
          arch,
          runner: RUNNERS.github[arch],
          ...of(image),
          ...(image.archive !== undefined && { archive: image.archive }),
        })),
      ),
      images.map(image => ({ ...of(image), archs: image.archs.join(' ') })),
    ]
  },
  gitlab: images => {
    const slugs = slugsOf(images)
    const of = (image: CiImage) => ({
      SLUG: slugs.get(image.name),
      ...gitlabPlace(placeOf(image)),
    })
    return [
      images.flatMap(image =>
        image.archs.map(arch => ({
          IMAGE: image.name,
          ARCH: arch,
          RUNNER: RUNNERS.gitlab[arch],
          ...of(image),
          ...(image.archive !== undefined && { ARCHIVE: image.archive }),
        })),
      ),
      images.map(image => ({ ...of(image), ARCHS: image.archs.join(' ') })),
    ]
  },
}

const placeOf = ({ name, push }: CiImage): string => (push === null ? name : fullName(push))

const GITHUB = 'ghcr.io'

/** The owner's name is put in by the workflow, in small letters. */
const githubReference = (name: string): string =>
  registryOf(name) === null ? `${GITHUB}/OWNER/${tagged(name)}` : tagged(name)

const gitlabPlace = (name: string): object => {
  const registry = registryOf(name)
  return registry === null
    ? { IMAGE_PATH: tagged(name) }
    : { REFERENCE: tagged(name), REGISTRY: registry }
}

const tagged = (name: string): string => {
  const { name: repository, tag } = splitReference(name)
  return `${repository}:${tag}`
}

/** The registry that a reference names, or null. */
const registryOf = (name: string): string | null => {
  const [first = '', ...rest] = name.split('/')
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : null
}

/** What each image's digests are kept under; two images share no slug, whatever their names have in common. */
const slugsOf = (images: readonly CiImage[]): ReadonlyMap<string, string> => {
  const slugs = distinct(images.map(({ name }) => tagged(name).replaceAll(/[^A-Za-z0-9._-]/g, '-')))
  return new Map(images.map(({ name }, at) => [name, slugs[at]!]))
}

/** JSON is YAML, and has no text that YAML would take for something else. */
const listed = (rows: readonly object[], indent: number): string =>
  rows.map(row => `${' '.repeat(indent)}- ${JSON.stringify(row)}`).join('\n')

/** How many jobs a matrix may make, as GitHub's and GitLab's own documents have it. */
const MOST_JOBS = { github: 256, gitlab: 200 } as const

const checkJobs = (kind: 'github' | 'gitlab', images: readonly CiImage[]): void => {
  const jobs = images.reduce((sum, { archs }) => sum + archs.length, 0)
  const most = MOST_JOBS[kind]
  if (jobs <= most) return
  throw new UsageError(
    `${SERVICES[kind]} runs at most ${most} jobs of a matrix, and these are ${jobs}: one for each image and architecture.`,
    [
      `Name some of the images, and print a file for each part: build NAME NAME --script ${kind}`,
      'Or name fewer architectures: "arch": "amd64"',
    ],
  )
}

const SERVICES = { github: 'GitHub', gitlab: 'GitLab' } as const

const checkRunners = (kind: 'github' | 'gitlab', { name, archs }: CiImage): void => {
  const there = Object.keys(RUNNERS[kind])
  const missing = archs.find(arch => !there.includes(arch))
  if (missing === undefined) return
  throw new UsageError(
    `Image ${name}: ${SERVICES[kind]} has no runners of its own for ${missing}.`,
    [
      `It has them for ${there.join(' and ')}: "arch": ${JSON.stringify(there)}`,
      'For others, a builder with emulation: --script bake',
    ],
  )
}
