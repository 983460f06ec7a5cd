import { expect, test } from 'vitest'
import { builderOf, buildxVersionOf } from '../../src/engine/builder.ts'
import { says } from './machines.ts'

test.each([
  ['github.com/docker/buildx v0.29.1 abc', 0, '0.29.1'],
  ['github.com/docker/buildx 0.29.1', 0, '0.29.1'],
  ['x github.com/docker/buildx v0.29.1', 0, null],
  ['githubxcom/docker/buildx v0.29.1', 0, null],
  ['github.com/docker/buildx v0.29.1', 1, null],
])('%j with exit code %d is buildx %s', (said, exitCode, version) => {
  expect(buildxVersionOf(says(said, exitCode))).toBe(version)
})

test.each([
  ['23.0.0', null, '1', 'classic'],
  ['22.9.9', null, '1', 'buildkit-plain'],
  ['22.9.9', null, 'true', 'buildkit-plain'],
  ['22.9.9', null, 'T', 'buildkit-plain'],
  ['22.9.9', null, 'yes', 'classic'],
  ['22.9.9', null, '11', 'classic'],
  ['22.9.9', '0.30.0', undefined, 'buildkit-plain'],
  ['28.0.0', '0.30.0', '0', 'classic'],
  ['28.0.0', '0.30.0', 'F', 'classic'],
  ['28.0.0', '0.30.0', 'false', 'classic'],
  ['28.0.0', '0.30.0', '00', 'buildkit-json'],
  ['28.0.0', '0.30.0', 'falsehood', 'buildkit-json'],
  ['28.0.0', '0.12.9', undefined, 'buildkit-plain'],
  ['28.0.0', '0.13.0', undefined, 'buildkit-json'],
  ['28.0.0', '1.0.0', undefined, 'buildkit-json'],
  ['', null, '1', 'buildkit-plain'],
  ['', '', undefined, 'buildkit-plain'],
] as const)('client %s with buildx %s and DOCKER_BUILDKIT %s', (client, buildx, asked, builder) => {
  expect(builderOf(client, buildx, asked)).toBe(builder)
})
