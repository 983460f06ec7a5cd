import { keyringInside, keyringName, LOCK_FILE } from '../../ask/saved.ts'
import { imageNotes } from '../full/image-notes.ts'
import { noteLines } from '../run-notes.ts'
import type { ScriptInputs } from '../full/inputs.ts'
import {
  besideNote,
  mirrorHint,
  optionWords,
  platformWords,
  scriptWords,
  unlikeOurs,
  wrapped,
  type InnerTexts,
  type ScriptWords,
} from './full-words.ts'
import { scriptBuilder, type ScriptEngine } from './engine-words.ts'
import { posixQuoted, shellWords } from '../../text/shell-words.ts'

/** A full image as one Dockerfile that needs nothing beside it but a keyring, if the answers name one. */
export const fullDockerfile = (
  inputs: ScriptInputs,
  texts: InnerTexts,
  engine: ScriptEngine,
): string => {
  const words = scriptWords(inputs, engine, false)
  const { tag, keyring, locked } = inputs.given.answers
  const build = shellWords([engine, 'build', ...platformWords(inputs), '--tag', tag, '.'])
  return `# A full image in one Dockerfile: ${build}
${unlikeOurs(inputs, false)}# There is no "# syntax" line: BuildKit would fetch a frontend from a registry for it.
FROM ${scriptBuilder(engine, inputs.builder)} AS bootstrap
${installLine(inputs)}${otherMachine(inputs)}${besideNote(inputs, texts)}${keyring === null ? '' : `COPY ${keyringName(keyring)} ${keyringInside(keyring)}\n`}${locked === null ? '' : `COPY ${LOCK_FILE} /${LOCK_FILE}\n`}
# This writes bootstrap.sh line by line, because only BuildKit knows here-documents.
RUN ${linesOf(texts['bootstrap.sh'])} > /bootstrap.sh
${mirrorLine(words, engine)}
${wrapped(['RUN', 'sh', '/bootstrap.sh', ...optionWords(words, word => shellWords([word]), '"$MIRROR"')], ' \\')}

FROM scratch
COPY --from=bootstrap /rootfs /
${noteLines(imageNotes(inputs)).join('\n')}
`
}

const installLine = (inputs: ScriptInputs): string => {
  const packages = inputs.family.builderPackages(inputs)
  const lines = packages.length === 0 ? [] : (inputs.family.install?.lines(packages) ?? [])
  return lines.length === 0 ? '' : `RUN ${lines.join(' && ')}\n`
}

/** Ubuntu's archive for one architecture has nothing of another, so what apt is to ask would not be there. */
const otherMachine = ({ distribution, arch }: ScriptInputs): string =>
  distribution.archDecidesArchive
    ? `RUN [ "$(dpkg --print-architecture)" = ${arch} ] || { echo "Build this with --platform linux/${arch}" >&2; exit 1; }\n`
    : ''

/** Each line is a word in quotes, so that none begins with the # of a comment, which Docker would drop. */
const linesOf = (text: string): string =>
  [String.raw`printf '%s\n'`, ...text.trimEnd().split('\n').map(posixQuoted)].join(' \\\n')

const mirrorLine = (words: ScriptWords, engine: ScriptEngine): string =>
  words.closedMirror === null
    ? ''
    : `
# The mirror requires a user and a password: ${engine} build --build-arg MIRROR=${mirrorHint(words)}
ARG MIRROR=${posixQuoted(words.closedMirror)}`
