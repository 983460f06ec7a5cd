import { shortName, splitReference } from '../../ask/questions/tag.ts'
import { distinct } from '../../text/distinct.ts'

/** An image of a bake file. */
export interface BakeImage {
  readonly name: string
  /** None for the builder's own. */
  readonly archs: readonly string[]
  /** The Dockerfile for an architecture; null asks for the one of any. */
  readonly dockerfile: (arch: string | null) => string
  /** True when the Dockerfile is another one for each architecture. */
  readonly differs: boolean
  /** The folder that the Dockerfile takes files from. */
  readonly context: string
}

/**
 * Returns a bake file that stands alone, its Dockerfiles inline. `day`, `YYYY-MM-DD`, is the time of everything that is made
 * unless SOURCE_DATE_EPOCH says another. An image whose Dockerfile differs by architecture is a target for each, with the
 * architecture behind its tag.
 */
export const bakeFile = (images: readonly BakeImage[], day: string): string => {
  const targets = named(images.flatMap(targetsOf))
  const joined = images.filter(({ differs, archs }) => differs && archs.length > 1)
  return `# docker buildx bake --file docker-bake.hcl
#
# PUSH=true pushes, REGISTRY=registry.example/ goes before the names, CACHE=registry.example/cache keeps what was built
# there. Several platforms, provenance and equal times need a builder of their own: docker buildx create --use. With the
# engine's own, before the command: ATTEST= TIMES=
# Another platform than the builder's needs emulation, or a node of that platform: docker buildx create --append
${outside(images)}${joined.map(joinLine).join('')}
variable "REGISTRY" { default = "" }
variable "CACHE" { default = "" }
variable "PUSH" { default = false }
variable "ATTEST" { default = "type=provenance,mode=max" }
variable "TIMES" { default = ",rewrite-timestamp=true" }
variable "SOURCE_DATE_EPOCH" { default = "${Date.parse(day) / 1000}" }

group "default" {
  targets = ${JSON.stringify(targets.map(({ id }) => id))}
}

target "common" {
  args   = { SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH }
  attest = [ATTEST == "" ? "type=provenance,disabled=true" : ATTEST]
  output = [PUSH ? "type=registry\${TIMES}" : "type=image\${TIMES}"]
}
${targets.map(targetText).join('')}`
}

/** buildx reads nothing outside of the folder that it is called in, unless it is told to. */
const outside = (images: readonly BakeImage[]): string => {
  const places = new Set(
    images.map(({ context }) => context).filter(place => /^(?:\.\.|[/\\]|\w:)/.test(place)),
  )
  return [...places]
    .map(place => `# For files outside of this folder: --allow=fs.read=${place}\n`)
    .join('')
}

interface Target {
  readonly id: string
  readonly tag: string
  readonly title: string
  readonly platforms: readonly string[]
  readonly context: string
  readonly dockerfile: string
}

/** Names of images that differ in other signs than letters and digits may give one ID, and the second target would be lost. */
const named = (targets: readonly Target[]): Target[] => {
  const ids = distinct(targets.map(({ id }) => id))
  return targets.map((target, at) => ({ ...target, id: ids[at]! }))
}

const targetsOf = ({ name, archs, dockerfile, differs, context }: BakeImage): Target[] => {
  const { name: repository, tag } = splitReference(name)
  const target = (suffix: string, of: readonly string[], arch: string | null): Target => ({
    id: `${repository}-${tag}${suffix}`.replaceAll(/[^A-Za-z0-9_-]/g, '-'),
    tag: `${repository}:${tag}${suffix}`,
    title: shortName(name),
    platforms: of.map(one => `linux/${one}`),
    context,
    dockerfile: dockerfile(arch),
  })
  if (!differs || archs.length < 2)
    return [target('', archs, archs.length === 1 ? archs[0]! : null)]
  return archs.map(arch => target(`-${arch}`, [arch], arch))
}

const joinLine = ({ name, archs }: BakeImage): string => {
  const { name: repository, tag } = splitReference(name)
  const whole = `${repository}:${tag}`
  return `# Once pushed, one index of them; their own tags stay: docker buildx imagetools create --tag ${whole} ${archs.map(arch => `${whole}-${arch}`).join(' ')}\n`
}

/** An engine takes one platform from any builder; what several make stays with the builder until it is pushed. */
const SINGLE = '  output     = [PUSH ? "type=registry${TIMES}" : "type=docker${TIMES}"]\n'

const targetText = ({ id, tag, title, platforms, context, dockerfile }: Target): string => `
target "${id}" {
  inherits   = ["common"]
  context    = ${JSON.stringify(context)}
  tags       = ["\${REGISTRY}${tag}"]
${platforms.length === 0 ? '' : `  platforms  = ${JSON.stringify(platforms)}\n`}${platforms.length > 1 ? '' : SINGLE}  labels     = { "org.opencontainers.image.title" = "${title}" }
  cache-from = CACHE == "" ? [] : ["type=registry,ref=\${CACHE}:${id}"]
  cache-to   = CACHE == "" ? [] : ["type=registry,mode=max,ref=\${CACHE}:${id}"]
  dockerfile-inline = <<END_OF_DOCKERFILE
${dockerfile.trimEnd().replaceAll(/[$%](?=\{)/g, '$&$&')}
END_OF_DOCKERFILE
}
`
