import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { archOfMachine } from '../../src/engine/arch.ts'
import { probeFacts } from '../../src/engine/probe.ts'

const onPath = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, process.platform === 'win32' ? 'docker.exe' : 'docker'))
  .filter(client => existsSync(client))
// On many systems /bin is a link to /usr/bin: the same client is probed once.
const clients = onPath
  .filter(
    (client, at) => onPath.findIndex(other => realpathSync(other) === realpathSync(client)) === at,
  )
  .filter(client => spawnSync(client, ['version', '--format', '{{.Server.Version}}']).status === 0)

const ask = (client: string, ...args: readonly string[]): string =>
  execFileSync(client, [...args], { encoding: 'utf8' }).trim()

const probeWith = (client: string, changes: NodeJS.ProcessEnv = {}) => {
  const PATH = [dirname(client), process.env.PATH].join(delimiter)
  return probeFacts({ engine: 'auto', env: { ...process.env, PATH, ...changes } })
}

test.skipIf(clients.length === 0)('there is an engine to probe (needs a docker engine)', () => {
  expect(clients.length).toBeGreaterThan(0)
})

test.each(clients)(
  'the facts are those that %s itself prints (needs a docker engine)',
  async client => {
    const { engine, engineProblem } = await probeWith(client)
    expect(engineProblem).toBeNull()
    expect(engine).toMatchObject({
      kind: 'docker',
      client: 'docker',
      clientVersion: ask(client, 'version', '--format', '{{.Client.Version}}'),
      serverVersion: ask(client, 'version', '--format', '{{.Server.Version}}'),
      apiVersion: ask(client, 'version', '--format', '{{.Client.APIVersion}}'),
      os: 'linux',
      arch: archOfMachine(ask(client, 'info', '--format', '{{.Architecture}}')),
      rootless: ask(client, 'info', '--format', '{{.SecurityOptions}}').includes('rootless'),
      remote: !ask(
        client,
        'context',
        'inspect',
        '--format',
        '{{.Endpoints.docker.Host}}',
      ).startsWith('unix:'),
    })
  },
)

test.each(clients)(
  'the builder that the facts name for %s is the one that answers (needs a docker engine)',
  async client => {
    const env = { DOCKER_BUILDKIT: '1' }
    const { engine } = await probeWith(client, env)
    const build = spawnSync(client, ['build', '--progress', 'rawjson', '-'], {
      env: { ...process.env, ...env },
      input: 'FROM scratch\nLABEL made-by=probe-test\n',
      encoding: 'utf8',
    })
    const builders: Readonly<Record<string, RegExp>> = {
      'buildkit-json': /^\{/,
      'buildkit-plain': /invalid value "rawjson" passed to --progress/,
      classic: /buildx component is missing|unknown flag: --progress/,
    }
    expect(build.stderr).toMatch(builders[engine?.builder ?? ''] ?? /$^/)
  },
)

test.each(clients)(
  '%s without an engine gives the reason, whatever it exits with (needs a docker client)',
  async client => {
    const DOCKER_HOST = 'unix:///nowhere/docker.sock'
    const facts = await probeWith(client, { DOCKER_HOST })
    expect(facts.engine).toBeNull()
    expect(facts.engineProblem).toMatchObject({ code: 'no-daemon', lacks: true })
  },
)

test.each(clients)(
  '%s with settings that cannot work names the setting (needs a docker client)',
  async client => {
    const codes = await Promise.all([
      probeWith(client, { DOCKER_HOST: 'foo://bar' }),
      probeWith(client, { DOCKER_HOST: 'tcp://127.0.0.1:9' }),
      probeWith(client, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' }),
      probeWith(client, { DOCKER_HOST: undefined, DOCKER_CONTEXT: 'nonsense' }),
      probeWith(client, { DOCKER_API_VERSION: '1.5' }),
    ])
    expect(codes.map(facts => facts.engineProblem?.code)).toEqual([
      'bad-docker-host',
      'no-daemon',
      'tls-files',
      'bad-context',
      'too-old',
    ])
  },
)
