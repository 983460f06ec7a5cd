import { fullDockerfile } from './full-dockerfile.ts'
import { fullPowershell } from './full-powershell.ts'
import { isOursAlone } from '../full/distroless.ts'
import type { ScriptInputs } from '../full/inputs.ts'
import {
  besideNote,
  mirrorHint,
  optionWords,
  scriptWords,
  unlikeOurs,
  whatContainer,
  wrapped,
  type InnerTexts,
  type ScriptWords,
} from './full-words.ts'
import { engineName, type ScriptEngine } from './engine-words.ts'
import type { ScriptKind } from './minimal-script.ts'
import { oursScript } from './ours-script.ts'
import { shSetAside } from './earlier-lists.ts'
import { sameBySh, type Calling } from './same-script.ts'
import { shellWords } from '../../text/shell-words.ts'

/**
 * The steps of a full image as a script that needs an engine and nothing of ours. It brings along what it runs in the
 * container. The tar leaves the container by docker cp, never through a pipe of the shell: PowerShell changes binary
 * data in one, and a plain pipe hides failures. No script holds the user and password of a mirror.
 */
export const fullScript = (
  kind: ScriptKind,
  inputs: ScriptInputs,
  texts: InnerTexts,
  engine: ScriptEngine,
): string => {
  if (isOursAlone(inputs)) return oursScript(kind, inputs)
  return { sh, powershell: fullPowershell, dockerfile: fullDockerfile }[kind](inputs, texts, engine)
}

/**
 * The same for the project folder, where bootstrap.sh and pack.sh are files of their own. With `same` the folder gets a lock,
 * by which this tool makes the same image again; null where it gets none.
 */
export const folderScript = (
  kind: 'sh' | 'powershell',
  inputs: ScriptInputs,
  engine: ScriptEngine,
  same: Calling | null = null,
): string =>
  kind === 'sh' ? sh(inputs, null, engine, same) : fullPowershell(inputs, null, engine, same)

const sh = (
  inputs: ScriptInputs,
  texts: InnerTexts | null,
  engine: ScriptEngine,
  same: Calling | null = null,
): string => {
  const words = scriptWords(inputs, engine)
  const call = (args: readonly string[]): string => wrapped([engine, ...args.map(quote)], GOES_ON)
  const copy = ([file, to]: readonly [string, string]): string =>
    `${engine} cp ${file} "$container:${to}"`
  return `#!/bin/sh
# Makes the image ${inputs.given.answers.tag} in this folder, with ${engineName(engine)} alone.
${unlikeOurs(inputs)}set -eu
cd -- "$(dirname -- "$0")"
${same === null ? '' : sameBySh(same)}${written(texts)}${besideNote(inputs, texts)}${mirrorLine(words)}
${whatContainer(inputs)}
container=$(${call(words.create)} sh -c '
${words.inside.join('\n')}
' sh \\
  ${wrapped(optionWords(words, quote, '"$mirror"'), GOES_ON)})
trap '${engine} rm --force --volumes "$container" > /dev/null; rm -f rootfs.tar' EXIT
trap 'exit 130' HUP INT TERM
${words.copied.map(one => `${copy(one)}\n`).join('')}${words.copiedIfThere.map(one => `if [ -e ${one[0]} ]; then ${copy(one)}; fi\n`).join('')}\
${engine} start --attach "$container"
${engine} cp "$container:/rootfs.tar" rootfs.tar

# The image: ${engine} import makes one layer of the tar.
${call(words.import)}
${same === null ? '' : shSetAside()}
# The proof: a container made from it says what it is.
${call(words.proof)}
`
}

/** Files that are there stay: they may have been changed. */
const written = (texts: InnerTexts | null): string =>
  texts === null
    ? ''
    : Object.entries(texts)
        .map(
          ([file, text]) => `
# ${file} is written here unless it exists.
[ -e ${file} ] || cat > ${file} <<'END OF ${file}'
${text.trimEnd()}
END OF ${file}
`,
        )
        .join('')

const mirrorLine = (words: ScriptWords): string =>
  words.closedMirror === null
    ? ''
    : `
# The mirror requires a user and a password: MIRROR=${mirrorHint(words)} sh build.sh
mirror=\${MIRROR:-${quote(words.closedMirror)}}
`

const quote = (word: string): string => shellWords([word])

const GOES_ON = ' \\'
