import { basename, join } from 'node:path'
import { commandLineBeside, commandWordsOf } from '../command-line.ts'
import { keyringName, LOCK_FILE, RECIPE, sourcesPlace } from '../../ask/saved.ts'
import { secretOf } from '../../ask/questions/mirror.ts'
import { newerOf } from '../../catalog/archives.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import { folderScript } from '../script/full-script.ts'
import { oursFolderScript } from '../script/ours-script.ts'
import { isDistroless, isOursAlone, libcOf } from './distroless.ts'
import type { FullInputs } from './inputs.ts'
import { shownPath } from '../names.ts'
import { engineName } from '../script/engine-words.ts'
import type { ProjectFile } from '../craft-inputs.ts'
import { answersFile, ATTRIBUTES, ignoredFile } from '../project-files.ts'
import { shellWords } from '../../text/shell-words.ts'
import { takesUpdates } from './built-in-rules.ts'
import { SCRIPTS, scriptFile } from './scripts.ts'

/** The files that a person receives with a full image. */
export const fullFiles = (inputs: FullInputs): ProjectFile[] => {
  const { answers } = inputs.given
  const values = templateValues(inputs)
  const asset = (file: string): ProjectFile => ({ file, asset: `full/${file}`, values })
  const isOurs = isOursAlone(inputs)
  const scripts = isDistroless(inputs) ? [] : isOurs ? (['verify.sh'] as const) : SCRIPTS
  const script = (kind: 'sh' | 'powershell'): string => {
    const anywhere = { ...inputs, near: null }
    const flags = inputs.engine === null ? archiveFlags(inputs) : []
    if (isOurs) return oursFolderScript(kind, anywhere, { flags })
    const same = values.madeOf === '' ? null : { flags }
    return folderScript(kind, anywhere, inputs.engine?.kind ?? 'docker', same)
  }
  return [
    asset('Dockerfile'),
    { file: '.dockerignore', text: IGNORED },
    ATTRIBUTES,
    ignoredFile(),
    ...scripts.map(script => scriptFile(inputs, script)),
    ...recipeFiles(inputs),
    ...(answers.keyring === null
      ? []
      : [{ file: keyringName(answers.keyring), copyOf: answers.keyring }]),
    ...(answers.sources === null
      ? []
      : [
          {
            file: sourcesPlace(answers.sources),
            sourcesOf: answers.sources,
            codename: inputs.release.codename,
          },
        ]),
    ...(answers.locked === null ? [] : [{ file: LOCK_FILE, copyOf: answers.locked }]),
    asset('README.md'),
    { file: 'build.sh', text: script('sh'), mode: 0o755 },
    { file: 'build.ps1', text: script('powershell') },
    answersFile(answers),
  ]
}

/** The archive replaces the one that is there. */
const archiveFlags = ({ given: { places } }: FullInputs): string[] => [
  '--engine',
  'none',
  '--output',
  `./${basename(places.output)}`,
  '--force',
]

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
  const { given, release, engine, family } = inputs
  const { answers, places } = given
  const kind = readmeKindOf(inputs)
  const client = engine?.client ?? 'docker'
  const archive = shownPath(places.from, places.output)
  return {
    tag: answers.tag,
    client,
    files:
      kind === 'alone'
        ? `${CALLS}${isDistroless(inputs) ? '' : VERIFIES}`
        : scriptRows(
            insideOf(inputs, kind),
            buildsOf(kind === 'ours', engineName(engine?.kind ?? 'docker')),
          ),
    use: useOf(inputs, client),
    packages: isDistroless(inputs) ? COPIED : installed(family.tool),
    again: `${engine === null ? 'an archive' : 'an image'} that is as it was made just proves itself again. ${CHANGED[kind]}`,
    updates: apart(updatesOf(inputs, kind)),
    official: officialOf(inputs),
    madeOf: madeOfRows(kind),
    load:
      engine === null
        ? `Give the archive to an engine first: \`${shellWords(['docker', 'load', '--input', archive])}\`.\n\n`
        : '',
    system: releaseTitle(release),
    repeat: shellWords(commandWordsOf(commandLineBeside(given))),
    closed:
      secretOf(answers.mirror ?? '') === ''
        ? ''
        : ' Put user and password of the mirror in its\naddress again: they are saved nowhere.',
  }
}

const apart = (text: string): string => (text === '' ? '' : `${text}\n\n`)

const officialOf = ({ distribution: { officialImage } }: FullInputs): string =>
  officialImage === null
    ? ''
    : `For most applications the Docker Official Image \`${officialImage}\` is the better choice: others rebuild it when a\nsecurity fix comes out. `

type ReadmeKind = FullInputs['route'] | 'ours' | 'alone'

const readmeKindOf = (inputs: FullInputs): ReadmeKind => {
  if (isOursAlone(inputs)) return 'alone'
  const { route, family } = inputs
  return route === 'built-in' && family.builtIn?.configures !== undefined ? 'ours' : route
}

const scriptRows = (inside: string, builds: string): string => `| \`bootstrap.sh\` | ${inside} |
| \`pack.sh\` | writes the finished root filesystem as a tar |
| \`build.sh\`, \`build.ps1\` | ${builds} |
${VERIFIES}`

const VERIFIES = '| `verify.sh` | a deep look at the finished image |\n'

const buildsOf = (isLocked: boolean, engine: string): string =>
  isLocked
    ? `the packages of \`packages.lock\` in a container of ${engine}'s, without create-base-image; with \`--same\` (\`-Same\`) the same image, by it`
    : `the same image in a container of ${engine}'s, without create-base-image`

const CALLS = `| \`build.sh\`, \`build.ps1\` | call create-base-image, at the version that made it, for the same image again: no container makes it |
`

