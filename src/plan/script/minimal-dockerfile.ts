import type { MinimalAnswers, Extra } from '../../ask/answers.ts'
import { CROSS } from '../../ask/questions/arch.ts'
import { builderPackages, compileEachWords, compilerCommand } from '../minimal/compiler.ts'
import { hasFiles, minimalNotes } from '../minimal/extras.ts'
import { startLines } from '../run-notes.ts'
import { CERTIFICATES, programFor, programName, sourceName, ZONES } from '../names.ts'
import { environmentLines, settingLines, userLines } from '../minimal/file-words.ts'
import { scriptBuilder, type ScriptEngine } from './engine-words.ts'
import { GROUP, PASSWD } from '../minimal/users.ts'
import { posixQuoted, shellWords } from '../../text/shell-words.ts'

/**
 * One Dockerfile that makes the whole image: a builder that compiles and collects, and an empty image that takes only
 * what it needs. `source` is the C file's text, which it then brings along. It has no files/ folder beside it, so what goes in besides the program is the builder's.
 */
export const printDockerfile = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  source: string | null = null,
): string => {
  const name = programName(answers.program)
  const several = answers.archs.length > 0
  const made = several ? `out/${name}` : name
  const place = several ? programFor('$TARGETARCH', name) : name
  const add = isCompiled(answers)
    ? `COPY --from=builder /tmp/${made} /`
    : `${several ? 'ARG TARGETARCH\n' : ''}ADD ${place} /`
  const extras = hasFiles(answers) ? `COPY --from=builder /files /\n${environment(answers)}` : ''
  return `${intro(answers)}${builderStage(answers, engine, source)}FROM scratch
${extras}${add}
${oneBlock(userLines(answers))}${oneBlock(settingLines(answers))}${startLines(minimalNotes(answers)).join('\n')}
`
}

const oneBlock = (lines: string): string => (lines === '' ? '' : `${lines.trimEnd()}\n`)

/** True when the program is made from a C file. */
export const isCompiled = ({ program }: MinimalAnswers): boolean =>
  program.kind === 'bundled' || program.kind === 'source'

const environment = (answers: MinimalAnswers): string =>
  environmentLines(answers).replace(/\n\n$/, '\n')

const intro = (answers: MinimalAnswers): string =>
  isCompiled(answers)
    ? `# One Dockerfile for both: a builder that compiles, and an empty image that takes only the program${hasFiles(answers) ? ' and what it needs' : ''}.
# There is no "# syntax" line: BuildKit would fetch a frontend from a registry for it.
`
    : `# Put ${programName(answers.program)}, a static Linux program, next to this file.\n`

const builderStage = (
  answers: MinimalAnswers,
  engine: ScriptEngine,
  source: string | null,
): string => {
  if (!isCompiled(answers) && !hasFiles(answers)) return ''
  const lines = [
    `FROM ${answers.archs.length > 0 ? '--platform=$BUILDPLATFORM ' : ''}${scriptBuilder(engine, answers.builder)} AS builder`,
    ...install(answers),
    ...answers.with.map(extra => `RUN ${COLLECT[extra]}`),
    ...(isCompiled(answers) ? compileLines(answers, source) : []),
  ]
  return `${lines.join('\n')}\n\n`
}

const install = (answers: MinimalAnswers): string[] => {
  const packages = [
    ...(isCompiled(answers) && answers.archs.length === 0 ? builderPackages(answers, '') : []),
    ...answers.with.filter(extra => extra === 'ca-certificates' || extra === 'tzdata'),
  ]
  if (packages.length === 0) return []
  // The setup of tzdata asks for the machine's own zone.
  const quietly = answers.with.includes('tzdata') ? 'DEBIAN_FRONTEND=noninteractive ' : ''
  return [
    `RUN apt-get update && ${quietly}apt-get install --yes --no-install-recommends ${packages.join(' ')}`,
  ]
}

/**
 * This writes the source line by line, because only BuildKit knows here-documents. Each line is a word in quotes, so that
 * none begins with the # of a comment, which Docker would drop.
 */
const sourceLines = (name: string, source: string): string =>
  `RUN ${[String.raw`printf '%s\n'`, ...source.trimEnd().split(/\r?\n/).map(posixQuoted)].join(' \\\n')} > ${name}`

const compileLines = (answers: MinimalAnswers, source: string | null): string[] => [
  'WORKDIR /tmp',
  source === null
    ? `COPY ${sourceName(answers.program)} .`
    : sourceLines(sourceName(answers.program), source),
  answers.archs.length > 0
    ? crossCompile(answers)
    : `RUN ${compilerCommand(answers).map(shellWords).join(' && ')}`,
]

/** BuildKit says for which architecture each of them is made, and all are compiled on the machine that builds. */
const crossCompile = (answers: MinimalAnswers): string => {
  const table = answers.archs.map(arch => {
    const { debian, machine } = CROSS[arch]!
    return `${arch}) debian=${debian} machine=${machine};;`
  })
  const [name, , ...options] = compileEachWords(answers)
  return [
    'ARG TARGETARCH',
    `RUN case $TARGETARCH in ${table.join(' ')} *) exit 1;; esac; set -e; apt-get update; \\`,
    '    if [ $debian = $(dpkg --print-architecture) ]; then set gcc libc6-dev; \\',
    `    else set gcc-$(echo $machine | tr _ -) libc6-dev-$debian-cross; fi; \\`,
    '    apt-get install --yes --no-install-recommends $@; mkdir out; \\',
    `    $machine-gcc ${options.join(' ')} -o out/${name} ${name}.c -lm -lrt -ldl`,
  ].join('\n')
}

const written = (lines: readonly string[], file: string): string =>
  `printf '${lines.map(line => `${line}\\n`).join('')}' > /files/etc/${file}`

/** The commands that lay out what goes in besides the program, below /files of the builder. */
const COLLECT: Readonly<Record<Extra, string>> = {
  'ca-certificates': `mkdir -p /files/etc/ssl/certs && cp /${CERTIFICATES} /files/${CERTIFICATES}`,
  tzdata: `mkdir -p /files/usr/share && cd /${ZONES} && rm -rf posix right localtime && cp -RL . /files/${ZONES}`,
  user: `mkdir -p /files/etc && ${written(PASSWD, 'passwd')} && ${written(GROUP, 'group')}`,
  tmp: 'mkdir -p /files && mkdir -m 1777 /files/tmp',
}
