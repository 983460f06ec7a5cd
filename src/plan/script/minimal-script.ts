import type { MinimalAnswers } from '../../ask/answers.ts'
import { besideNote, psTexts, shTexts, type AloneTexts } from './alone.ts'
import { psSetAside, shSetAside } from './earlier-lists.ts'
import { CROSS } from '../../ask/questions/arch.ts'
import {
  builderPackages,
  compileEachWords,
  compilerCommand,
  COMPILE_EACH,
  crossCompiler,
  crossPackages,
} from '../minimal/compiler.ts'
import { isCompiled, printDockerfile } from './minimal-dockerfile.ts'
import { hasFiles } from '../minimal/extras.ts'
import { FILES, PLATFORMS, TMP, programFor, programName, sourceName } from '../names.ts'
import { psProof, shProof } from './proof-lines.ts'
import { endsAtOnce, engineName, scriptBuilder, type ScriptEngine } from './engine-words.ts'
import { powershellQuoted, shellWords } from '../../text/shell-words.ts'

export type ScriptKind = 'sh' | 'powershell' | 'dockerfile'

export const SCRIPT_KINDS: readonly ScriptKind[] = ['sh', 'powershell', 'dockerfile']

/**
 * The steps of a minimal image as a script that needs an engine and nothing of ours. It is made from the answers alone,
 * so it is the same on every machine. Files go in and out of containers by docker cp, never through a pipe of the
 * shell: PowerShell changes binary data in one, and a plain pipe hides failures. `texts` are the files that a script
 * writes which stands alone; null for one in a project folder.
 */
export const minimalScript = (
  kind: ScriptKind,
  answers: MinimalAnswers,
  engine: ScriptEngine,
  texts: AloneTexts | null = null,
): string => {
  if (kind === 'dockerfile')
    return printDockerfile(answers, engine, texts?.[sourceName(answers.program)] ?? null)
  return kind === 'sh' ? sh(answers, engine, texts) : powershell(answers, engine, texts)
}

/** The name of the PowerShell function that calls the client of an engine and throws when that fails. */
export const invoker = (engine: ScriptEngine): string => `Invoke-${engineName(engine)}`

/** That function's text. */
export const invokerFunction = (engine: ScriptEngine): string =>
  `function ${invoker(engine)} { ${engine} @args; if ($LASTEXITCODE -ne 0) { throw "${engine} $($args[0]) ended with $LASTEXITCODE" } }`

/** The folder is part of the project; the script does not make it. */
const onFiles = (answers: MinimalAnswers): string =>
  hasFiles(answers) ? `\n# What is in ${FILES}/ goes in too: ${answers.with.join(', ')}.` : ''

/** The mode of a folder is lost where it comes through git or a zip file. */
const openTmp = (answers: MinimalAnswers): string =>
  answers.with.includes('tmp') ? `chmod 1777 ${FILES}/${TMP}\n` : ''

/** What the container runs: constant but for the package names and file names, which have no special characters. */
const compileInside = (answers: MinimalAnswers): string =>
  (answers.archs.length > 0 ? crossLines(answers) : ownLines(answers)).join('\n')

const ownLines = (answers: MinimalAnswers): string[] => [
  'set -e',
  'export DEBIAN_FRONTEND=noninteractive',
  'apt-get update',
  `apt-get install --yes --no-install-recommends ${builderPackages(answers, '').join(' ')}`,
  'cd /tmp',
  ...compilerCommand(answers).map(shellWords),
]

/** No quotes are in it: Windows' own PowerShell loses them on the way to a program. */
const crossLines = (answers: MinimalAnswers): string[] => {
  const [name, , ...options] = compileEachWords(answers)
  return [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive',
    'apt-get update',
    'set gcc libc6-dev',
    ...answers.archs.map(arch => {
      const { debian } = CROSS[arch]!
      return `[ $(dpkg --print-architecture) = ${debian} ] || set $@ ${crossPackages([arch], '').join(' ')}`
    }),
    'apt-get install --yes --no-install-recommends $@',
    'cd /tmp',
    ...answers.archs.flatMap(arch => [
      `mkdir -p ${PLATFORMS}/${arch}`,
      `${crossCompiler(arch)} ${options.join(' ')} -o ${programFor(arch, name!)} ${name}.c -lm -lrt -ldl`,
    ]),
  ]
}

/** What a container leaves, as the end of a copy's words. */
const made = ({ archs, program }: MinimalAnswers): string =>
  archs.length > 0 ? `${PLATFORMS}" .` : `${programName(program)}" ${programName(program)}`

const platformOption = ({ arch }: MinimalAnswers): string =>
  arch === null ? '' : `--platform linux/${arch} `

const createWords = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  call: string = engine,
): string => {
  const builder = scriptBuilder(engine, answers.builder)
  return `${call} create ${endsAtOnce(engine).join(' ')} ${platformOption(answers)}${builder}`
}

/** A script that stands alone leaves the compile to the Dockerfile when that has a builder of its own. */
const compilesItself = (answers: MinimalAnswers, texts: AloneTexts | null): boolean =>
  isCompiled(answers) && (texts === null || !hasFiles(answers))

