import type { MinimalAnswers } from '../../ask/answers.ts'
import type { EngineFacts } from '../../engine/facts.ts'
import { MachineError } from '../../errors.ts'
import { platformOption } from '../builder.ts'
import { compileBuilder, type CompileInputs } from './compile-steps.ts'
import { CERTIFICATES, FILES, programName, TMP, TMP_KEPT_BY, USER_ID, ZONES } from '../names.ts'
import type { CraftInputs, CraftName } from '../craft-inputs.ts'
import { runNotes, type RunNotes } from '../run-notes.ts'
import type { MinimalInputs } from './inputs.ts'
import { compileArch } from './program-steps.ts'
import type { Step } from '../types.ts'
import { GROUP, PASSWD } from './users.ts'

/** True when the image holds files besides the program: those below `files/` of the project folder. */
export const hasFiles = (answers: MinimalAnswers): boolean => answers.with.length > 0

/** The environment that extras need, `NAME=value` each. Go and curl find the certificates without it, OpenSSL does not. */
export const extrasEnv = (answers: MinimalAnswers): string[] =>
  answers.with.includes('ca-certificates') ? [`SSL_CERT_FILE=/${CERTIFICATES}`] : []

/** What the image says about how it is started. */
export const minimalNotes = (answers: MinimalAnswers): RunNotes =>
  runNotes(
    {
      cmd: [`/${programName(answers.program)}`],
      env: extrasEnv(answers),
      user: answers.with.includes('user') ? `${USER_ID}:${USER_ID}` : null,
      labels: {},
    },
    answers.settings,
  )

/** The steps that put in what the program needs besides itself. Throws MachineError when time zones are not to be had. */
export const extraSteps = (inputs: MinimalInputs): Step[] =>
  inputs.given.answers.with.flatMap(extra => {
    if (extra === 'ca-certificates') return [writeCertificates()]
    if (extra === 'tmp') return [makeTmp()]
    return extra === 'user' ? [writeUsers()] : zoneSteps(inputs)
  })

const log = { to: { kind: 'log' }, reader: 'lines' } as const

const craft = <Name extends CraftName>(
  name: Name,
  input: CraftInputs[Name],
  shown: readonly string[] = [],
) => ({ kind: 'craft', craft: name, input, shown }) as const

const writeCertificates = (): Step => ({
  id: 'certificates',
  title: 'Put in the certificates to trust',
  why: "TLS trusts a server because a root certificate on a list vouches for it; without the list every https connection fails. This is Mozilla's list, as included in the Node that runs this. It ages with the image: make the image again now and then, with a newer Node.",
  pipeline: [craft('write-certificates', { file: `${FILES}/${CERTIFICATES}` })],
  ...log,
  outputs: [`${FILES}/${CERTIFICATES}`],
})

const USER_FILES = [
  { file: `${FILES}/etc/passwd`, text: `${PASSWD.join('\n')}\n` },
  { file: `${FILES}/etc/group`, text: `${GROUP.join('\n')}\n` },
]

const writeUsers = (): Step => ({
  id: 'user',
  title: 'Put in the users root and nonroot',
  why: `The kernel knows users by number only; their names are in /etc/passwd and /etc/group, where programs look them up. USER ${USER_ID}:${USER_ID} in the Dockerfile starts the program as nonroot, so that whoever breaks into it is not root.`,
  pipeline: [craft('write-users', { files: USER_FILES })],
  ...log,
  outputs: USER_FILES.map(({ file }) => file),
})

const makeTmp = (): Step => ({
  id: 'tmp',
  title: 'Put in a folder for temporary files',
  why: 'Programs keep temporary files in /tmp, and a scratch image has no such folder. Everybody may write in it, and nobody may remove the files of others: mode 1777.',
  pipeline: [craft('make-tmp', { folder: `${FILES}/${TMP}`, keptBy: TMP_KEPT_BY })],
  ...log,
  outputs: [`${FILES}/${TMP}`],
})

