import type { MinimalAnswers, Extra } from '../../ask/answers.ts'
import { hasFiles, imageEnv, imageUser } from './extras.ts'
import { CERTIFICATES, FILES, ZONES } from '../names.ts'

/** The words of the project folder's texts that hang on what goes in besides the program. */
export const recipeValues = (answers: MinimalAnswers): Record<string, string> =>
  hasFiles(answers) ? withFiles(answers) : PROGRAM_ALONE

/** The Dockerfile's lines on environment and user, each after a comment and before an empty line. */
export const environmentLines = (answers: MinimalAnswers): string =>
  imageEnv(answers)
    .map(
      line =>
        `# Where OpenSSL looks for the certificates to trust; Go and curl find them by themselves.\nENV ${line}\n\n`,
    )
    .join('')

/** The Dockerfile's line on the user, after a comment and before an empty line; empty for root. */
export const userLines = (answers: MinimalAnswers): string => {
  const user = imageUser(answers)
  return user === null
    ? ''
    : `# Not root but nonroot, by number: so it can be checked without looking into the image.\nUSER ${user}\n\n`
}

const PROGRAM_ALONE = {
  addFiles: '',
  addWhy: 'The one file in it, and the one layer.',
  user: '',
  besides: 'nothing else',
  filesRow: '',
  ownFiles: 'file',
  letFilesIn: '',
  needs:
    'If your program talks TLS, needs time zones or user names, it needs\nmore files than itself: `--with ca-certificates,tzdata,user` puts them in.',
}

const withFiles = (answers: MinimalAnswers): Record<keyof typeof PROGRAM_ALONE, string> => ({
  addFiles: `# What the program needs besides itself: ${answers.with.map(extra => IN_WORDS[extra]).join(', ')}.
# These files change less often than the program, so their layer comes first and is taken from the cache.
ADD ${FILES} /

${environmentLines(answers)}`,
  addWhy: 'The program, in a layer of its own.',
  user: userLines(answers),
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
