import { KEYRING } from '../ask/saved.ts'
import { bootstrapOptions, bootstrapPackages, KEYRING_INSIDE, proofOf } from './families/debian.ts'
import { RIGHTS } from './full-container.ts'
import { imageNotes } from './full-host.ts'
import type { ScriptScene } from './full-scene.ts'
import type { ScriptKind } from './script.ts'
import { shellWords } from './words.ts'

/**
 * The steps of a full image as a script that needs Docker, and bootstrap.sh and pack.sh beside it. The tar leaves the
 * container by docker cp, never through a pipe of the shell: PowerShell changes binary data in one, and a plain pipe
 * hides failures.
 */
export const fullScript = (kind: ScriptKind, scene: ScriptScene): string =>
  ({ sh, powershell, dockerfile })[kind](scene)

/** What the container runs; options come as its arguments. */
const inside = (scene: ScriptScene): string =>
  [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive',
    'apt-get update',
    `apt-get install --yes --no-install-recommends ${bootstrapPackages(scene).join(' ')}`,
    'sh /bootstrap.sh "$@"',
    'sh /pack.sh > /rootfs.tar',
  ].join('\n')

const create = ({ given, builder }: ScriptScene): string[] => [
  'create',
  ...platform(given.answers.arch),
  '--hostname',
  'localhost',
  '--security-opt',
  'no-new-privileges',
  '--cap-drop',
  'ALL',
  ...RIGHTS,
  builder,
]

const platform = (arch: string | null): string[] =>
  arch === null ? [] : ['--platform', `linux/${arch}`]

const copied = ({ given }: ScriptScene): [string, string][] => [
  ['bootstrap.sh', '/bootstrap.sh'],
  ['pack.sh', '/pack.sh'],
  ...(given.answers.keyring === null ? [] : [[KEYRING, KEYRING_INSIDE] as [string, string]]),
]

const importWords = (scene: ScriptScene): string[] => {
  const { cmd, env, labels } = imageNotes(scene)
  const changes = [
    `CMD ${JSON.stringify(cmd)}`,
    ...env.map(line => `ENV ${line}`),
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
  ]
  const { arch, tag } = scene.given.answers
  return [
    'import',
    ...platform(arch),
    ...changes.flatMap(change => ['--change', change]),
    'rootfs.tar',
    tag,
  ]
}

const proof = ({ given, release }: ScriptScene): string[] => [
  'run',
  '--rm',
  ...platform(given.answers.arch),
  given.answers.tag,
  'cat',
  proofOf(release).file,
]

const sh = (scene: ScriptScene): string => `#!/bin/sh
# Makes the image ${scene.given.answers.tag} in this folder, with Docker alone.
set -eu
cd -- "$(dirname -- "$0")"

# A container without special rights bootstraps: debootstrap is put in it, bootstrap.sh does the rest.
container=$(docker ${shellWords(create(scene))} sh -c '
${inside(scene)}
' sh ${shellWords(bootstrapOptions(scene))})
trap 'docker rm --force "$container" > /dev/null; rm -f rootfs.tar' EXIT
${copied(scene)
  .map(([file, to]) => `docker cp ${file} "$container:${to}"`)
  .join('\n')}
docker start --attach "$container"
docker cp "$container:/rootfs.tar" rootfs.tar

# The image: docker import makes one layer of the tar.
docker ${shellWords(importWords(scene))}

# The proof: a container made from it says what it is.
docker ${shellWords(proof(scene))}
`

/** A word for PowerShell: single quotes keep everything, and double quotes need a backslash to reach a program. */
const psWord = (word: string): string =>
  /^[\w@%+=:./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "''").replaceAll('"', String.raw`\"`)}'`

const psWords = (words: readonly string[]): string => words.map(psWord).join(' ')

const powershell = (
  scene: ScriptScene,
): string => `# Makes the image ${scene.given.answers.tag} in this folder, with Docker alone.
$ErrorActionPreference = 'Stop'
# Every version then hands double quotes on alike.
$PSNativeCommandArgumentPassing = 'Legacy'
Set-Location -LiteralPath $PSScriptRoot
function Invoke-Docker { docker @args; if ($LASTEXITCODE -ne 0) { throw "docker $args ended with $LASTEXITCODE" } }

# A container without special rights bootstraps: debootstrap is put in it, bootstrap.sh does the rest.
$container = Invoke-Docker ${psWords([...create(scene), 'sh', '-c', inside(scene).replaceAll('\n', '; '), 'sh', ...bootstrapOptions(scene)])}
try {
${copied(scene)
  .map(([file, to]) => `  Invoke-Docker cp ${file} "\${container}:${to}"`)
  .join('\n')}
  Invoke-Docker start --attach $container
  Invoke-Docker cp "\${container}:/rootfs.tar" rootfs.tar

  # The image: docker import makes one layer of the tar.
  Invoke-Docker ${psWords(importWords(scene))}
} finally {
  docker rm --force $container | Out-Null
  Remove-Item -Force -ErrorAction SilentlyContinue rootfs.tar
}

# The proof: a container made from it says what it is.
Invoke-Docker ${psWords(proof(scene))}
`

/** The same as one Dockerfile: docker build needs no rights either. */
const dockerfile = (scene: ScriptScene): string => {
  const { cmd, env, labels } = imageNotes(scene)
  const files = copied(scene)
  return `# A full image in one Dockerfile; it needs ${files.map(([file]) => file).join(' and ')} beside it (they are in the project folder).
# There is no "# syntax" line: BuildKit would fetch a frontend from a registry for it.
FROM ${scene.builder} AS bootstrap
RUN apt-get update && apt-get install --yes --no-install-recommends ${bootstrapPackages(scene).join(' ')}
${files.map(([file, to]) => `COPY ${file} ${to}`).join('\n')}
RUN sh /bootstrap.sh ${shellWords(bootstrapOptions(scene))}

FROM scratch
COPY --from=bootstrap /rootfs /
${env.map(line => `ENV ${line}`).join('\n')}
${Object.entries(labels)
  .map(([name, value]) => `LABEL ${name}=${value}`)
  .join('\n')}
CMD ${JSON.stringify(cmd)}
`
}
