import { expect, test } from 'vitest'
import type { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { linkGoal, safePath } from '../../../src/bootstrap/stage/safe-path.ts'
import { newTree } from '../../../src/bootstrap/stage/tree.ts'

const code = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as BootstrapError).code
  }
  return 'taken'
}

test('paths are made plain, and those that leave the root are refused', () => {
  expect(safePath('./usr//bin/./x', 'p')).toBe('usr/bin/x')
  expect(safePath('./', 'p')).toBe('')
  expect(safePath('usr/..x', 'p')).toBe('usr/..x')
  for (const path of [
    '/etc/passwd',
    '../x',
    './a/../../x',
    'a/..',
    'a\0b',
    'a'.repeat(256),
    'a/'.repeat(2100),
  ])
    expect(
      code(() => safePath(path, 'p')),
      path.slice(0, 20),
    ).toBe('path-unsafe')
})

test('links may lead anywhere inside the root, and not out of it', () => {
  expect(linkGoal('usr/lib/x', '../../etc/y', 'p')).toBe('etc/y')
  expect(linkGoal('usr/lib/x', '/run', 'p')).toBe('run')
  expect(linkGoal('var/run', '/../run', 'p')).toBe('run')
  for (const target of ['../../../etc/shadow', '', 'a\0b', '../'.repeat(3) + 'x', 'x'.repeat(5000)])
    expect(
      code(() => linkGoal('usr/lib/x', target, 'p')),
      target.slice(0, 20),
    ).toBe('entry-unsafe')
})

const file = (path: string) => ({ path, kind: 'file', link: '' }) as const
const folder = (path: string) => ({ path, kind: 'directory', link: '' }) as const
const symlink = (path: string, link: string) => ({ path, kind: 'symlink', link }) as const
const hardlink = (path: string, link: string) => ({ path, kind: 'hardlink', link }) as const

test('what goes through a link goes where the link leads', () => {
  const tree = newTree()
  for (const path of ['usr', 'usr/bin', 'run']) tree.place(folder(path), 'a 1')
  tree.place(symlink('bin', 'usr/bin'), 'a 1')
  tree.place(folder('var'), 'a 1')
  tree.place(symlink('var/run', '/run'), 'a 1')
  expect(tree.place(folder('bin'), 'b 1')).toBeNull()
  expect(tree.place(file('bin/sh'), 'b 1')).toBe('usr/bin/sh')
  expect(tree.place(hardlink('bin/ash', 'bin/sh'), 'b 1')).toBe('usr/bin/ash')
  expect(tree.resolve('bin/sh')).toBe('usr/bin/sh')
  expect(tree.place(folder('var/run/x'), 'b 1')).toBe('run/x')
  expect(tree.missingAbove('usr/share/doc/b')).toEqual(['usr/share', 'usr/share/doc'])
  expect(tree.missingAbove('usr/share/doc/b')).toEqual([])
})

test('two packages may share folders and equal links, and nothing else', () => {
  const tree = newTree()
  tree.place(folder('usr'), 'a 1')
  tree.place(folder('usr/bin'), 'a 1')
  tree.place(symlink('bin', 'usr/bin'), 'a 1')
  tree.place(file('usr/bin/x'), 'a 1')
  expect(tree.place(folder('usr'), 'b 1')).toBeNull()
  expect(tree.place(symlink('bin', 'usr/bin'), 'b 1')).toBeNull()
  expect(tree.place(symlink('usr', 'opt'), 'b 1')).toBeNull()
  for (const entry of [
    file('bin/x'),
    file('usr'),
    symlink('usr/bin/x', 'y'),
    folder('usr/bin/x'),
    symlink('bin', 'opt'),
  ])
    expect(
      code(() => tree.place(entry, 'b 1')),
      entry.path,
    ).toBe('file-conflict')
  expect(() => tree.place(file('bin/x'), 'b 1')).toThrow(
    'usr/bin/x is there already, a 1 has it as a file',
  )
  expect(() => tree.place(file('usr/bin/x'), 'a 1')).toThrow('it has it twice')
})

test('a hard link needs a file that is there; links in a loop end', () => {
  const tree = newTree()
  tree.place(folder('d'), 'a 1')
  tree.place(symlink('l', 'd'), 'a 1')
  for (const target of ['gone', 'd', 'l'])
    expect(
      code(() => tree.place(hardlink('h', target), 'a 1')),
      target,
    ).toBe('entry-unsafe')
  tree.place(symlink('p', 'q'), 'a 1')
  tree.place(symlink('q', 'p'), 'a 1')
  expect(typeof tree.place(file('p/x'), 'a 1')).toBe('string')
})
