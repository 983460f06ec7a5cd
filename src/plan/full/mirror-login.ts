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
  const login = secretOf(given.answers.mirror ?? '')
  if (login === '') return ''
  const [user = '', ...rest] = login.slice(0, -1).split(':')
  return [
    ['mirror_login', login],
    ['mirror_user', decoded(user)],
    ['mirror_password', decoded(rest.join(':'))],
  ]
    .map(([name, value]) => `${name}=${shellWords([value!])}\n`)
    .join('')
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
