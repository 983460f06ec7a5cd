import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasCredentials, registryOf } from '../../../src/run/stages/credentials.ts'
import { room } from '../../oci/room.ts'

const HUB = ['docker.io', 'index.docker.io', 'https://index.docker.io/v1/', 'registry-1.docker.io']

test('Docker’s own registry is known by each of its names, any other by its own', async () => {
  const folder = await room()
  const knows = (config: string | object, image: string): boolean => {
    const text = typeof config === 'string' ? config : JSON.stringify(config)
    writeFileSync(join(folder, 'config.json'), text)
    return hasCredentials(image, { DOCKER_CONFIG: folder })
  }
  for (const name of HUB)
    for (const image of [
      'ubuntu:20.04',
      'library/ubuntu',
      'docker.io/ubuntu',
      `${HUB[3]}/ubuntu`,
    ]) {
      expect(knows({ auths: { [name]: {} } }, image), `${name} ${image}`).toBe(true)
      expect(knows({ credHelpers: { [name]: 'x' } }, image)).toBe(true)
      expect(knows({ auths: { [name]: {} } }, 'r.example/x')).toBe(false)
    }
  for (const name of ['r.example', 'https://r.example', 'http://r.example', 'https://r.example/']) {
    expect(knows({ auths: { [name]: {} } }, 'r.example/x:1'), name).toBe(true)
    expect(knows({ auths: { [name]: {} } }, 'ubuntu')).toBe(false)
  }
  expect(knows({}, 'ubuntu')).toBe(false)
  // What can't be read may have some.
  expect(knows('{', 'ubuntu')).toBe(true)
})

test('without a configuration there are none; a home has it in a folder of its own', async () => {
  const home = await room()
  expect(hasCredentials('ubuntu', { HOME: home })).toBe(false)
  mkdirSync(join(home, '.docker'))
  writeFileSync(join(home, '.docker/config.json'), '{"auths":{"docker.io":{}}}')
  expect(hasCredentials('ubuntu', { HOME: home })).toBe(true)
  mkdirSync(join(home, 'odd/config.json'), { recursive: true })
  expect(hasCredentials('ubuntu', { DOCKER_CONFIG: join(home, 'odd') })).toBe(true)
})

test('a registry is the first part of a name that looks like a host', () => {
  for (const [image, registry] of [
    ['ubuntu', 'docker.io'],
    ['acme/hello', 'docker.io'],
    ['localhost/hello', 'localhost'],
    ['localhost:5000/hello', 'localhost:5000'],
    ['r.example/acme/hello:1', 'r.example'],
    ['ubuntu:20.04', 'docker.io'],
  ])
    expect(registryOf(image!), image).toBe(registry)
})
