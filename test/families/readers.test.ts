import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'

const DNF4 = `Downloading Packages:
(1/11): coreutils-single-1-1.x86_64.rpm    2.0 MB/s | 6.6 kB     00:00    
(2/11): bash-5.2-1.x86_64.rpm 400 kB/s | 6.6 kB     00:00
Running transaction
  Preparing        :                                                        1/1 
  Installing       : bash-5.2-1.x86_64                                     3/11 
  Installing       : a name without a number
 dnf5            x86_64         5.2-1          fedora       24 k
Complete!
`

const DNF5 = ` mirror-*                               100% | 1 B/s
[ 3/13] bash-0:5.2.26-3.fc40.x86_64      100% |   1.2 MiB/s |   1.8 MiB |  00m01s
[12/13] glibc 100% | 1 B/s
Running transaction
[ 1/15] Verify package files             100% |  45.0   B/s |  13.0   B |  00m00s
`

const ZYPPER = `<?xml version='1.0'?>
<message type="info">Preloading: bash-5.2.rpm [done]</message>
<message type="error">Package &apos;a&apos; &lt;x&gt; &amp; &quot;b&quot;</message>
<message type="error">It is
 unsigned.</message>
&lt;gpgkey-info&gt;&lt;key/&gt;
<text>Yes?
Continue?</text>
<progress id="install-resolvable" name="(3/8) Installing: filesystem-41-1.x86_64" value="70"/>
<progress id="install-resolvable" name="(x/8) Installing: filesystem" value="70"/>
Warning: plain
`

/** What a reader of a bootstrap.sh makes of the lines; it finds no other program than those of `path`. */
const read = (family: string, reader: string, lines: string, path = '/nowhere'): string[] => {
  const whole = readAsset(`families/${family}/bootstrap.sh`)
  const own = whole.slice(whole.indexOf('# --- make ---'), whole.indexOf('\n# In one piece'))
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-euc', `${own}\n${reader}`], {
    input: lines,
    encoding: 'utf8',
    env: { PATH: path },
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout.split('\n')
}

const told = (lines: readonly string[]): string[] => lines.filter(line => line.startsWith('P: '))

test('dnf 4: downloads are the first half, the transaction the second, by the shell alone', () => {
  const lines = read('dnf', 'tool=/usr/bin/dnf; read_dnf', DNF4)
  expect(told(lines)).toEqual([
    'P: 1 22 packages coreutils-single-1-1.x86_64.rpm',
    'P: 2 22 packages bash-5.2-1.x86_64.rpm 400 kB/s | 6.6 kB',
    'P: 14 22 packages Installing bash-5.2-1.x86_64',
  ])
  expect(lines.filter(line => !line.startsWith('P: ')).join('\n')).toBe(DNF4)
})

test('dnf 5: what is done of what, by the shell alone, without the blanks that it fills lines with', () => {
  const lines = read('dnf', 'tool=/usr/bin/dnf5; read_dnf', DNF5)
  expect(told(lines)).toEqual([
    'P: 3 26 packages bash-0:5.2.26-3.fc40.x86_64',
    'P: 12 26 packages glibc',
    'P: 16 30 packages Verify package files',
  ])
  expect(lines).toContain('[ 1/15] Verify package files 100% | 45.0 B/s | 13.0 B | 00m00s')
  expect(lines).toContain('mirror-* 100% | 1 B/s')
})

test('zypper: of its XML what a person wants, by the shell alone but for what must be replaced', () => {
  const plain = ZYPPER.replace(/^.*&apos;.*\n/m, '')
  expect(read('zypper', 'read_zypper', plain)).toEqual([
    'Preloading: bash-5.2.rpm [done]',
    'It is',
    ' unsigned.',
    'Continue?',
    'P: 3 8 packages Installing: filesystem-41-1.x86_64',
    'Warning: plain',
    '',
  ])
  expect(read('zypper', 'read_zypper', ZYPPER, process.env['PATH'])).toContain(
    `Package 'a' <x> & "b"`,
  )
})
