import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'

/** What the images of all rpm distributions have: coreutils, grep and sed. Fedora's and Rocky 8's have no find. */
const THERE =
  'cat chmod cp cut du grep head ln ls mkdir mv readlink rm rmdir sed sort stat tail tee touch tr wc'

let root: string
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'cbi-few-'))))
afterEach(() => rmSync(root, { recursive: true }))

const write = (file: string, text: string): void => {
  mkdirSync(join(root, 'tree', file, '..'), { recursive: true })
  writeFileSync(join(root, 'tree', file), text)
}

test.skipIf(process.platform !== 'linux')(
  'a builder without find still leaves no logs and no traces in the tree',
  () => {
    const programs = join(root, 'bin')
    mkdirSync(programs)
    for (const name of THERE.split(' '))
      symlinkSync(
        ['/usr/bin', '/bin'].map(folder => join(folder, name)).find(existsSync)!,
        join(programs, name),
      )
    for (const file of ['run/pid', 'run/.hidden', 'run/..odd', 'tmp/deep/in/it', 'var/tmp/a b'])
      write(file, 'x')
    for (const file of ['var/log/dnf.log', 'var/log/deep/in/a b.log']) write(file, '1\n')
    for (const file of ['var/log/lastlog', 'etc/kept', 'var/lib/rpm/Packages']) write(file, '')
    for (const file of ['var/lib/rpm/__db.001', 'var/lib/rpm/.dbenv.lock', 'etc/passwd-'])
      write(file, 'x')
    mkdirSync(join(root, 'tree/dev'))
    const script = [
      readAsset('families/shared/lib.sh'),
      readAsset('families/shared/secrets.sh'),
      `rootfs='${root}/tree'`,
      'drop_traces',
    ].join('\n')
    const { status, stderr } = spawnSync('/bin/sh', ['-eu'], {
      input: script,
      encoding: 'utf8',
      env: { PATH: programs },
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const files = readdirSync(join(root, 'tree'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(root, 'tree/').length))
    expect(files.toSorted()).toEqual(['etc/kept', 'var/lib/rpm/Packages', 'var/log/lastlog'])
    for (const folder of ['dev', 'run', 'tmp', 'var/tmp', 'var/log/deep/in'])
      expect(existsSync(join(root, 'tree', folder)), folder).toBe(true)
  },
)
