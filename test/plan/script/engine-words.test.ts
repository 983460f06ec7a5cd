import { expect, test } from 'vitest'
import { fullName, imageFormat } from '../../../src/plan/script/engine-words.ts'
import { pullCommand } from '../../../src/plan/shown-commands.ts'

test.each([
  ['ubuntu', 'docker.io/library/ubuntu'],
  ['ubuntu:20.04', 'docker.io/library/ubuntu:20.04'],
  ['debian@sha256:0a1b', 'docker.io/library/debian@sha256:0a1b'],
  ['someone/builder:1', 'docker.io/someone/builder:1'],
  ['docker.io/library/ubuntu:20.04', 'docker.io/library/ubuntu:20.04'],
  ['quay.io/fedora/fedora', 'quay.io/fedora/fedora'],
  ['localhost/mine', 'localhost/mine'],
  ['localhost:5000/mine:2', 'localhost:5000/mine:2'],
  ['registry:5000/a/b', 'registry:5000/a/b'],
])('%s is pulled as %s', (given, expected) => {
  expect(fullName(given)).toBe(expected)
})

test('only Podman is given the full name', () => {
  const pull = (client: string) =>
    pullCommand({ kind: 'pull', client, image: 'ubuntu:20.04', platform: 'linux/arm64' })
  expect(pull('docker')).toEqual(['docker', 'pull', '--platform', 'linux/arm64', 'ubuntu:20.04'])
  expect(pull('podman').at(-1)).toBe('docker.io/library/ubuntu:20.04')
})

test('an ID reads alike from both', () => {
  expect(imageFormat({ kind: 'docker' })).toBe('{{.Os}}/{{.Architecture}} {{.Id}} {{.Size}}')
  expect(imageFormat({ kind: 'podman' })).toContain('sha256:{{.Id}}')
})
