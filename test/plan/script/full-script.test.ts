import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { FullAnswers } from '../../../src/ask/answers.ts'
import { readAsset } from '../../../src/assets.ts'
import { scriptInputs } from '../../../src/plan/full/inputs.ts'
import { folderScript, fullScript } from '../../../src/plan/script/full-script.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { full } from '../minimal/inputs.ts'

const TEXTS = {
  'bootstrap.sh': readAsset('families/deb/bootstrap.sh'),
  'pack.sh': readAsset('families/shared/pack.sh'),
}
const KINDS = ['sh', 'powershell', 'dockerfile'] as const

const inputsOf = (argv: readonly string[], change: Partial<FullAnswers> = {}) => {
  const given = full('--release', 'bookworm', ...argv)
  return scriptInputs({ ...given, answers: { ...given.answers, ...change } }, 'amd64')
}
const printed = (kind: (typeof KINDS)[number], ...argv: string[]): string =>
  printScript(kind, full('--release', 'bookworm', ...argv), 'amd64', readAsset)
const inFolder = (kind: 'sh' | 'powershell', ...argv: string[]): string =>
  folderScript(kind, inputsOf(argv), 'docker')

describe('every script', () => {
  test.each(KINDS)('%s: ASCII alone, which every PowerShell and locale reads alike', kind => {
    expect(printed(kind, '--include', 'curl,vim')).toMatch(/^[\n\x20-\x7e]+\n$/)
  })

  test.each(KINDS)('%s: no user and no password of a mirror', kind => {
    const secret = 'http://ada:pa%20ss@mirror.example/debian'
    const text = printed(kind, '--mirror', secret)
    expect(text).not.toMatch(/ada|pa%20ss/)
    expect(text).toContain('USER:PASSWORD@mirror.example/debian')
    expect(text).toMatch(/--mirror ("?\$mirror"?|"\$MIRROR")( |$)/m)
    const open = printed(kind, '--mirror', 'http://mirror.example/debian')
    expect(open).toContain('--mirror http://mirror.example/debian ')
    expect(open).not.toContain('PASSWORD')
  })

  test.each(['sh', 'powershell'] as const)('%s: for Podman it has Podman’s words alone', kind => {
    const text = folderScript(kind, inputsOf(['--arch', 'arm64']), 'podman')
    expect(text).toContain(' docker.io/library/debian:bookworm-slim ')
    expect(text).not.toMatch(/\bdocker\b(?!\.io)|--init/i)
    expect(text).toMatch(/odman import --os linux --arch arm64 /)
    expect(text).toMatch(/odman run --rm --platform linux\/arm64 /)
  })

  test('a Dockerfile of Ubuntu refuses another architecture, whose packages are elsewhere', () => {
    const text = printScript('dockerfile', full('--release', 'noble'), 'amd64', readAsset)
    expect(text).toContain('RUN [ "$(dpkg --print-architecture)" = amd64 ] || {')
    expect(printed('dockerfile')).not.toContain('dpkg --print-architecture')
  })

  test('a Dockerfile for Podman names the builder’s registry', () => {
    const text = printed('dockerfile', '--engine', 'podman')
    expect(text).toMatch(/^FROM docker\.io\/library\/debian:bookworm-slim AS /m)
    expect(text).toMatch(/^# A full image .*: podman build /)
  })

  test.each(KINDS)('%s: Ubuntu’s archive hangs on the architecture, so that is said', kind => {
    const ubuntu = (...argv: string[]) =>
      printScript(kind, full('--release', 'noble', ...argv), 'amd64', readAsset)
    expect(ubuntu()).toContain(' --platform linux/amd64 ')
    expect(ubuntu('--arch', 'arm64')).toContain(' --platform linux/arm64 ')
    expect(ubuntu('--arch', 'arm64')).toContain(' http://ports.ubuntu.com/ubuntu-ports ')
    expect(printed(kind)).not.toContain('--platform')
    expect(printed(kind, '--arch', 'arm64')).toContain(' --platform linux/arm64 ')
  })

  test.each(KINDS)('%s: a keyring is asked for where the script stands alone', kind => {
    const inputs = inputsOf([], { keyring: '/home/ada/my keys.gpg' })
    const text = fullScript(kind, inputs, TEXTS, 'docker')
    expect(text).toContain('must be next to this file under the name keyring.gpg.')
    expect(text).toContain('--keyring /keyring.gpg')
    expect(text).toMatch(/(cp|COPY) keyring\.gpg /)
    expect(text).not.toContain('/home/ada')
    if (kind !== 'dockerfile')
      expect(folderScript(kind, inputs, 'docker')).not.toContain('must be next to')
  })
})

describe('a lock', () => {
  const LOCKED = ['--locked', '/home/ada/packages.lock']

  test.each(KINDS)('%s: one that is asked for must lie beside it', kind => {
    const text = fullScript(kind, inputsOf([], { locked: LOCKED[1]! }), TEXTS, 'docker')
    expect(text).toContain('# Your packages.lock must be next to this file.')
    expect(text).toMatch(/^ *(\S+ cp|COPY) packages\.lock /m)
    expect(text).toContain('--lock /packages.lock')
    expect(text).not.toContain('/home/ada')
  })

  test('a Dockerfile can copy none that may not be there, and says what it gives', () => {
    expect(printed('dockerfile')).not.toContain('packages.lock /')
    expect(printed('dockerfile')).toContain('the packages of the day it runs, and another ID')
    for (const kind of ['sh', 'powershell'] as const)
      expect(printed(kind)).toContain('the same packages, but not the same bytes.')
  })

  test('PowerShell takes what is there', () => {
    expect(inFolder('powershell')).toMatch(
      /if \(Test-Path -LiteralPath packages\.lock\) \{ Invoke-Docker cp packages\.lock "\$\{container\}:\/packages\.lock" \}/,
    )
    expect(inFolder('powershell', '--bootstrap', 'debootstrap')).not.toContain('packages.lock')
  })
})

describe('in the project folder', () => {
  test('the texts are files of their own', () => {
    for (const kind of ['sh', 'powershell'] as const) {
      expect(inFolder(kind)).not.toContain('debootstrap --')
      expect(inFolder(kind).split('\n').length).toBeLessThan(50)
    }
  })

  test('no binary goes through a pipe or a redirection of the person’s shell', () => {
    for (const kind of ['sh', 'powershell'] as const) {
      const outside = inFolder(kind)
        .replace(/sh -c '[^']*'/, '')
        .replace('> /dev/null', '')
        .replace('| Out-Null', '')
      expect(outside).not.toMatch(/[|>] ?\S*(?:docker|tar)/)
      expect(outside).toMatch(/ocker cp "\$\{?container\}?:\/rootfs\.tar" rootfs\.tar/)
    }
  })
})

describe('PowerShell', () => {
  const text = printed('powershell')

  test('a failing docker command stops the script, and the container goes', () => {
    expect(text).toMatch(/\$LASTEXITCODE -ne 0.*throw/)
    expect(text).toMatch(/} finally {\n {2}docker rm --force /)
  })

  test('double quotes have the backslash that the old way of passing arguments needs', () => {
    expect(text).toContain("$PSNativeCommandArgumentPassing = 'Legacy'")
    expect(text).toContain(String.raw`--change 'CMD [\"bash\"]'`)
    expect(text).toContain(String.raw`sh /bootstrap.sh \"$@\"; `)
  })

  test('a list of packages and a number stay texts', () => {
    const words = inFolder('powershell', '--include', 'curl,vim', '--tag', '007')
    expect(words).toContain("--include 'curl,vim'")
    expect(words).toMatch(/rootfs\.tar '007'$/m)
  })

  test('what goes on stands on the next line, with nothing after the backtick', () => {
    expect(text).toMatch(/ `\n/)
    expect(text).not.toMatch(/`[ \t]+\n/)
  })

  test('the texts come along whole, as here-strings that nothing in them can end', () => {
    const found = [...text.matchAll(/^Write-Text (\S+) @'\n(.*?)\n'@$/gms)]
    expect(found.map(([, file = '', content]) => [file, `${content}\n`])).toEqual(
      Object.entries(TEXTS),
    )
    expect(text.match(/^'@/gm)).toHaveLength(2)
  })
})

describe('the Dockerfile', () => {
  test('needs nothing beside it', () => {
    const text = printed('dockerfile')
    expect(text).not.toMatch(/^(COPY|ADD) (?!--from=bootstrap )/m)
    expect(text).not.toMatch(/<<(?!'\\''END)/)
    expect(text.match(/^[A-Z]+ \S+/gm)).toEqual([
      'FROM debian:bookworm-slim',
      'RUN apt-get',
      'RUN printf',
      'RUN sh',
      'FROM scratch',
      'COPY --from=bootstrap',
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'LABEL org.opencontainers.image.title=my-bookworm',
      'LABEL org.opencontainers.image.version=12',
      'LABEL org.opencontainers.image.ref.name=debian',
      'CMD ["bash"]',
    ])
  })

  test('writes bootstrap.sh as it is', () => {
    const [, command = ''] = /^RUN (printf .*) > \/bootstrap\.sh$/ms.exec(printed('dockerfile'))!
    // Docker joins lines that end in a backslash, and drops those that begin with a #.
    const joined = command.replace(/^#.*\n/gm, '').replaceAll('\\\n', '')
    expect(execFileSync('sh', ['-c', joined], { encoding: 'utf8' })).toBe(TEXTS['bootstrap.sh'])
  })
})
