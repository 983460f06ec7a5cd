import { homedir } from 'node:os'
import { join } from 'node:path'
import { readText } from '../../text/read-text.ts'

/** The names under which Docker's configuration knows its own registry. */
const HUB = ['docker.io', 'index.docker.io', 'https://index.docker.io/v1/', 'registry-1.docker.io']

/**
 * True when Docker's configuration has credentials for the registry of this image, or can't be read. A store for
 * all credentials (`credsStore`) counts by the registries it is named for under `auths`.
 */
export const hasCredentials = (image: string, env: NodeJS.ProcessEnv): boolean => {
  const folder = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker')
  try {
    const text = readText(join(folder, 'config.json'), { most: 1e6, links: true })
    if (text === null) return false
    const { auths = {}, credHelpers = {} } = JSON.parse(text) as Record<string, object | undefined>
    const known = [...Object.keys(auths), ...Object.keys(credHelpers)]
    return namesOf(registryOf(image)).some(name => known.includes(name))
  } catch {
    return true
  }
}

/** The registry that an image reference names, `docker.io` when it names none. */
export const registryOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io'
}

const namesOf = (registry: string): string[] =>
  HUB.includes(registry)
    ? HUB
    : [registry, `https://${registry}`, `http://${registry}`, `https://${registry}/`]
