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
    throw new UsageError('--push takes the name of an image in a registry, not a URL or a login.', [
      'For example: --push registry.example/acme/hello:1.0',
      'The engine keeps the login: docker login registry.example',
    ])
  if (!text.includes('/'))
    throw new UsageError(`--push ${text} names neither a registry nor a user.`, [
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
    throw new UsageError('--sign signs what is pushed, and nothing is pushed.', [
      'Say where to push it: --push registry.example/acme/hello:1.0',
      'A signature is kept in the registry, next to the image.',
    ])
  return /^\w+:\/\//.test(sign) ? sign : resolve(cwd, asShellTakes(sign, cwd))
}
