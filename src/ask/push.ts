import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { checkReference, splitReference } from './questions/tag.ts'
import { asShellTakes } from './typed-path.ts'

/**
 * Returns the name under which a registry gets the image, with its tag, or null. Throws UsageError for what names no
 * place in a registry.
 */
export const pushOf = (text: string | true | undefined, tag: string): string | null => {
  if (typeof text !== 'string') return null
  if (/^[a-z]+:\/\/|@/.test(text))
    throw new UsageError('--push takes the name of an image in a registry, and no URL or login.', [
      'For example: --push registry.example/acme/hello:1.0',
      'A login is kept by the engine: docker login registry.example',
    ])
  if (!text.includes('/'))
    throw new UsageError(`--push ${text} names no registry and nobody whose image it is.`, [
      `For example: --push registry.example/acme/${text}, or your name on Docker Hub: --push YOU/${text}`,
    ])
  const { name } = splitReference(checkReference(text, '--push'))
  return text === name ? `${name}:${splitReference(tag).tag}` : text
}

/** Returns the key that signs what is pushed, as `Given` has it. Throws UsageError where nothing is pushed. */
export const signOf = (
  { sign, push }: Partial<Record<'sign' | 'push', string | true | undefined>>,
  cwd: string,
): string | null => {
  if (typeof sign !== 'string') return null
  if (push === undefined)
    throw new UsageError('--sign signs what is pushed, and nothing is.', [
      'Say where to as well: --push registry.example/acme/hello:1.0',
      'A signature is kept in the registry, beside the image.',
    ])
  return /^\w+:\/\//.test(sign) ? sign : resolve(cwd, asShellTakes(sign, cwd))
}
