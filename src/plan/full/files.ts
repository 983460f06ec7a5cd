import { join } from 'node:path'
import { commandLineBeside, commandWordsOf } from '../command-line.ts'
import { keyringName, LOCK_FILE, RECIPE } from '../../ask/saved.ts'
import { secretOf } from '../../ask/questions/mirror.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import { folderScript } from '../script/full-script.ts'
import type { FullInputs } from './inputs.ts'
import { shownPath } from '../names.ts'
import { engineName } from '../script/engine-words.ts'
import { answersFile, ATTRIBUTES, ignoredFile, type ProjectFile } from '../project-files.ts'
import { shellWords } from '../../text/shell-words.ts'
import { takesUpdates } from './own-way.ts'
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
    ignoredFile(),
    ...SCRIPTS.map(script => scriptFile(inputs, script)),
    ...recipeFiles(inputs),
    ...(answers.keyring === null
      ? []
      : [{ file: keyringName(answers.keyring), copyOf: answers.keyring }]),
    ...(answers.locked === null ? [] : [{ file: LOCK_FILE, copyOf: answers.locked }]),
    asset('README.md'),
    { file: 'build.sh', text: script('sh'), mode: 0o755 },
    { file: 'build.ps1', text: script('powershell') },
    answersFile(answers),
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

const templateValues = (inputs: FullInputs) => {
  const { given, release, route, engine, family } = inputs
  const { answers, places } = given
  const way = route === 'built-in' && family.builtIn?.configures === true ? 'ours' : route
  const archive = shownPath(places.from, places.output)
  return {
    tag: answers.tag,
    client: engine?.client ?? 'docker',
    builds: buildsOf(way === 'ours', engineName(engine?.kind ?? 'docker')),
    inside: INSIDE[way],
    again: `${engine === null ? 'an archive' : 'an image'} that is as it was made just proves itself again. ${CHANGED[way]}`,
    updates: updatesOf(inputs, way),
    madeOf: way === 'ours' ? MADE_OF : '',
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

const buildsOf = (isLocked: boolean, engine: string): string =>
  isLocked
    ? `the packages of \`packages.lock\` in a container of ${engine}'s, without create-base-image; with \`--same\` (\`-Same\`) the same image, by it`
    : `the same image in a container of ${engine}'s, without create-base-image`

const INSIDE = {
  container:
    'what happens inside the container: debootstrap, then what makes its work fit for containers',
  host: "what makes debootstrap's work fit for containers; `build.sh`, which needs no root, also runs debootstrap by it, in a container",
  'built-in':
    'what does the same in a container, where the packages’ own scripts run too; `build.sh` runs it',
  ours: 'what debootstrap makes the release by in a container; `build.sh` runs it, which needs only an engine',
} as const

const CHANGED = {
  container: 'Change `bootstrap.sh` first,\nand it is made anew with your change.',
  host: 'As root it runs only\nits own text, so a changed `bootstrap.sh` counts for `build.sh` alone.',
  'built-in': '`bootstrap.sh` counts for\n`build.sh` alone: the archive is made without it.',
  ours: 'It is made anew once\nthe signed index of packages is another one. `bootstrap.sh` counts for `build.sh` alone.',
} as const

const MADE_OF = `| \`packages.lock\` | every package with its version, hash and place: \`--locked packages.lock\` makes the same image again |
| \`sbom.spdx.json\`, \`sbom.cdx.json\` | the packages and their licences, as SPDX 2.3 and CycloneDX 1.6 |
`

const updatesOf = (inputs: FullInputs, way: keyof typeof INSIDE): string => {
  const { updates, snapshot, locked } = inputs.given.answers
  if (inputs.family.tool !== 'debootstrap') return ''
  if (way !== 'ours') return takesUpdates(inputs) ? UPDATED : NOT_UPDATED
  if (locked !== null)
    return `The packages are those of \`packages.lock\` and no others. ${SAME_ID}`
  if (updates === false) return `${NOT_UPDATED}\n\n${SAME_ID}`
  const when = snapshot === null ? "today's" : `those of ${snapshot}`
  return `The packages are ${when}: the release with its updates and security updates, the highest version of each. ${SAME_ID}`
}

const SAME_ID = `The same
answers and the same index give the same image ID on every machine; the end of the run shows it. \`build.sh\` needs only an
engine: by debootstrap and apt it takes the versions in \`packages.lock\` that the mirror still has, names the others, and gives the
same packages, but not the same bytes; \`build.sh --same\` calls this tool, at the version that made it, for the same ID.`

const UPDATED =
  "The packages are today's: the release by debootstrap, then its updates and security updates by its own apt. `--force` makes it again with those of another day."

const NOT_UPDATED = `The packages are those of the release's archive. Security updates are in apt's sources, but not installed:
\`apt-get update && apt-get upgrade --yes\` in a Dockerfile brings them, and so does making the image again later
where the distribution has put them into the release itself, as Debian does with its point releases: add \`--force\`,
or the same command finds that all is done.`
