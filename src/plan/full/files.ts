import { join } from 'node:path'
import { commandLineBeside, commandWordsOf } from '../command-line.ts'
import { keyringName, RECIPE, savedAnswers } from '../../ask/saved.ts'
import { secretOf } from '../../ask/questions/mirror.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import { folderScript } from '../script/full-script.ts'
import type { FullInputs } from './inputs.ts'
import { shownPath } from '../names.ts'
import { engineName } from '../script/engine-words.ts'
import { ATTRIBUTES, type ProjectFile } from '../project-files.ts'
import { shellWords } from '../../text/shell-words.ts'
import { SCRIPTS, scriptFile } from './scripts.ts'

/** The files that a person receives with a full image. */
export const fullFiles = (inputs: FullInputs): ProjectFile[] => {
  const { answers } = inputs.given
  const values = templateValues(inputs)
  const asset = (file: string): ProjectFile => ({ file, asset: `full/${file}`, values })
  const script = (kind: 'sh' | 'powershell'): string =>
    folderScript(kind, { ...inputs, near: null }, inputs.engine?.kind ?? 'docker')
  return [
    asset('Dockerfile'),
    { file: '.dockerignore', text: IGNORED },
    ATTRIBUTES,
    ...SCRIPTS.map(script => scriptFile(inputs, script)),
    ...recipeFiles(inputs),
    ...(answers.keyring === null
      ? []
      : [{ file: keyringName(answers.keyring), copyOf: answers.keyring }]),
    asset('README.md'),
    { file: 'build.sh', text: script('sh'), mode: 0o755 },
    { file: 'build.ps1', text: script('powershell') },
    { file: 'answers.json', text: `${JSON.stringify(savedAnswers(answers), null, 2)}\n` },
  ]
}

/** A copy of the recipe, so that the folder makes the image again wherever it goes. */
const recipeFiles = ({ distribution }: FullInputs): ProjectFile[] =>
  distribution.isRecipe
    ? ['distro.json', ...distribution.scripts].map(file => ({
        file: `${RECIPE}/${file}`,
        copyOf: join(distribution.folder, file),
      }))
    : []

const IGNORED = `# Nothing in this folder goes into an image but what a line below these names so: !my-program
*
`

const templateValues = ({ given, release, route, engine }: FullInputs) => {
  const { answers, places } = given
  const archive = shownPath(places.from, places.output)
  return {
    tag: answers.tag,
    client: engine?.client ?? 'docker',
    engine: engineName(engine?.kind ?? 'docker'),
    inside: INSIDE[route],
    again: `${engine === null ? 'an archive' : 'an image'} that is as it was made just proves itself again. ${CHANGED[route]}`,
    load:
      engine === null
        ? `Give the archive to an engine first: \`${shellWords(['docker', 'load', '--input', archive])}\`.\n\n`
        : '',
    system: releaseTitle(release),
    distro: release.distro,
    repeat: shellWords(commandWordsOf(commandLineBeside(given))),
    closed:
      secretOf(answers.mirror ?? '') === ''
        ? ''
        : ' Put user and password of the mirror in its\naddress again: they are saved nowhere.',
  }
}

const INSIDE = {
  container:
    'what happens inside the container: debootstrap, then what makes its work fit for containers',
  host: "what makes debootstrap's work fit for containers; `build.sh`, which needs no root, also runs debootstrap by it, in a container",
  'built-in':
    'what does the same in a container, where the packages’ own scripts run too; `build.sh` runs it',
} as const

const CHANGED = {
  container: 'Change `bootstrap.sh` first,\nand it is made anew with your change.',
  host: 'As root it runs only\nits own text, so a changed `bootstrap.sh` counts for `build.sh` alone.',
  'built-in': '`bootstrap.sh` counts for\n`build.sh` alone: the archive is made without it.',
} as const
