import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commandWords } from '../../ask/words.ts'
import { probeBuilders, type Builders } from '../../engine/builders.ts'
import { EXIT, StoppedError, UsageError } from '../../errors.ts'
import { additionOf, BUILDER_KINDS, type Addition } from '../../plan/builders.ts'
import type { Io } from '../../terminal/io.ts'
import { lineFor } from '../../text/shell-words.ts'
import { leaveAtOnce, stopSignals } from '../signals.ts'
import { runAddition } from './run-addition.ts'

/**
 * Shows the builders that are here, or with `add` the commands that add one; `--run` also runs them. Returns the exit code. Throws
 * UsageError for arguments that describe no builder.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, values, switches } = commandWords(argv, 'builders')
  const [verb, kind, place = ''] = positionals
  const json = switches.has('json')
  const stop = stopSignals(leaveAtOnce)
  const look = async (): Promise<Builders> => {
    const there = await probeBuilders(io.env, stop.signal)
    if (stop.signal.aborted) throw new StoppedError(String(stop.signal.reason))
    return there
  }
  try {
    if (verb === undefined) {
      refuseFlags(values, switches)
      const there = await look()
      await io.out.write(json ? `${JSON.stringify({ version: 1, ...there })}\n` : listing(there))
      return EXIT.done
    }
    const known = BUILDER_KINDS.find(one => one === kind)
    if (verb !== 'add' || known === undefined) throw new UsageError(HOW, KINDS)
    const inputs = {
      place,
      values: withCerts(values, io.cwd),
      rootless: switches.has('rootless'),
      builders: [],
    }
    // Whatever is refused is refused before any client is asked.
    const alone = additionOf(known, inputs)
    const addition =
      values['join'] === undefined
        ? alone
        : additionOf(known, {
            ...inputs,
            builders: ((await look()).builders ?? []).map(({ name }) => name),
          })
    if (switches.has('run')) return await runAddition(addition, stop.signal, io)
    await io.out.write(
      json ? `${JSON.stringify({ version: 1, ...addition })}\n` : printed(addition),
    )
    return EXIT.done
  } finally {
    stop.release()
  }
}

const HOW = 'To add a builder: create-base-image builders add KIND'

const KINDS = [
  'ssh ADA@HOST: a second machine with Docker, or with --engine podman',
  'kubernetes: BuildKit in your cluster',
  'remote tcp://HOST:PORT --certs FOLDER: a buildkitd that is already running',
  'farm CONNECTION,CONNECTION: machines with Podman as one',
]

const refuseFlags = (
  values: Readonly<Record<string, string>>,
  switches: ReadonlySet<string>,
): void => {
  const [flag] = [...Object.keys(values), ...[...switches].filter(one => one !== 'json')]
  if (flag !== undefined)
    throw new UsageError(`--${flag} is only for adding a builder. ${HOW}`, KINDS)
}

/** buildx keeps the paths of certificates, so they are written in full. Throws UsageError for one that is missing. */
const withCerts = (
  values: Readonly<Record<string, string>>,
  cwd: string,
): Readonly<Record<string, string>> => {
  if (values['certs'] === undefined) return values
  const certs = resolve(cwd, values['certs'])
  const missing = ['ca.pem', 'cert.pem', 'key.pem'].find(file => !existsSync(join(certs, file)))
  if (missing === undefined && !certs.includes(',')) return { ...values, certs }
  throw new UsageError(
    missing === undefined
      ? `${certs} has a comma in it, which separates options for buildx.`
      : `There is no ${missing} in ${certs}.`,
    ['It must hold ca.pem, cert.pem and key.pem.'],
  )
}

const printed = ({ steps, use }: Addition): string =>
  [
    ...steps.flatMap(({ says, command }) => [`# ${says}`, lineFor(process.platform, command)]),
    '',
    '# Then:',
    ...use.map(line => `#   ${line}`),
    '# Nothing was done. With --run this is done, and undone if the builder does not answer.',
  ]
    .map(line => `${line}\n`)
    .join('')

const listing = ({ contexts, builders, connections, farms }: Builders): string =>
  [
    ...part(
      'Docker contexts',
      contexts,
      'the docker client is not here',
      ({ name, address, current }) => [`${mark(current)} ${name}   ${address}`],
    ),
    ...part(
      'Builders of docker buildx',
      builders,
      'docker buildx is not here, or older than 0.13',
      ({ name, driver, current, nodes }) => [
        `${mark(current)} ${name}   ${driver}`,
        ...nodes
          .map(({ name, address, status, platforms }) =>
            [name, address, status, platforms.join(', ')].filter(Boolean).join('   '),
          )
          .filter(line => line !== '')
          .map(line => `      ${line}`),
      ],
    ),
    ...part(
      'Podman connections',
      connections,
      'podman is not here',
      ({ name, address, current }) => [`${mark(current)} ${name}   ${address}`],
    ),
    ...part(
      'Podman farms',
      farms,
      'podman is not here, or older than 4.9',
      ({ name, connections, current }) => [`${mark(current)} ${name}   ${connections.join(', ')}`],
    ),
    'To add one: create-base-image builders add ssh|kubernetes|remote|farm   (help builders)',
  ]
    .map(line => `${line}\n`)
    .join('')

const mark = (current: boolean): string => (current ? '  *' : '   ')

const part = <T>(
  title: string,
  rows: readonly T[] | null,
  without: string,
  lines: (row: T) => readonly string[],
): readonly string[] => {
  if (rows === null) return [`${title}: not known; ${without}`]
  return rows.length === 0 ? [`${title}: none`] : [title, ...rows.flatMap(lines)]
}
