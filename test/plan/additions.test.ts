import { expect, test } from 'vitest'
import { additionOf, type AdditionInputs, type BuilderKind } from '../../src/plan/builders.ts'

/** The commands of an addition, and below each how it is taken back. */
const commandsOf = (kind: BuilderKind, change: Partial<AdditionInputs>): string[] => {
  const inputs = { place: '', values: {}, rootless: false, builders: [], ...change }
  return additionOf(kind, inputs).steps.flatMap(({ command, undo }) => [
    command.join(' '),
    ...(undo === undefined ? [] : [`  undone by ${undo.join(' ')}`]),
  ])
}

test('what adds a connection of Podman, and takes it back', () => {
  const values = { engine: 'podman', name: 'arm' }
  expect(commandsOf('ssh', { place: 'ssh://ada@arm.example', values })).toEqual([
    'podman system connection add arm ssh://ada@arm.example',
    '  undone by podman system connection remove arm',
    'podman --connection arm version',
  ])
})

test('what adds a machine for docker buildx, and takes its context back', () => {
  const lines = commandsOf('ssh', { place: 'ssh://ada@arm.example', values: { name: 'arm' } })
  expect(lines[0]).toMatch(/^docker context create arm/)
  expect(lines[1]).toBe('  undone by docker context rm --force arm')
})

test('a flag that a kind has no use for is refused with those that it takes', () => {
  const refused = () =>
    additionOf('farm', { place: 'a,b', values: { certs: 'x' }, rootless: false, builders: [] })
  expect(refused).toThrow('--certs is not for a builder of the kind farm.')
})
