import { secretOf, withoutSecret } from '../../ask/questions/mirror.ts'
import type { Origin } from './inputs.ts'
import { shellWords } from '../../text/shell-words.ts'

/** Returns the same inputs with the mirror's address without user and password. */
export const withoutMirrorSecret = <T extends Origin>(inputs: T): T => {
  const { mirror } = inputs.given.answers
  if (mirror === null) return inputs
  const answers = { ...inputs.given.answers, mirror: withoutSecret(mirror) }
  return { ...inputs, given: { ...inputs.given, answers } }
}

/**
 * Returns what goes before a bootstrap.sh in a container's stdin: the mirror's user and password, as its address has
 * them and decoded, as variables of the shell that are not exported; the empty text when the mirror wants none.
 * Arguments and the environment would be shown by `ps` and `docker inspect`.
 */
export const loginLines = ({ given }: Origin): string => {
  const mirror = given.answers.mirror ?? ''
  const [user, password = ''] = loginOf(mirror)
  if (user === undefined) return ''
  return Object.entries({
    mirror_login: secretOf(mirror),
    mirror_user: user,
    mirror_password: password,
  })
    .map(([name, value]) => `${name}=${shellWords([value])}\n`)
    .join('')
}

/** Returns the same for a root stage: lines of a wgetrc, or the empty text. */
export const wgetLines = ({ given }: Origin): string => {
  const [user, password] = loginOf(given.answers.mirror ?? '')
  if (user === undefined) return ''
  return `user = ${user}\n${password === '' ? '' : `password = ${password}\n`}`
}

/** Returns lines as a step's secret input; nothing for the empty text. */
export const asSecretInput = (secretInput: string): { readonly secretInput?: string } =>
  secretInput === '' ? {} : { secretInput }

const loginOf = (mirror: string): [user?: string, password?: string] => {
  const login = secretOf(mirror)
  if (login === '') return []
  const [user = '', ...rest] = login.slice(0, -1).split(':')
  return [decoded(user), decoded(rest.join(':'))]
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
