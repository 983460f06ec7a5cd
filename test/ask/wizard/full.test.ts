import { expect, test } from 'vitest'
import { pickerOrder, standardRelease } from '../../../src/catalog/releases.ts'
import { supportOf } from '../../../src/catalog/support.ts'
import { today } from '../../../src/ask/today.ts'
import { NO_SETTINGS } from '../../../src/ask/questions/settings.ts'
import { ENTER, ESC, HOST, wizard } from './scripted.ts'

const messages = ({ asked }: Awaited<ReturnType<typeof wizard>>): string[] =>
  asked.map(({ message }) => message)

const newest = standardRelease('ubuntu', today()).codename

test('Enter alone makes the newest long-term Ubuntu, as the flags without a word do', async () => {
  const session = await wizard([], [['What kind', 'full']])
  expect(messages(session)).toEqual([
    'What kind of base image?',
    'Which distribution?',
    'Which release?',
    'How many of its packages go in?',
    'Documents and man pages?',
    'Any other packages?',
    'How is it made?',
    'What should the image be called?',
    'Which folder for the project?',
    'Ready to run?',
  ])
  expect(session.answers).toEqual({
    version: 1,
    kind: 'full',
    distro: 'ubuntu',
    release: newest,
    variant: 'minbase',
    slim: false,
    include: [],
    bootstrap: 'auto',
    updates: null,
    snapshot: null,
    locked: null,
    sources: null,
    mirror: null,
    recipe: null,
    keyring: null,
    builder: null,
    tag: `my-${newest}`,
    arch: null,
    engine: 'auto',
    settings: NO_SETTINGS,
  })
})

test('a lesson begins at the way of which a person could type each command', async () => {
  const session = await wizard(['--teach'], [['What kind', 'full']])
  expect(session.last(/How is it made/).initial).toBe('debootstrap')
  expect(session.answers.bootstrap).toBe('debootstrap')
})

test('every question fits one line of a narrow window, and every label its column', async () => {
  const { asked } = await wizard([], [['What kind', 'full']], { host: HOST })
  for (const { message } of asked) expect(message.length, message).toBeLessThanOrEqual(38)
  const { above } = asked.at(-1)!
  expect(above).toContain('Documents Stay in')
  expect(above).toContain('Besides Nothing')
})

test('a table compares the distributions; Esc leads back to the list, an answer on to the releases', async () => {
  const session = await wizard(
    [],
    [
      ['What kind', 'full'],
      ['Which distribution', 'compare'],
      ['Which one should I choose', ESC],
      ['Which distribution', 'compare'],
      ['Which one should I choose', 'alpine'],
    ],
  )
  expect(session.answers.distro).toBe('alpine')
  expect(messages(session).slice(0, 7)).toEqual([
    'What kind of base image?',
    'Which distribution?',
    'Which one should I choose?',
    'Which distribution?',
    'Which one should I choose?',
    'Which release?',
    'How many of its packages go in?',
  ])
  expect(session.asked[3]!.initial).toBe('compare')
  const { options } = session.last(/Which one should/)
  expect(options.find(({ value }) => value === 'alpine')).toMatchObject({
    beside: '7.8 MB   musl     2 years',
    brief: 'musl  2 years',
    says: expect.stringContaining('Take the official alpine') as string,
  })
  expect(options.find(({ value }) => value === 'fedora')!.beside).toBe('     -   glibc    1 year')
  // 40 columns less the one that stays free and the mark; the longest name and a gap of two.
  const widest = Math.max(...options.map(({ label }) => label.length)) + 2
  for (const { brief } of options) expect(widest + brief!.length).toBeLessThanOrEqual(35)
})

test.each(['ubuntu', 'debian'] as const)(
  'the releases of %s: supported ones with their support, older ones when they are asked for',
  async distro => {
    const { last, answers } = await wizard(
      ['--distro', distro],
      [
        ['Which release', 'older'],
        ['Which release', ESC],
        ['Which release', 'older'],
        ['Which release', distro === 'ubuntu' ? 'focal' : 'jessie'],
      ],
    )
    const { main, ended } = pickerOrder(distro, today())
    const { asked } = await wizard(['--distro', distro], [])
    const { options } = asked[0]!
    expect(options.filter(({ rare }) => !rare).map(({ value }) => value)).toEqual([
      ...main.map(({ codename }) => codename),
      'older',
    ])
    expect(options.filter(({ rare }) => rare)).toHaveLength(ended.length)
    expect(options[0]!.beside).toBe(supportOf(main[0]!, today()).words)
    expect(last(/Which release/).options.map(({ value }) => value)).toEqual(
      ended.map(({ codename }) => codename),
    )
    for (const { beside, says } of last(/Which release/).options) {
      expect(beside).toContain(' ended ')
      expect(says).toContain(beside)
    }
    expect(answers.release).toBe(distro === 'ubuntu' ? 'focal' : 'jessie')
  },
)

test.each(['arch', 'kali', 'busybox', 'opensuse-tumbleweed'])(
  '%s has one release, and nobody is asked which',
  async distro => {
    const session = await wizard(['--distro', distro], [])
    expect(messages(session)).not.toContain('Which release?')
    expect(session.answers).toMatchObject({ distro })
  },
)

