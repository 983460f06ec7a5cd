import type { MinimalAnswers } from '../ask/answers.ts'
import { builderPackages, compilerCommand } from './compiler.ts'
import { isCompiled, printDockerfile } from './dockerfile.ts'
import { hasFiles } from './extras.ts'
import { FILES, programName, sourceName } from './names.ts'
import { shellWords } from './words.ts'

export type ScriptKind = 'sh' | 'powershell' | 'dockerfile'

export const SCRIPT_KINDS: readonly ScriptKind[] = ['sh', 'powershell', 'dockerfile']

/**
 * The steps of a minimal image as a script that needs Docker and nothing of ours. It is made from the answers alone, so it is
 * the same on every machine. Files go in and out of containers by docker cp, never through a pipe of the
 * shell: PowerShell changes binary data in one, and a plain pipe hides failures.
 */
export const minimalScript = (kind: ScriptKind, answers: MinimalAnswers): string => {
  if (kind === 'dockerfile') return printDockerfile(answers)
  return kind === 'sh' ? sh(answers) : powershell(answers)
}

/** The folder is part of the project; the script does not make it. */
const onFiles = (answers: MinimalAnswers): string =>
  hasFiles(answers) ? `\n# What is in ${FILES}/ goes in too: ${answers.with.join(', ')}.` : ''

/** What the container runs: constant but for the package names and file names, which have no special characters. */
const compileInside = (answers: MinimalAnswers): string =>
  [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive',
    'apt-get update',
    `apt-get install --yes --no-install-recommends ${builderPackages(answers).join(' ')}`,
    'cd /tmp',
    ...compilerCommand(answers).map(shellWords),
  ].join('\n')

const platformOption = ({ arch }: MinimalAnswers): string =>
  arch === null ? '' : `--platform linux/${arch} `

const sh = (answers: MinimalAnswers): string => {
  const compile = answers.compileIn === 'host' ? shHost(answers) : shContainer(answers)
  return `#!/bin/sh
# Makes the image ${answers.tag} in this folder, with Docker alone.
set -eu
cd -- "$(dirname -- "$0")"
${isCompiled(answers) ? compile : ''}
# The image: docker build follows the Dockerfile.${onFiles(answers)}
docker build ${platformOption(answers)}--tag ${answers.tag} .

# The proof: a container made from it.
docker run --rm ${platformOption(answers)}${answers.tag}
`
}

const shHost = (answers: MinimalAnswers): string => `
# A program with everything it needs inside.
${compilerCommand(answers, 'cc').map(shellWords).join('\n')}
`

const shContainer = (answers: MinimalAnswers): string => {
  const name = programName(answers.program)
  const source = sourceName(answers.program)
  return `
# Compile in a container: a Linux program is needed, whatever this machine is.
container=$(docker create ${platformOption(answers)}${answers.builder} sh -c '
${compileInside(answers)}
')
trap 'docker rm --force "$container" > /dev/null' EXIT
docker cp ${source} "$container:/tmp/${source}"
docker start --attach "$container"
docker cp "$container:/tmp/${name}" ${name}
`
}

const powershell = (
  answers: MinimalAnswers,
): string => `# Makes the image ${answers.tag} in this folder, with Docker alone.
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath $PSScriptRoot
function Invoke-Docker { docker @args; if ($LASTEXITCODE -ne 0) { throw "docker $args ended with $LASTEXITCODE" } }
${isCompiled(answers) ? psContainer(answers) : ''}
# The image: docker build follows the Dockerfile.${onFiles(answers)}
Invoke-Docker build ${platformOption(answers)}--tag ${answers.tag} .

# The proof: a container made from it.
Invoke-Docker run --rm ${platformOption(answers)}${answers.tag}
`

const psContainer = (answers: MinimalAnswers): string => {
  const name = programName(answers.program)
  const source = sourceName(answers.program)
  const script = compileInside(answers).replaceAll('\n', '; ')
  return `
# Compile in a container: a Linux program is needed, whatever this machine is.
$container = Invoke-Docker create ${platformOption(answers)}${answers.builder} sh -c '${script.replaceAll("'", "''")}'
try {
  Invoke-Docker cp ${source} "\${container}:/tmp/${source}"
  Invoke-Docker start --attach $container
  Invoke-Docker cp "\${container}:/tmp/${name}" ${name}
} finally {
  docker rm --force $container | Out-Null
}
`
}
