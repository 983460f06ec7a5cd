import { expect, test } from 'vitest'
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { findRemedy } from '../../src/engine/remedies.ts'
import { planFor } from '../../src/plan/plan.ts'
import { commandLineOf } from '../../src/plan/command-line.ts'
import { shownCommands } from '../../src/plan/shown-commands.ts'
import type { CommandStage } from '../../src/plan/types.ts'
import { exactCommand } from '../../src/run/stages/command.ts'
import { engine, facts, full, given, noEngine } from './minimal/inputs.ts'

const pushes = (here: Facts, ...argv: string[]): string[] =>
  planFor(given('--program', 'raw', ...argv), here)
    .steps.filter(({ id }) => id.startsWith('push'))
    .flatMap(step => shownCommands(step))

const TO = ['--push', 'registry.example/acme/hello:1']

test('docker gives it the name, and pushes that', () => {
  expect(pushes(facts(), ...TO)).toEqual([
    'docker tag hello registry.example/acme/hello:1',
    'docker push registry.example/acme/hello:1',
  ])
})

test('podman pushes it as it is, and to this machine without TLS', () => {
  const podman = facts({ engine: { ...engine, kind: 'podman', client: 'podman' } })
  expect(pushes(podman, '--tag', 'hello:2', '--push', 'localhost:5000/hello')).toEqual([
    'podman push --tls-verify=false hello:2 docker://localhost:5000/hello:2',
  ])
  expect(pushes(podman, '--push', 'ada/hello')).toEqual([
    'podman push hello docker://docker.io/ada/hello:latest',
  ])
})

test('skopeo pushes what only an archive holds', () => {
  const here = facts({ skopeo: true })
  expect(pushes(here, '--arch', 'amd64,arm64', ...TO)).toEqual([
    'skopeo copy --all oci-archive:/home/ada/hello/hello.tar docker://registry.example/acme/hello:1',
  ])
  expect(pushes({ ...here, ...noEngine }, ...TO)).toEqual([
    'skopeo copy oci-archive:/home/ada/hello/hello.tar docker://registry.example/acme/hello:1',
  ])
})

test('where script(1) is, each client pushes in a terminal of its own, and is shown as a person would type it', () => {
  const here = facts({ skopeo: true, script: true })
  const podman = facts({ ...here, engine: { ...engine, kind: 'podman', client: 'podman' } })
  const exact = (machine: Facts, ...argv: string[]): unknown =>
    planFor(given('--program', 'raw', ...argv, ...TO), machine)
      .steps.filter(({ id }) => id === 'push')
      .flatMap(({ pipeline }) => pipeline)
      .map(stage => exactCommand(stage as CommandStage, String))
  const typed = (command: string) => [
    ['script', '-qefc', `stty cols 200; exec ${command}`, '/dev/null'],
  ]
  const to = 'docker://registry.example/acme/hello:1'
  const digest = '--digestfile .create-base-image/pushed'
  expect(exact(here)).toEqual(typed('docker push registry.example/acme/hello:1'))
  expect(exact(podman)).toEqual(typed(`podman push ${digest} hello ${to}`))
  expect(exact({ ...here, ...noEngine })).toEqual(
    typed(`skopeo copy ${digest} oci-archive:/home/ada/hello/hello.tar ${to}`),
  )
  expect(pushes(here, ...TO)).toContain('docker push registry.example/acme/hello:1')
  expect(exact(facts())).toEqual([['docker', 'push', 'registry.example/acme/hello:1']])
})

test('without skopeo it is told what does it', () => {
  expect(() => pushes(facts(), '--arch', 'amd64,arm64', ...TO)).toThrow(MachineError)
  expect(() => pushes(facts(noEngine), ...TO)).toThrow(/without an engine needs skopeo/)
})

test('a full image is pushed, too, after its proof and its name', () => {
  const plan = planFor(full('--release', 'trixie', '--bootstrap', 'container', ...TO), facts())
  expect(plan.steps.slice(-2).map(({ id }) => id)).toEqual(['push-name', 'push'])
})

