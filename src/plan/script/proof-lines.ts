import type { MinimalAnswers } from '../../ask/answers.ts'
import { programName } from '../names.ts'
import type { ScriptEngine } from './engine-words.ts'

/**
 * The exit codes by which an engine says that it could not start a program (125 to 127), or that the program crashed:
 * 128 and the number of its signal.
 */
const FAILED = [125, 126, 127, 132, 133, 134, 135, 136, 137, 139, 159]

/** Whether the program is ours: it ends at once and with 0. One of the person's may want words, or serve for ever. */
const isOurs = ({ program }: MinimalAnswers): boolean =>
  program.kind === 'bundled' || program.kind === 'raw'

/** The program comes before words, unless an entrypoint does. */
const beforeWords = ({ program, settings }: MinimalAnswers): string =>
  settings.entrypoint === null ? `/${programName(program)}` : ''

/** The lines of a POSIX script that run the image as its proof. */
export const shProof = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  platform: string,
): string => {
  if (isOurs(answers))
    return `# The proof: a container made from it.\n${engine} run --rm ${platform}${answers.tag}\n`
  const program = beforeWords(answers)
  return `# The proof: a container made from it, with the words that this script is given. Ctrl-C ends one that serves.
${program === '' ? '' : `set -- \${1+${program}} "$@"\n`}code=0
${RUN[engine](`${platform}${answers.tag}`)}
case $code in
  0) ;;
  ${FAILED.join(' | ')}) exit "$code" ;;
  *) echo "It started, and ended with exit code $code." ;;
esac
`
}

/**
 * As process 1 of its container a program does not hear Ctrl-C. Docker's init hands it on; Podman's is a program that
 * few have installed, so there the script waits in its own shell, which does hear it, and removes the container.
 */
const RUN: Readonly<Record<ScriptEngine, (image: string) => string>> = {
  docker: image => `docker run --rm --init ${image} "$@" || code=$?`,
  podman:
    image => `trap 'podman rm --force --time 0 "proof-$$" > /dev/null 2>&1; exit 130' HUP INT TERM
podman run --rm --name "proof-$$" ${image} "$@" &
wait $! || code=$?`,
}

/** The same for PowerShell. */
export const psProof = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  platform: string,
  invoke: string,
): string => {
  if (isOurs(answers))
    return `# The proof: a container made from it.\n${invoke} run --rm ${platform}${answers.tag}\n`
  const program = beforeWords(answers)
  return `# The proof: a container made from it, with the words that this script is given. Ctrl-C ends one that serves.
$words = ${program === '' ? '$args' : `if ($args.Count -gt 0) { @('${program}') + $args } else { @() }`}
${engine} run --rm --init ${platform}${answers.tag} @words
$code = $LASTEXITCODE
if (@(${FAILED.join(', ')}) -contains $code) { exit $code }
if ($code -ne 0) { "It started, and ended with exit code $code." }
exit 0
`
}
