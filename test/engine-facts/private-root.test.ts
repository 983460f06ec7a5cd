import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { privateRootArgs } from '../../src/engine/private-root.ts'

const PROGRAM = `
#include <stdio.h>
#include <unistd.h>
#include <sys/stat.h>
int main(int count, char **words) {
  char here[200];
  mkdir("escape", 0700);
  printf("%s %d %d %s %s %s\\n", words[1], getuid(), getgid(), getcwd(here, sizeof here),
         chroot("escape") == 0 ? "escapes" : "stays", access("/etc/passwd", F_OK) == 0 ? "sees" : "blind");
  return 7;
}`

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cbi-private-root-'))
  chmodSync(root, 0o777)
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const compiles = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'cbi-private-root-check-'))
  writeFileSync(join(folder, 'hello.c'), PROGRAM)
  const works =
    spawnSync('cc', ['-static', '-o', join(folder, 'hello'), join(folder, 'hello.c')]).status === 0
  rmSync(folder, { recursive: true, force: true })
  return works
}

const hasCompiler = process.platform === 'linux' && compiles()
const isRoot = process.getuid?.() === 0
const works = (kind: 'namespaces' | 'chroot'): boolean => {
  const { program, args } = privateRootArgs(kind, '/', ['true'])
  return hasCompiler && spawnSync(program, [...args]).status === 0
}

const compile = (): void => {
  writeFileSync(join(root, 'hello.c'), PROGRAM)
  spawnSync('cc', ['-static', '-o', join(root, 'hello'), join(root, 'hello.c')])
}

test('both ways run the same program with the same words in the same directory', () => {
  const namespaces = privateRootArgs('namespaces', '/some/dir with space', ['/hello', 'a b'])
  expect(namespaces.program).toBe('unshare')
  expect(namespaces.args.slice(-4)).toEqual([
    '--root=/some/dir with space',
    '--wd=/',
    '/hello',
    'a b',
  ])
  const chroot = privateRootArgs('chroot', '/some/dir with space', ['/hello', 'a b'])
  expect(chroot).toEqual({
    program: 'chroot',
    args: ['--userspec=65534:65534', '/some/dir with space', '/hello', 'a b'],
  })
})

test.skipIf(!works('namespaces'))(
  'in namespaces a program sees only its directory, has no powers and gives its exit code (needs unshare, cc)',
  () => {
    compile()
    const { program, args } = privateRootArgs('namespaces', root, ['/hello', 'a b'])
    const { status, stdout } = spawnSync(program, [...args], { encoding: 'utf8' })
    expect(stdout).toBe('a b 65534 65534 / stays blind\n')
    expect(status).toBe(7)
  },
)

test.skipIf(!works('namespaces') || !isRoot)(
  'namespaces need no privilege (needs unshare, cc, and root to become nobody)',
  () => {
    compile()
    const { program, args } = privateRootArgs('namespaces', root, ['/hello', 'word'])
    const { status, stdout } = spawnSync(program, [...args], {
      encoding: 'utf8',
      uid: 65534,
      gid: 65534,
    })
    expect(stdout).toBe('word 65534 65534 / stays blind\n')
    expect(status).toBe(7)
  },
)

test.skipIf(!works('chroot'))(
  'in a chroot a program sees only its directory, is nobody and gives its exit code (needs root, cc)',
  () => {
    compile()
    const { program, args } = privateRootArgs('chroot', root, ['/hello', 'word'])
    const { status, stdout } = spawnSync(program, [...args], { encoding: 'utf8' })
    expect(stdout).toBe('word 65534 65534 / stays blind\n')
    expect(status).toBe(7)
  },
)