test.each(['opensuse-leap', 'almalinux', 'centos-stream'])(
  'a release of %s is not called by a short name of the distribution',
  async distro => {
    const { asked } = await wizard(['--distro', distro], [])
    for (const { says } of asked[0]!.options) expect(says).not.toMatch(/^(?:leap|alma|stream),/)
  },
)

test('a name that no package of the distribution can have is refused at the prompt', async () => {
  const typed = (distro: string) =>
    wizard(['--distro', distro], [['Any other packages', 'NetworkManager']])
  await expect(typed('debian')).rejects.toThrow('A name has lower-case letters')
  expect((await typed('fedora')).answers.include).toEqual(['NetworkManager'])
})

test('nobody is asked for more packages where none can be added', async () => {
  expect(messages(await wizard(['--distro', 'alpine'], []))).toContain('Any other packages?')
  expect(messages(await wizard(['--distro', 'busybox'], []))).not.toContain('Any other packages?')
})

test('back from the older releases the choice of them is pointed at', async () => {
  const { asked } = await wizard(
    ['--distro', 'ubuntu'],
    [
      ['Which release', 'older'],
      ['Which release', ESC],
      ['Which release', 'noble'],
    ],
  )
  expect(asked[2]!.initial).toBe('older')
})

test('at the review a minimal image becomes a full one, and a full one minimal', async () => {
  const { answers, last } = await wizard(
    ['--program', 'raw'],
    [
      ['Ready to run', 'change'],
      ['Which answer', 'kind'],
      ['What kind', 'full'],
      ['Which release', 'jammy'],
    ],
  )
  expect(answers).toMatchObject({ kind: 'full', release: 'jammy', tag: 'my-jammy' })
  expect(last(/Ready to run/).above).not.toContain('Program Two system calls')
  const back = await wizard(
    ['--release', 'noble', '--include', 'curl'],
    [
      ['Ready to run', 'change'],
      ['Which answer', 'kind'],
      ['What kind', 'minimal'],
    ],
  )
  expect(back.answers).toMatchObject({ kind: 'minimal', tag: 'hello' })
  expect(back.last(/Ready to run/).above.join()).not.toMatch(/noble|curl/)
})

test('another distribution asks for one of its own releases, and the name follows', async () => {
  const { last, answers } = await wizard(
    [],
    [
      ['What kind', 'full'],
      ['Which release', 'noble'],
      ['Ready to run', 'change'],
      ['Which answer', 'distro'],
      ['Which distribution', 'debian'],
    ],
  )
  const { codename } = standardRelease('debian', today())
  expect(last(/Which release/).options.map(({ value }) => value)).not.toContain('noble')
  expect(answers).toMatchObject({ distro: 'debian', release: codename, tag: `my-${codename}` })
})

test('a named release can be changed for one of another distribution', async () => {
  const { answers, last } = await wizard(
    ['--release', 'bookworm'],
    [
      ['Ready to run', 'change'],
      ['Which answer', 'release'],
      ['Which distribution', 'ubuntu'],
      ['Which release', 'noble'],
    ],
  )
  expect(last(/Which distribution/).initial).toBe('debian')
  expect(answers).toMatchObject({ distro: 'ubuntu', release: 'noble' })
})

test('Esc leads back through every question, and what was answered stands there still', async () => {
  const { asked, answers } = await wizard(
    [],
    [
      ['What kind', 'full'],
      ['Which distribution', 'debian'],
      ['Which release', 'jessie'],
      ['How many', 'buildd'],
      ['Documents', 'yes'],
      ['Any other packages', 'curl'],
      ['called', 'mine'],
      ['Which folder', ESC],
      ['called', ESC],
      ['Any other packages', ESC],
      ['Documents', ESC],
      ['How many', ESC],
      ['Which release', ESC],
      ['Which release', ESC],
      ['Which distribution', ESC],
    ],
  )
  expect(asked.slice(8).map(({ initial }) => initial)).toEqual([
    'mine',
    'curl',
    'yes',
    'buildd',
    'jessie',
    'older',
    'debian',
    'full',
    'debian',
    'jessie',
    'buildd',
    'yes',
    'curl',
    'mine',
    './mine',
    'run',
  ])
  expect(answers).toMatchObject({ release: 'jessie', include: ['curl'], slim: true, tag: 'mine' })
})

test('packages can be taken out again', async () => {
  const { answers } = await wizard(
    ['--release', 'noble'],
    [
      ['Any other packages', 'curl vim'],
      ['called', ESC],
      ['How is it made', ESC],
      ['Any other packages', ''],
    ],
  )
  expect(answers.include).toEqual([])
})

test('help to decide leads to a full image', async () => {
  const { answers } = await wizard(
    [],
    [
      ['What kind', 'help'],
      ['shell', 'yes'],
      ['every file', 'yes'],
      ['Advice: a full image', ENTER],
    ],
  )
  expect(answers.kind).toBe('full')
})