const ZONES_WHY =
  'The kernel counts seconds of UTC; what a clock on a wall shows is a matter of laws, written down in one file for each zone. Without /usr/share/zoneinfo a program treats every zone as UTC, usually without a word.'

const zoneStep = (from: string): Pick<Step, 'id' | 'title' | 'why' | 'to' | 'outputs'> => ({
  id: 'zones',
  title: 'Put in the time zones',
  why: `${ZONES_WHY} ${from}`,
  to: { kind: 'log' },
  outputs: [`${FILES}/${ZONES}`],
})

const zoneSteps = (inputs: MinimalInputs): Step[] => {
  if (inputs.facts.zoneinfo) return [copyZones()]
  if (inputs.engine !== null) return zonesFromContainer(inputs, inputs.engine)
  throw new MachineError(
    '--with tzdata takes the time zones from /usr/share/zoneinfo of this machine or from a container: neither is available.',
    [
      inputs.facts.platform === 'linux'
        ? 'On Debian or Ubuntu: sudo apt-get install --yes tzdata'
        : 'Start Docker, and leave --engine none out.',
      'Or leave tzdata out: the program then treats every zone as UTC.',
    ],
  )
}

const copyZones = (): Step => ({
  ...zoneStep('They are copied from this machine, which keeps its own up to date.'),
  pipeline: [craft('copy-zones', { from: `/${ZONES}`, folder: `${FILES}/${ZONES}` })],
  reader: 'lines',
})

const BUILDER_WHY =
  'This machine has no time zones as files, so they come from a package of the distribution in this image. The image is only a workshop: nothing else of it ends up in yours.'

/**
 * The package is taken apart, not installed: its setup would ask for this machine's own zone. Links become files, so
 * that they can be written on every system. What is not the tar goes to stderr.
 */
const FETCH_ZONES =
  'set -e; export DEBIAN_FRONTEND=noninteractive; exec 3>&1 1>&2; mkdir /tmp/zones; cd /tmp/zones; ' +
  'apt-get -o APT::Status-Fd=2 -o Acquire::Languages=none update; apt-get -o APT::Status-Fd=2 download tzdata; ' +
  // Newer releases keep the old names of zones in a package of their own.
  'if apt-cache show tzdata-legacy > /dev/null 2>&1; then apt-get -o APT::Status-Fd=2 download tzdata-legacy; fi; ' +
  'for package in *.deb; do dpkg-deb --extract "$package" root; done; ' +
  'tar --create --dereference --hard-dereference --exclude=./posix --exclude=./right --exclude=./localtime --directory root/usr/share/zoneinfo . >&3'

const zonesFromContainer = (inputs: MinimalInputs, engine: EngineFacts): Step[] => {
  const compiles = inputs.programSource === 'container'
  // Zone files are the same for every architecture, so none has to be emulated for them.
  const arch = compiles ? compileArch(inputs) : engine.arch
  const { given, facts, name } = inputs
  const workshop: CompileInputs = {
    answers: given.answers,
    facts,
    engine,
    arch,
    name,
    where: 'container',
    pull: given.pull,
  }
  const fetch: Step = {
    ...zoneStep(`They come from the package tzdata for ${given.answers.builder}.`),
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [...platformOption({ arch, engine }), '--security-opt', 'no-new-privileges'],
        image: given.answers.builder,
        command: ['sh', '-c', FETCH_ZONES],
      },
      craft('unpack-zones', { folder: `${FILES}/${ZONES}` }, [
        'tar',
        '--extract',
        '--directory',
        `${FILES}/${ZONES}`,
      ]),
    ],
    reader: 'apt',
  }
  if (compiles) return [fetch]
  const builder = {
    ...compileBuilder(workshop, engine),
    why: BUILDER_WHY,
    servesOnly: ['zones'] as const,
  }
  return [builder, fetch]
}