test.each([
  ['https://registry.example/hello', /not a URL or a login/],
  ['ada:secret@registry.example/hello', /not a URL or a login/],
  ['hello', /names neither a registry/],
  ['registry.example/Hello', /--push "registry.example\/Hello" can't be an image name/],
])('--push %s is refused', (text, message) => {
  expect(() => given('--push', text)).toThrow(UsageError)
  expect(() => given('--push', text)).toThrow(message)
})

test('it is part of the command that repeats the run, and of no answer', () => {
  expect(commandLineOf(given(...TO)).flags).toEqual({ push: 'registry.example/acme/hello:1' })
})

const KEY = ['--sign', '/keys/cosign.key']
const signs = (here: Facts, ...argv: string[]): string[] =>
  planFor(given('--program', 'raw', ...TO, ...KEY, ...argv), here)
    .steps.filter(({ id }) => id === 'sign')
    .flatMap(step => shownCommands(step))

test('what is pushed is signed by its digest, and no public log learns of it', () => {
  const here = facts({ cosign: { asksForServices: false }, skopeo: true })
  expect(signs(here)).toEqual([
    'cosign sign --key /keys/cosign.key --tlog-upload=false --yes registry.example/acme/hello@DIGEST',
  ])
  expect(signs({ ...here, cosign: { asksForServices: true } }, '--arch', 'amd64,arm64')).toEqual([
    'cosign sign --key /keys/cosign.key --use-signing-config=false --tlog-upload=false --yes --recursive registry.example/acme/hello@DIGEST',
  ])
})

test('an image with an SBOM gets it as an attestation, and who pulls is told how to check', () => {
  const argv = ['--release', 'trixie', '--bootstrap', 'built-in', ...TO, ...KEY]
  const plan = planFor(full(...argv), facts({ cosign: { asksForServices: false } }))
  const minimal = given('--program', 'raw', ...TO, ...KEY)
  for (const one of [plan, planFor(minimal, facts({ cosign: { asksForServices: false } }))])
    expect(one.steps.slice(-3).map(({ id }) => id)).toEqual(['push', 'sign', 'attest'])
  expect(plan.steps.slice(-1).flatMap(step => shownCommands(step))).toEqual([
    'cosign attest --key /keys/cosign.key --tlog-upload=false --yes --type spdxjson --predicate sbom.spdx.json registry.example/acme/hello@DIGEST',
  ])
  expect(plan.next.at(-1)).toEqual(
    'cosign verify --key /keys/cosign.pub --insecure-ignore-tlog=true registry.example/acme/hello:1'.split(
      ' ',
    ),
  )
})

test('without cosign, or without a push, it is said before anything is made', () => {
  expect(() => signs(facts())).toThrow(/--sign needs cosign/)
  expect(() => given(...KEY)).toThrow(/nothing is/)
})

test('the command that repeats it names the key; a key service stays an address', () => {
  expect(commandLineOf(given(...TO, ...KEY)).flags).toMatchObject({ sign: '/keys/cosign.key' })
  expect(commandLineOf(given(...TO, '--sign', 'awskms:///alias/a')).flags).toMatchObject({
    sign: 'awskms:///alias/a',
  })
})

// Each as docker 20.10, podman 4.3 or skopeo 1.9 said it of docker-registry 2.8.2, but for the last five.
test.each([
  ['no basic auth credentials', 'push-login'],
  [
    'Error: trying to reuse blob sha256:39 at destination: checking whether a blob sha256:39 exists in 127.0.0.1:5/a: authentication required',
    'push-login',
  ],
  [
    'error parsing HTTP 405 response body: invalid character \'M\' looking for beginning of value: "Method not allowed\\n"',
    'registry-read-only',
  ],
  [
    'initiating layer upload to /v2/a/blobs/uploads/ in 127.0.0.1:5: StatusCode: 405, Method not allowed',
    'registry-read-only',
  ],
  [
    'Get "http://127.0.0.1:5/v2/": dial tcp 127.0.0.1:5: connect: connection refused',
    'registry-unreachable',
  ],
  [
    'Get "https://nowhere.example/v2/": dial tcp: lookup nowhere.example on 10.0.0.1:53: no such host',
    'registry-dns',
  ],
  ['denied: requested access to the resource is denied', 'push-refused'],
  ['received unexpected HTTP status: 500 Internal Server Error', 'registry-down'],
  ['failed to read from destination repository big: 500 (Internal Server Error)', 'registry-down'],
  ['unknown: quota exceeded', 'registry-full'],
  [
    'denied: adding 3.1 MiB of storage resource, which when updated to current usage of 9.8 MiB will exceed the configured upper limit of 10.0 MiB.',
    'registry-full',
  ],
  // cosign 3.1.
  [
    'signing digest: getting keypair and token: getting signer: reading key: decrypt: encrypted: decryption failed',
    'sign-password',
  ],
  ["name unknown: The repository with name 'a' does not exist in the registry", 'push-unknown'],
])('%j is %s', (text, code) => {
  const remedy = findRemedy(text, { platform: 'linux', voice: 'registry' })
  expect(remedy?.code).toBe(code)
})
