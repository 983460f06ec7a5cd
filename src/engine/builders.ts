import { parseJson } from './docker-json.ts'
import { type TimedProbe, type RunProbe, runProbe, withLimit } from './run-probe.ts'

/** A node of a builder, as buildx reports it. */
export interface BuilderNode {
  readonly name: string
  readonly address: string
  readonly status: string
  readonly platforms: readonly string[]
}

/** What can make images besides the engine that is used here; null for what could not be asked. */
export interface Builders {
  readonly contexts: readonly NamedAddress[] | null
  readonly builders: readonly BuildxBuilder[] | null
  readonly connections: readonly NamedAddress[] | null
  readonly farms: readonly Farm[] | null
}

export interface NamedAddress {
  readonly name: string
  readonly address: string
  readonly current: boolean
}

export interface BuildxBuilder {
  readonly name: string
  readonly driver: string
  readonly current: boolean
  readonly nodes: readonly BuilderNode[]
}

export interface Farm {
  readonly name: string
  readonly connections: readonly string[]
  readonly current: boolean
}

/** A builder that does not answer makes buildx wait for it, 20 seconds at most. */
const LIMIT = 30_000

/**
 * Returns the builders that are here, from read-only commands that start at once. buildx lists them as JSON since 0.13,
 * farms are there since Podman 4.9. Does not reject.
 */
export const probeBuilders = async (
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
  run: RunProbe = runProbe,
): Promise<Builders> => {
  const probe = withLimit(run, LIMIT, signal)
  const rows = async (program: string, ...args: string[]) => rowsOf(probe, env, program, args)
  const [contexts, builders, connections, farms] = await Promise.all([
    rows('docker', 'context', 'ls', '--format', '{{json .}}'),
    rows('docker', 'buildx', 'ls', '--format', '{{json .}}'),
    rows('podman', 'system', 'connection', 'list', '--format', 'json'),
    rows('podman', 'farm', 'list', '--format', 'json'),
  ])
  return {
    contexts: contexts?.map(row => addressOf(row, 'DockerEndpoint')) ?? null,
    builders: builders === null ? null : eachOnce(builders).map(builderOf),
    connections: connections?.map(row => addressOf(row, 'URI')) ?? null,
    farms: farms?.map(farmOf) ?? null,
  }
}

type Row = Readonly<Record<string, unknown>>

/** A JSON object a line, or all of them in one array. */
const rowsOf = async (
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
  program: string,
  args: readonly string[],
): Promise<readonly Row[] | null> => {
  const { exitCode, stdout } = await probe({ program, args, env })
  if (exitCode !== 0) return null
  const whole = parseJson<readonly Row[] | null>(stdout)
  if (Array.isArray(whole)) return whole as readonly Row[]
  const lines = stdout.split('\n').filter(line => line.trim() !== '')
  const parsed = lines.map(line => parseJson<Row>(line))
  return parsed.every(row => row !== null) ? parsed : null
}

// buildx has a row for a builder and one for each of its nodes, and each row is the whole builder.
const eachOnce = (rows: readonly Row[]): readonly Row[] => [
  ...new Map(rows.map(row => [text(row['Name']), row])).values(),
]

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : []

const isCurrent = ({ Current, Default }: Row): boolean => Current === true || Default === true

const addressOf = (row: Row, key: string): NamedAddress => ({
  name: text(row['Name']),
  address: withoutPassword(text(row[key])),
  current: isCurrent(row),
})

const withoutPassword = (address: string): string =>
  address.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1@')

const builderOf = (row: Row): BuildxBuilder => ({
  name: text(row['Name']),
  driver: text(row['Driver']),
  current: isCurrent(row),
  nodes: (list(row['Nodes']) as readonly Row[]).map(node => ({
    name: text(node['Name']),
    address: withoutPassword(text(node['Endpoint'])),
    status: text(node['Status']),
    platforms: list(node['Platforms']).map(text),
  })),
})

const farmOf = (row: Row): Farm => ({
  name: text(row['Name']),
  connections: list(row['Connections']).map(text),
  current: isCurrent(row),
})