const useOf = (inputs: FullInputs, client: string): string => {
  const { tag } = inputs.given.answers
  const lines = isDistroless(inputs)
    ? [`${client} run --rm ${tag} ${libcOf(inputs.arch)}`]
    : [
        `${client} run --rm --interactive --tty ${tag}`,
        `${client} run --rm --interactive ${tag} sh -s < verify.sh`,
      ]
  return lines.map(line => `    ${line}\n`).join('')
}

const installed = (tool: string): string =>
  `# Each line makes a layer; what is removed in the same line takes no room.
# RUN ${INSTALLS[tool] ?? 'echo hello >/etc/motd'}`

const INSTALLS: Readonly<Record<string, string>> = {
  debootstrap:
    'apt-get update && apt-get install --yes --no-install-recommends curl && rm -rf /var/lib/apt/lists/*',
  apk: 'apk add --no-cache curl',
  dnf: 'dnf install --assumeyes curl && dnf clean all',
  zypper: 'zypper --non-interactive install curl && zypper clean --all',
  pacman: 'pacman -Syu --noconfirm curl && rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*',
}

const COPIED = `# There is no shell in it that RUN could run with: what goes in is finished, or of a stage before (COPY --from).
# The user nonroot is there already: USER nonroot`

const insideOf = ({ family }: FullInputs, kind: Exclude<ReadmeKind, 'alone'>): string => {
  if (kind === 'container')
    return `what happens inside the container: ${family.tool}, then what makes its work fit for containers`
  // Of BusyBox's one package only the program is taken.
  return family.tool === 'busybox'
    ? 'what does the same in a container; `build.sh` runs it'
    : INSIDE[kind]
}

const INSIDE = {
  host: "what makes debootstrap's work fit for containers; `build.sh`, which needs no root, also runs debootstrap by it, in a container",
  'built-in':
    'what does the same in a container, where the packages’ own scripts run too; `build.sh` runs it',
  ours: 'what debootstrap makes the release by in a container; `build.sh` runs it, which needs only an engine',
} as const

const CHANGED = {
  alone: 'It is made again once\nthe signed index of packages changes.',
  container: 'Change `bootstrap.sh` first,\nand it is made again with your change.',
  host: 'As root it runs only\nits own text, so a changed `bootstrap.sh` counts for `build.sh` alone.',
  'built-in': '`bootstrap.sh` counts for\n`build.sh` alone: the archive is made without it.',
  ours: 'It is made again once\nthe signed index of packages changes. `bootstrap.sh` counts for `build.sh` alone.',
} as const

const madeOfRows = (kind: ReadmeKind): string => {
  if (kind !== 'ours' && kind !== 'alone') return ''
  const aside =
    kind === 'ours' ? '; `build.sh` sets them aside as `.old`, because its image is another' : ''
  return `| \`packages.lock\` | every package with its version, hash and place: \`--locked packages.lock\` makes the same image again |
| \`sbom.spdx.json\`, \`sbom.cdx.json\` | the packages and their licences, as SPDX 2.3 and CycloneDX 1.6${aside} |
`
}

const updatesOf = (inputs: FullInputs, kind: ReadmeKind): string => {
  const { updates, snapshot, locked } = inputs.given.answers
  if (inputs.family.tool !== 'debootstrap') return ''
  if (kind === 'alone')
    return `The packages are ${alonePackages(inputs)}. The same answers and the same index give the same image ID on every machine;\nthe end of the run shows it.`
  const newer = newerOf(inputs.release)
  if (kind !== 'ours') {
    if (newer === null) return NOTHING_NEWER
    return takesUpdates(inputs) ? updatedBy(newer) : NOT_UPDATED
  }
  if (locked !== null)
    return `The packages are those of \`packages.lock\` and no others. ${SAME_ID}`
  const when = snapshot === null ? "today's" : `those of ${snapshot}`
  if (newer === null) return `The packages are ${when}: ${ONE_SUITE}. ${SAME_ID}`
  if (updates === false) return `${NOT_UPDATED}\n\n${SAME_ID}`
  return `The packages are ${when}: the release with its ${newer}, the highest version of each. ${SAME_ID}`
}

const alonePackages = ({ given }: FullInputs): string => {
  const { updates, snapshot, locked, sources } = given.answers
  if (locked !== null) return 'those of `packages.lock` and no others'
  if (sources !== null) return `today's, of the archives in \`${sourcesPlace(sources)}\``
  if (updates === false) return "the release's own, without security updates"
  return `${snapshot === null ? "today's" : `those of ${snapshot}`}, with updates and security updates`
}

const SAME_ID = `The same
answers and the same index give the same image ID on every machine; the end of the run shows it. \`build.sh\` needs only an
engine: by debootstrap and apt it takes the versions in \`packages.lock\` that the mirror still has, names the others, and gives the
same packages, but not the same bytes; \`build.sh --same\` calls this tool, at the version that made it, for the same ID.`

const ONE_SUITE = "those of the release's archive, which has no updates beside it"

const NOTHING_NEWER = `The packages are today's: ${ONE_SUITE}. \`--force\` makes it again with those of another day.`

const updatedBy = (newer: string): string =>
  `The packages are today's: the release by debootstrap, then its ${newer} by its own apt. \`--force\` makes it again with those of another day.`

const NOT_UPDATED = `The packages are those of the release's archive. Security updates are in apt's sources, but not installed:
\`apt-get update && apt-get upgrade --yes\` in a Dockerfile brings them, and so does making the image again later
where the distribution has put them into the release itself, as Debian does with its point releases: add \`--force\`,
or the same command finds that all is done.`
