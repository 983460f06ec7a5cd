import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folder, linux, run, textOf } from './script-room.ts'

const SCRIPTS = ['bootstrap.sh', 'pack.sh'] as const
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']] as const
const isThere = ([program]: readonly string[]): boolean =>
  spawnSync(program ?? '', ['-c', ':']).error === undefined

describe.each(SCRIPTS)('%s', script => {
  test('has Unix line ends and none but ASCII characters', () => {
    expect(textOf(script)).toMatch(/^[\n\x20-\x7e]+\n$/)
  })

  test.skipIf(!linux).for(SHELLS.filter(isThere))('can be read by %s', ([program, ...options]) => {
    const { status, stderr } = spawnSync(program, [...options, '-n'], { input: textOf(script) })
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' })
  })

  test('runs nothing before its last line, so that a script cut short does nothing', () => {
    const lines = textOf(script).trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^main "\$@" <\/dev\/null/)
    expect(lines.filter(line => /^main\b.*[^{]$/.test(line))).toHaveLength(1)
  })
})

describe.skipIf(!linux)('the options of bootstrap.sh', () => {
  test.skipIf(!linux)(
    'no account is newer than the newest index, nor than the day that is asked for',
    () => {
      const text = textOf('bootstrap.sh')
      const own = text.slice(text.indexOf('\nset_day() {'), text.indexOf('\nsize() {'))
      const lists = join(folder, 'var/lib/apt/lists')
      mkdirSync(join(folder, 'etc'))
      const shadow = join(folder, 'etc/shadow')
      const dayAfter = (env: object = {}): string[] => {
        writeFileSync(shadow, 'root:*:99999:0:99999:7:::\nold:!:100::::::\nnone:!:::::::\n')
        const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } }
        expect(spawnSync('sh', ['-euc', `${own}\nset_day`], options).status).toBe(0)
        return readFileSync(shadow, 'utf8').trim().split('\n')
      }
      expect(dayAfter()[0]).toBe('root:*:99999:0:99999:7:::')
      mkdirSync(lists, { recursive: true })
      writeFileSync(join(lists, 'a_InRelease'), 'Date: Sat, 10 Jan 1970 09:00:00 UTC\n')
      writeFileSync(join(lists, 'b_Release'), 'Date: Sun, 19 Apr 1970 23:00:00 UTC\n')
      const rest = ['old:!:100::::::', 'none:!:::::::']
      expect(dayAfter()).toEqual(['root:*:108:0:99999:7:::', ...rest])
      expect(dayAfter({ SOURCE_DATE_EPOCH: '10368000' })).toEqual([
        'root:*:120:0:99999:7:::',
        ...rest,
      ])
    },
  )

  test.each([
    [['--frobnicate', 'x'], '--frobnicate'],
    [['bookworm'], 'bookworm'],
    [['--suite'], '--suite'],
    [['--suite', '--slim'], '--suite'],
    [['--mirror', ''], '--mirror'],
    [[], '--suite is missing'],
  ])('%j is wrong usage', (args, words) => {
    const { status, stdout, stderr } = run('bootstrap.sh', args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^bootstrap\.sh: .*\n$/)
    expect(stderr).toContain(words)
  })

  test('a folder without a root filesystem cannot be finished, and stays as it is', () => {
    writeFileSync(join(folder, 'mine'), 'mine')
    const { status, stderr } = run('bootstrap.sh', ['--only-finish', '--rootfs', folder])
    expect(status).toBe(2)
    expect(stderr).toContain(`${folder} holds no root filesystem`)
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine')
  })
})

describe.skipIf(!linux)('pack.sh', () => {
  const rootfs = (): string => join(folder, 'a tree')

  test('announces the exact size, keeps order and names, and leaves devices out', () => {
    mkdirSync(join(rootfs(), 'dev/pts'), { recursive: true })
    writeFileSync(join(rootfs(), 'b'), 'x'.repeat(70_000))
    writeFileSync(join(rootfs(), 'Főtanúsítvány'), 'a')
    const { status, stdout, stderr } = run('pack.sh', ['--slim', '--rootfs', rootfs(), '--more'])
    expect(status).toBe(0)
    expect(stderr).toBe(`S: ${Buffer.byteLength(stdout)}\n`)
    const listed = spawnSync('tar', ['-t', '--quoting-style=literal'], { input: stdout })
    expect(String(listed.stdout).split('\n')).toEqual([
      './',
      './Főtanúsítvány',
      './b',
      './dev/',
      '',
    ])
  })

  test.each([
    ['missing', () => rootfs()],
    ['empty', () => folder],
  ])('fails and writes nothing when the folder is %s', (_, path) => {
    const { status, stdout, stderr } = run('pack.sh', ['--rootfs', path()])
    expect(status).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(path())
  })
})
