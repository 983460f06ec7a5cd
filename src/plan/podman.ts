import type { EngineFacts } from '../engine/facts.ts'

/**
 * An image reference with its registry, as Podman's pull needs it: a short name would be refused, or asked about.
 * What has none is Docker Hub's, as docker takes it (https://docs.docker.com/reference/cli/docker/image/tag/).
 */
export const fullName = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  if (rest.length === 0) return `docker.io/library/${image}`
  return /[.:]/.test(first) || first === 'localhost' ? image : `docker.io/${image}`
}

/** What `image inspect` shall print of an image, for both engines alike: Podman leaves out of what kind an ID is. */
export const imageFormat = ({ kind }: Pick<EngineFacts, 'kind'>): string =>
  `{{.Os}}/{{.Architecture}} ${kind === 'podman' ? 'sha256:' : ''}{{.Id}} {{.Size}}`
