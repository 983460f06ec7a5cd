import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect } from 'vitest'
import { docker, test } from './engine.ts'
import { describeDebian, printedIn } from './full.ts'
import { ownMirror } from './full-mirrors.ts'
import { describePodman, imagePrefix, podman } from './podman.ts'
import { outcomeOf, runCli } from './run-cli.ts'
import { MOUNTED, treeOf, unlike } from './tree.ts'

const LONG = { timeout: 300_000 }

/** In the one that this tool makes alone, a person learns that there is neither a package nor a manager of packages. */
describeDebian('BusyBox of Debian’s own signed package', ['trixie'], () => {
  const cwd = mkdtempSync(join(tmpdir(), 'busybox-'))
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  /** Makes the archive, and returns its path. */
  const archived = async (tag: string): Promise<string> => {
    const folder = tag.replace(/[:/]/g, '-')
    const mirror = `--mirror=${ownMirror()}`
    const output = `--output=${join(folder, 'image.tar')}`
    const words = ['--yes', '--json', '--release=busybox', mirror, `--tag=${tag}`, output, folder]
    const end = await runCli(words, { cwd })
    expect(outcomeOf(end).proven).toBe(true)
    return join(cwd, folder, 'image.tar')
  }

  test(
    'its build.sh makes the same tree, and both hold under a deep look',
    LONG,
    async ({ made }) => {
      const [ours, script] = [made.image('cbi-busybox-glibc'), made.image('cbi-busybox-kept')]
      const archive = await archived(ours)
      await docker(['load', '--input', archive])
      await docker(['tag', ours, script])
      await docker(['rmi', ours])
      const folder = join(archive, '..')
      const built = await execa('sh', ['build.sh'], { cwd: folder, all: true, reject: false })
      expect(built.exitCode, built.all).toBe(0)
      expect(built.all).toContain(`${ownMirror()} trixie InRelease`)
      expect(built.all).toContain('PRETTY_NAME="BusyBox 1.')
      expect(unlike(await treeOf(script), await treeOf(ours))).toEqual([])
      const looked = await execa(
        'sh',
        ['-c', 'docker run --rm --interactive "$0" sh -s <verify.sh', ours],
        { cwd: folder },
      )
      expect(looked.stdout).toContain('all 2 checks passed')
      expect(await printedIn(ours, ['sh', '-c', 'echo "$PATH"; id -un'])).toContain('root')
    },
  )

  describePodman('by Podman', () => {
    const prefix = imagePrefix()

    test('it is loaded, runs, and has the tree that it has by Docker', LONG, async ({ made }) => {
      const tag = made.image(`localhost/${prefix}/busybox`)
      const archive = await archived(tag)
      const loaded = await podman(['load', '--input', archive])
      expect(loaded.exitCode, loaded.stderr).toBe(0)
      const ran = await podman([
        'run',
        '--rm',
        tag,
        'sh',
        '-c',
        'cat /etc/os-release; busybox | head -n 1',
      ])
      expect(ran.stdout).toMatch(/ID=busybox\n[^]*BusyBox v1\./)
      await docker(['load', '--input', archive])
      const differing = unlike(await treeOf(tag), await treeOf(tag, 'podman'))
      expect(differing.filter(path => !MOUNTED.test(path))).toEqual([])
    })
  })
})
