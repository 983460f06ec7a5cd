import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hasCredentials, registryOf } from '../../src/run/stages/credentials.ts'
import { splitImage } from '../../src/run/stages/pull.ts'

const folder = mkdtempSync(join(tmpdir(), 'pull-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['ubuntu', 'ubuntu', 'latest'],
  ['ubuntu:20.04', 'ubuntu', '20.04'],
  ['localhost:5000/a/b', 'localhost:5000/a/b', 'latest'],
  ['localhost:5000/a:1', 'localhost:5000/a', '1'],
  ['a/b:1@sha256:00', 'a/b', 'sha256:00'],
])('%s is the image %s in version %s', (image, name, version) => {
  expect(splitImage(image)).toEqual({ name, version })
})

test.each([
  ['ubuntu:20.04', 'docker.io'],
  ['someone/tool', 'docker.io'],
  ['localhost/tool', 'localhost'],
  ['127.0.0.1:5000/tool', '127.0.0.1:5000'],
  ['ghcr.example/a/b', 'ghcr.example'],
])('%s is in the registry %s', (image, registry) => expect(registryOf(image)).toBe(registry))

test.each([
  ['{}', 'ubuntu', false],
  ['{"auths":{"https://index.docker.io/v1/":{}},"credsStore":"desktop"}', 'ubuntu', true],
  ['{"credsStore":"desktop"}', 'ubuntu', false],
  ['{"auths":{"a.example":{}}}', 'b.example/x', false],
  ['{"credHelpers":{"a.example":"x"}}', 'a.example/x', true],
  ['{', 'ubuntu', true],
])('with the configuration %s, credentials for %s: %s', (config, image, expected) => {
  writeFileSync(join(folder, 'config.json'), config)
  expect(hasCredentials(image, { DOCKER_CONFIG: folder })).toBe(expected)
})

test('without a configuration there are no credentials', () => {
  expect(hasCredentials('ubuntu', { HOME: join(folder, 'nowhere') })).toBe(false)
})
