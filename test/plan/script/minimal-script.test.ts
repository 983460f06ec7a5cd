import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { minimalScript } from '../../../src/plan/script/minimal-script.ts'
import { given } from '../minimal/inputs.ts'

const script = (kind: Parameters<typeof minimalScript>[0], ...argv: string[]): string =>
  minimalScript(kind, given(...argv).answers, 'docker')

test('no script moves a program through a pipe or a redirection of the shell', () => {
  for (const kind of ['sh', 'powershell'] as const) {
    const text = script(kind, '--libc', 'musl')
    expect(text).toMatch(/ocker cp hello\.c /)
    expect(text.replace('> /dev/null', '').replace('| Out-Null', '')).not.toMatch(
      /[|>] ?(?:hello|docker|tar)/,
    )
  }
})

test('the sh script is valid for a POSIX shell', () => {
  for (const argv of [[], ['--libc', 'musl'], ['--compile-in', 'host'], ['--program', 'raw']]) {
    expect(() => execFileSync('sh', ['-n'], { input: script('sh', ...argv) })).not.toThrow()
  }
})

test('a script for Podman calls no docker, and names the builder’s registry', () => {
  for (const kind of ['sh', 'powershell', 'dockerfile'] as const) {
    const text = minimalScript(kind, given('--libc', 'musl').answers, 'podman')
    expect(text).toContain('docker.io/library/ubuntu:20.04')
    expect(text).not.toMatch(/\bdocker\b(?!\.io)/i)
  }
})

test('a failing docker command stops the PowerShell script', () => {
  expect(script('powershell')).toMatch(/\$LASTEXITCODE -ne 0.*throw/)
})

test('the Dockerfile compiles in one stage and keeps only the program in the other', () => {
  expect(
    script('dockerfile', '--tag', 'x')
      .split('\n')
      .filter(line => /^[A-Z]+ /.test(line)),
  ).toEqual([
    'FROM ubuntu:20.04 AS builder',
    'RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev',
    'WORKDIR /tmp',
    'COPY hello.c .',
    'RUN gcc -static -pthread -o hello hello.c -lm -lrt -ldl',
    'FROM scratch',
    'COPY --from=builder /tmp/hello /',
    'CMD ["/hello"]',
  ])
})

test('the Dockerfile collects what goes in besides the program in its builder', () => {
  const lines = (...argv: string[]): string[] =>
    script('dockerfile', ...argv)
      .split('\n')
      .filter(line => /^[A-Z]+ /.test(line))
  expect(lines('--with', 'user,tzdata,ca-certificates').map(line => line.slice(0, 44))).toEqual([
    'FROM ubuntu:20.04 AS builder',
    'RUN apt-get update && DEBIAN_FRONTEND=nonint',
    'RUN mkdir -p /files/etc/ssl/certs && cp /etc',
    'RUN mkdir -p /files/usr/share && cd /usr/sha',
    "RUN mkdir -p /files/etc && printf 'root:x:0:",
    'WORKDIR /tmp',
    'COPY hello.c .',
    'RUN gcc -static -pthread -o hello hello.c -l',
    'FROM scratch',
    'COPY --from=builder /files /',
    'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certific',
    'COPY --from=builder /tmp/hello /',
    'USER 65532:65532',
    'CMD ["/hello"]',
  ])
  expect(lines('--program', 'raw', '--with', 'user').map(line => line.slice(0, 26))).toEqual([
    'FROM ubuntu:20.04 AS build',
    'RUN mkdir -p /files/etc &&',
    'FROM scratch',
    'COPY --from=builder /files',
    'ADD hello /',
    'USER 65532:65532',
    'CMD ["/hello"]',
  ])
})

test('the scripts say that files/ goes in too, where there is one', () => {
  for (const kind of ['sh', 'powershell'] as const) {
    expect(script(kind, '--with', 'user,tzdata')).toMatch(
      /^# What is in files\/.*: tzdata, user\.$/m,
    )
    expect(script(kind)).not.toContain('files/')
  }
  expect(() =>
    execFileSync('sh', ['-n'], { input: script('sh', '--with', 'user,tzdata') }),
  ).not.toThrow()
})

test.skipIf(process.platform === 'win32')(
  'lists of an earlier image are set aside once the new one is there',
  () => {
    const cwd = mkdtempSync(join(tmpdir(), 'cbi-lists-'))
    onTestFinished(() => rmSync(cwd, { recursive: true }))
    const run = (exitCode: number): string => {
      writeFileSync(join(cwd, 'docker'), `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 })
      const env = { PATH: `${cwd}:${process.env['PATH']}` }
      return execFileSync('sh', ['build.sh'], { cwd, env, encoding: 'utf8' })
    }
    writeFileSync(join(cwd, 'build.sh'), script('sh', '--program', 'raw'))
    for (const file of ['sbom.spdx.json', 'sbom.cdx.json']) writeFileSync(join(cwd, file), '{}')
    expect(() => run(9)).toThrow()
    expect(readdirSync(cwd)).toContain('sbom.spdx.json')
    expect(run(0)).toContain(
      'sbom.cdx.json describes an earlier image, and is sbom.cdx.json.old now.\n',
    )
    expect(readdirSync(cwd).sort()).toEqual([
      'build.sh',
      'docker',
      'sbom.cdx.json.old',
      'sbom.spdx.json.old',
    ])
    expect(run(0)).toBe('')
  },
)