const sh = (answers: MinimalAnswers, engine: ScriptEngine, texts: AloneTexts | null): string => {
  const here = answers.compileIn === 'host'
  const compile = here ? shHost(answers) : shContainer(answers, engine)
  const needs = here && compilesItself(answers, texts) ? ', and a C compiler for Linux' : ' alone'
  return `#!/bin/sh
# Makes the image ${answers.tag} in this folder, with ${engineName(engine)}${needs}.
set -eu
cd -- "$(dirname -- "$0")"
${besideNote(answers, texts)}${texts === null ? '' : shTexts(texts)}${compilesItself(answers, texts) ? compile : ''}
# The image: ${engine} build follows the Dockerfile.${texts === null ? onFiles(answers) : ''}
${texts === null ? openTmp(answers) : ''}${shBuild(answers, engine)}
${texts === null ? shSetAside() : ''}
${shProof(answers, engine, platformOption(answers))}${allOfThem(answers, engine)}`
}

const shBuild = (answers: MinimalAnswers, engine: ScriptEngine): string => {
  const { archs, tag } = answers
  if (archs.length === 0) return `${engine} build ${platformOption(answers)}--tag ${tag} .`
  return `arch=$(${OWN_ARCH[engine]}) platform=
case " ${archs.join(' ')} " in *" $arch "*) ;; *) arch=${archs[0]} platform="--platform linux/${archs[0]}" ;; esac
${engine} build $platform --build-arg "TARGETARCH=$arch" --tag ${tag} .`
}

const psBuild = (answers: MinimalAnswers, engine: ScriptEngine): string => {
  const { archs, tag } = answers
  const call = invoker(engine)
  if (archs.length === 0) return `${call} build ${platformOption(answers)}--tag ${tag} .`
  return `$arch = ${OWN_ARCH[engine]}
$platform = @()
if ('${archs.join(' ')}'.Split(' ') -notcontains $arch) { $arch = '${archs[0]}'; $platform = @('--platform', 'linux/${archs[0]}') }
${call} build @platform --build-arg "TARGETARCH=$arch" --tag ${tag} .`
}

const OWN_ARCH: Readonly<Record<ScriptEngine, string>> = {
  docker: "docker version --format '{{.Server.Arch}}'",
  podman: "podman info --format '{{.Host.Arch}}'",
}

/** What makes the index needs more than every engine has. */
const allOfThem = ({ archs, tag }: MinimalAnswers, engine: ScriptEngine): string => {
  if (archs.length === 0) return ''
  const platforms = archs.map(arch => `linux/${arch}`).join(',')
  const command =
    engine === 'podman'
      ? `podman build --platform ${platforms} --manifest ${tag}-all .`
      : `docker buildx build --platform ${platforms} --tag REGISTRY/${tag} --push .`
  return `\n# That is the image for this machine. One index of all${engine === 'podman' ? '' : ', which buildx makes'}:\n# ${command}\n`
}

const shHost = (answers: MinimalAnswers): string => `
# A program with everything it needs inside.
${(answers.archs.length > 0
  ? [`set -- ${shellWords(compileEachWords(answers))}`, COMPILE_EACH]
  : compilerCommand(answers, 'cc').map(shellWords)
).join('\n')}
`

const shContainer = (answers: MinimalAnswers, engine: ScriptEngine): string => {
  const source = sourceName(answers.program)
  return `
# Compile in a container: a Linux program is needed, whatever this machine is.
container=$(${createWords(answers, engine)} sh -c '
${compileInside(answers)}
')
trap '${engine} rm --force "$container" > /dev/null' EXIT
trap 'exit 130' HUP INT TERM
${engine} cp ${source} "$container:/tmp/${source}"
${engine} start --attach "$container"
${engine} cp "$container:/tmp/${made(answers)}
`
}

const powershell = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  texts: AloneTexts | null,
): string => `# Makes the image ${answers.tag} in this folder, with ${engineName(engine)} alone.
$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath $PSScriptRoot
${invokerFunction(engine)}
${besideNote(answers, texts)}${texts === null ? '' : psTexts(texts)}${compilesItself(answers, texts) ? psContainer(answers, engine) : ''}
# The image: ${engine} build follows the Dockerfile.${texts === null ? onFiles(answers) : ''}
${psBuild(answers, engine)}
${texts === null ? psSetAside() : ''}
${psProof(answers, engine, platformOption(answers), invoker(engine))}${allOfThem(answers, engine)}`

const psContainer = (answers: MinimalAnswers, engine: ScriptEngine): string => {
  const source = sourceName(answers.program)
  const script = compileInside(answers).replaceAll('\n', '; ')
  return `
# Compile in a container: a Linux program is needed, whatever this machine is.
$container = ${createWords(answers, engine, invoker(engine))} sh -c ${powershellQuoted(script)}
try {
  ${invoker(engine)} cp ${source} "\${container}:/tmp/${source}"
  ${invoker(engine)} start --attach $container
  ${invoker(engine)} cp "\${container}:/tmp/${made(answers)}
} finally {
  ${engine} rm --force $container | Out-Null
}
`
}
