import type { EngineFacts } from '../../engine/facts.ts'

/** The engine whose client a script calls. */
export type ScriptEngine = EngineFacts['kind']

/** A builder as a script names it. */
export const scriptBuilder = (engine: ScriptEngine, builder: string): string =>
  engine === 'podman' ? fullName(builder) : builder

/** The options with which a container of a script ends as soon as it is told to. */
export const endsAtOnce = (engine: ScriptEngine): string[] =>
  engine === 'podman' ? ['--stop-timeout', '0'] : ['--init']

/** The options of `import` that ask for a platform, `--platform os/arch`, in the words of the engine. */
export const importPlatform = (engine: ScriptEngine, platform: string | null): string[] => {
  if (platform === null) return []
  const [os = '', arch = ''] = platform.split('/')
  return engine === 'podman' ? ['--os', os, '--arch', arch] : ['--platform', platform]
}

/** How people call the engine. */
export const engineName = (engine: ScriptEngine): string =>
  engine === 'podman' ? 'Podman' : 'Docker'

/**
 * An image reference with its registry, as Podman's pull needs it: a short name would be refused, or asked about.
 * What has none is Docker Hub's, as docker takes it (https://docs.docker.com/reference/cli/docker/image/tag/).
 */
export const fullName = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  if (rest.length === 0) return `docker.io/library/${image}`
  return /[.:]/.test(first) || first === 'localhost' ? image : `docker.io/${image}`
}

/** What `image inspect` should print of an image, for both engines alike: Podman leaves out of what kind an ID is. */
export const imageFormat = ({ kind }: Pick<EngineFacts, 'kind'>): string =>
  `{{.Os}}/{{.Architecture}} ${kind === 'podman' ? 'sha256:' : ''}{{.Id}} {{.Size}}`
