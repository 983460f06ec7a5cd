import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { docker, test } from './engine.ts'
import { describeDebian, expectNothingLeft, printedIn } from './full.ts'
import { newNames, outcomeOf, room, runCli } from './run-cli.ts'

const PROGRAM = [
  '/usr/bin/openssl',
  'verify',
  '/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt',
]

describeDebian('a distroless image of today’s Debian', ['bookworm'], () => {
  const names = newNames()
  afterAll(() => names.remove())

  test(
    'it proves itself, runs what is included and what is copied in, and has the same ID without an engine',
    { timeout: 200_000 },
    async () => {
      const cwd = await room()
      const words = [
        '--yes',
        '--json',
        '--release=bookworm',
        '--variant=distroless',
        '--include=openssl',
      ]
      const tag = names.tag('distroless')
      const end = await runCli([...words, `--tag=${tag}`, 'image'], { cwd })
      const outcome = outcomeOf(end)
      expect(outcome).toMatchObject({
        proven: true,
        same: outcome.id,
        packages: { unrun: ['openssl'] },
      })
      expect(outcome.printed).toMatch(/^GNU C Library \(Debian GLIBC 2\.36/)
      await expectNothingLeft(end, join(cwd, 'image'))

      // Its OpenSSL finds the bundle by itself, as a user who owns nothing.
      expect(
        (await docker(['run', '--rm', '--user', 'nonroot', tag, ...PROGRAM])).stdout,
      ).toContain(': OK')
      expect((await docker(['run', '--rm', tag, 'sh'])).exitCode).not.toBe(0)

      // A dynamic program that was compiled on bookworm.
      mkdirSync(join(cwd, 'app'))
      const app = names.tag('distroless-app')
      const dockerfile = `FROM debian:bookworm-slim AS made\nFROM ${tag}\nCOPY --from=made /bin/echo /hello\nUSER nonroot\nENTRYPOINT ["/hello"]\n`
      writeFileSync(join(cwd, 'app/Dockerfile'), dockerfile)
      const built = await docker(['build', '--tag', app, join(cwd, 'app')])
      expect(built.exitCode, built.stderr).toBe(0)
      expect(await printedIn(app, ['it runs'])).toBe('it runs')

      const archive = await runCli([...words, '--engine=none', '--tag=other', 'archive'], { cwd })
      expect(outcomeOf(archive)).toMatchObject({ same: outcome.id })
    },
  )
})
