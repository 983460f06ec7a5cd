import { expect, test } from 'vitest'
import type { FullAnswers, Given } from '../../../src/ask/answers.ts'
import { bakeFile } from '../../../src/plan/script/bake.ts'
import { ciFile, type CiInputs } from '../../../src/plan/script/many.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { full, given } from '../minimal/inputs.ts'

const withKeyring = (answered: Given<FullAnswers>): Given => ({
  ...answered,
  answers: { ...answered.answers, keyring: '/home/ada/keys.gpg' },
})

/** Answers that lead to other lines of a script. */
const ANSWERS: Readonly<Record<string, Given>> = {
  lesson: given(),
  'minimal-musl': given(
    '--libc',
    'musl',
    '--arch',
    'arm64',
    '--tag',
    'ada/hello:1',
    '--engine',
    'podman',
  ),
  'minimal-here': given('--compile-in', 'host', '--output', 'out.tar'),
  'minimal-raw': given(
    '--program',
    'raw',
    '--with',
    'user,tmp',
    '--user',
    'nonroot',
    '--env',
    'A=b c',
  ),
  'minimal-several': given('--arch', 'amd64,arm64', '--expose', '80', '--label', 'a=b'),
  debootstrap: full('--release', 'bookworm', '--slim', '--include', 'jq,curl', '--cmd', 'bash -l'),
  'debootstrap-arm': full('--release', 'noble', '--arch', 'arm64'),
  'debootstrap-mirror': full(
    '--release',
    'noble',
    '--mirror',
    'http://a:b@m.example/u',
    '--engine',
    'podman',
  ),
  'debootstrap-keyring': withKeyring(full('--release', 'bookworm', '--no-updates')),
  alpine: full('--release', 'alpine:3.15', '--include', 'jq'),
  fedora: full('--release', 'fedora:42'),
  arch: full('--release', 'arch', '--arch', 'amd64'),
}

/** The lines that are carried out: what they are for is said in words, which have no place here. */
const carriedOut = (script: string): string =>
  `${script
    .split('\n')
    .filter(line => !/^\s*(?:#.*)?$/.test(line))
    .join('\n')}\n`

// Whoever changes what a script does sees all of it there, and looks at it before: vitest -u.
test
  .skipIf(process.platform === 'win32')
  .each(
    Object.entries(ANSWERS).flatMap(([name, answers]) =>
      (['sh', 'powershell', 'dockerfile'] as const).map(kind => [name, kind, answers] as const),
    ),
  )('%s as %s', async (name, kind, answers) => {
  const script = printScript(kind, answers, 'amd64', file => `(the text of ${file})`)
  await expect(carriedOut(script)).toMatchFileSnapshot(`../../fixtures/scripts/${name}.${kind}.txt`)
})

const CI: CiInputs = {
  images: [
    { name: 'hello', push: null, archs: ['amd64', 'arm64'] },
    { name: 'ada/tool:2', push: null, archs: ['arm64'] },
    { name: 'reg.example:5000/a/b', push: null, archs: ['amd64'] },
    { name: 'kept', push: 'localhost/kept:1', archs: ['amd64'] },
    { name: 'hub', push: 'ada/hub', archs: ['amd64'] },
  ],
  command: ['npx', 'x y', '"$IMAGE"', '"$ARCH"'],
  locked: ['--locked', 'a lock'],
  version: '1.2.3',
  template: '{{version}}\n{{command}}\n{{make}}\n{{merge}}\n{{other}}\n',
}

test.each(['github', 'gitlab'] as const)('what a file for %s is filled with', async kind => {
  const text = ciFile(kind, CI)
  await expect(text).toMatchFileSnapshot(`../../fixtures/scripts/${kind}.txt`)
  expect(ciFile(kind, { ...CI, locked: [] }).split('\n')[1]).toBe('npx \'x y\' "$IMAGE" "$ARCH"')
  const strange = { ...CI, images: [{ name: 'a', push: null, archs: ['amd64', 's390x'] }] }
  const service = kind === 'github' ? 'GitHub' : 'GitLab'
  expect(() => ciFile(kind, strange)).toThrow(
    `Image a: ${service} has no runners of its own for s390x.`,
  )
})

test('a bake file has a target for each image, or for each architecture where they differ', async () => {
  const dockerfile = (arch: string | null): string => `FROM scratch\n# \${A} %{B} ${arch}\n`
  const images = [
    { name: 'hello', archs: ['amd64', 'arm64'], dockerfile, differs: false, context: '.' },
    { name: 'a/b:1.0', archs: ['amd64', 'arm64'], dockerfile, differs: true, context: '../x' },
    { name: 'one', archs: ['arm64'], dockerfile, differs: true, context: '/abs' },
    { name: 'own', archs: [], dockerfile, differs: false, context: 'sub' },
  ]
  await expect(bakeFile(images, '2026-01-02')).toMatchFileSnapshot(
    '../../fixtures/scripts/bake.txt',
  )
})
