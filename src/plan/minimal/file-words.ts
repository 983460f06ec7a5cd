import type { MinimalAnswers, Extra } from '../../ask/answers.ts'
import { extrasEnv, hasFiles, minimalNotes } from './extras.ts'
import { noteLines, startLines } from '../run-notes.ts'
import { CERTIFICATES, FILES, PLATFORMS, programName, ZONES } from '../names.ts'

/** The words of the project folder's texts that depend on what goes in besides the program. */
export const recipeValues = (answers: MinimalAnswers): Record<string, string> => ({
  ...(hasFiles(answers) ? withFiles(answers) : PROGRAM_ALONE),
  ...placeOf(answers),
  user: userLines(answers) + settingLines(answers),
  start: startLines(minimalNotes(answers)).join('\n'),
})

/** Where the Dockerfile takes the program from: the engine says for which architecture it builds. */
const placeOf = ({ archs, program }: MinimalAnswers): Record<string, string> => {
  const name = programName(program)
  return archs.length === 0
    ? { place: name, letIn: name }
    : { place: `${PLATFORMS}/$TARGETARCH/${name}`, letIn: PLATFORMS, target: TARGET_LINE }
}

const TARGET_LINE =
  '# BuildKit and Podman set this to the one being made; other builders need --build-arg TARGETARCH=amd64\nARG TARGETARCH\n\n'

/** The Dockerfile's lines on environment and user, each after a comment and before an empty line. */
export const environmentLines = (answers: MinimalAnswers): string =>
  extrasEnv(answers)
    .map(
      line =>
        `# Where OpenSSL looks for the certificates to trust; Go and curl find them by themselves.\nENV ${line}\n\n`,
    )
    .join('')

/** The Dockerfile's line on the user, after a comment and before an empty line; empty for root. */
export const userLines = (answers: MinimalAnswers): string => {
  const { user } = minimalNotes(answers)
  if (user === null) return ''
  const why =
    answers.settings.user === null
      ? 'Not root but nonroot, by number: so it can be checked without looking into the image.'
      : 'The user it runs as.'
  return `# ${why}\nUSER ${user}\n\n`
}

/** The lines on environment, labels and ports that the answers set, before an empty line; empty without any. */
export const settingLines = ({ settings }: MinimalAnswers): string => {
  const labels = Object.fromEntries(
    settings.label.map(line => [line.split('=')[0]!, line.slice(line.indexOf('=') + 1)]),
  )
  const { env, expose } = settings
  const lines = noteLines({ entrypoint: null, cmd: null, user: null, env, expose, labels })
  return lines.length === 0
    ? ''
    : `# Notes on the image, for engines and people.\n${lines.join('\n')}\n\n`
}

const PROGRAM_ALONE = {
  target: '',
  addFiles: '',
  addWhy: 'The one file in it, and the one layer.',
  besides: 'nothing else',
  filesRow: '',
  ownFiles: 'file',
  letFilesIn: '',
  needs:
    'If your program talks TLS, needs time zones or user names, it needs\nmore files than itself: `--with ca-certificates,tzdata,user` puts them in.',
}

const withFiles = (answers: MinimalAnswers): Record<keyof typeof PROGRAM_ALONE, string> => ({
  target: '',
  addFiles: `# What the program needs besides itself: ${answers.with.map(extra => IN_WORDS[extra]).join(', ')}.
# These files change less often than the program, so their layer comes first and is taken from the cache.
ADD ${FILES} /

${environmentLines(answers)}`,
  addWhy: 'The program, in a layer of its own.',
  besides: `what is in \`${FILES}/\``,
  filesRow: `| \`${FILES}/\` | what the program needs besides itself, laid out as in the image; what you add goes in too |\n`,
  ownFiles: 'files',
  letFilesIn: `!${FILES}\n`,
  needs: `What yours needs besides itself\nis in \`${FILES}/\`:\n\n${answers.with.map(extra => `- ${IN_README[extra]}\n`).join('')}`,
})

const IN_WORDS: Readonly<Record<Extra, string>> = {
  'ca-certificates': 'the certificates to trust',
  tzdata: 'the time zones',
  user: 'the users root and nonroot',
  tmp: 'a folder for temporary files',
}

const IN_README: Readonly<Record<Extra, string>> = {
  'ca-certificates': `\`${CERTIFICATES}\`: the certificates that TLS trusts, Mozilla's list. It ages: delete it now and then and\n  run the command again with a newer Node.`,
  tzdata: `\`${ZONES}\`: the rules of the time zones. They age too: delete the folder and run the command again.`,
  user: '`etc/passwd` and `etc/group`: the users root and nonroot; the image runs as nonroot.',
  tmp: '`tmp`: where the program may write temporary files; its mode is 1777.',
}
