import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveText } from '../../src/commands/inspect-text.ts'
import { contentsOf } from '../../src/oci/contents.ts'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { packImage } from '../../src/oci/pack.ts'
import { room, specOf, textFile } from './room.ts'

const inspected = async (cmd: string[]) => {
  const path = join(await room(), 'image.tar')
  await packImage({ ...specOf([textFile('hello', 'x')]), cmd }, path)
  return inspectArchive(path)
}

test('a program that is not in the image is told, for a person and a program', async () => {
  const facts = await inspected(['/bin/sh', '-c', '/hello'])
  expect(facts.images[0]!.missing).toBe('/bin/sh')
  expect(archiveText('image.tar', facts)).toContain(
    '/bin/sh is not in it, so no container of it can start\n',
  )
})

test.each([[['/hello']], [['hello']], [['/./hello', 'x']], [['/usr/../hello']], [[]]])(
  '%j is not',
  async cmd => {
    expect((await inspected(cmd)).images[0]).not.toHaveProperty('missing')
  },
)

test('what is deleted is lacking; what stands below a link may be there', () => {
  const layers = [
    { paths: new Map(Object.entries({ bin: 0, 'usr/bin/sh': 9, 'etc/motd': 1 })) },
    { paths: new Map([['etc/.wh.motd', 0]]) },
  ]
  const { lacks } = contentsOf(layers)
  expect(['/bin/sh', '/usr/bin/sh', '/etc/motd', '/usr/bin/ls'].filter(lacks)).toEqual([
    '/etc/motd',
    '/usr/bin/ls',
  ])
  expect(contentsOf([...layers, { paths: null }]).lacks('/etc/motd')).toBe(false)
})
