import { expect, test } from 'vitest'
import { HOST, NO_ENGINE, wizard } from './scripted.ts'

const messages = ({ asked }: Awaited<ReturnType<typeof wizard>>): string[] =>
  asked.map(({ message }) => message)

const HOW = 'How is it made?'

test('how it is made is asked where there is a choice', async () => {
  const { answers, last } = await wizard(['--release', 'noble'], [[HOW, 'debootstrap']])
  expect(answers.bootstrap).toBe('debootstrap')
  expect(last(/Ready to run/).above).toContain(
    "Made As on Docker's page (debootstrap, docker import)",
  )
  for (const argv of [
    ['--release', 'buster'],
    ['--distro', 'alpine'],
    ['--release', 'noble', '--builder', 'mine'],
    ['--release', 'noble', '--engine', 'none'],
  ])
    expect(messages(await wizard(argv, [], { host: HOST })), argv.join(' ')).not.toContain(HOW)
})

test('without an engine but with debootstrap it is made here, which the review says', async () => {
  const { answers, last } = await wizard(['--release', 'noble'], [['No engine', 'none']], {
    ...NO_ENGINE,
    host: HOST,
  })
  expect(answers).toMatchObject({ engine: 'none', bootstrap: 'host' })
  expect(last(/No engine/).problem).toEqual(['Its service is not running.', 'Start it.'])
  expect(last(/Ready to run/).above).toContain('Engine None: made here')
})

test('without an engine what the own kernel can make is made by it, and nothing is asked of root', async () => {
  const ready = { ...NO_ENGINE, host: HOST, kernelRoot: { problem: null } }
  const { answers, last } = await wizard(['--release', 'noble'], [['No engine', 'none']], ready)
  expect(answers).toMatchObject({ engine: 'none', bootstrap: 'auto' })
  expect(last(/No engine/).options[1]?.label).toBe('Make it here')
  const ended = await wizard(['--release', 'buster'], [['No engine', 'none']], ready)
  expect(ended.answers.bootstrap).toBe('host')
  const kali = await wizard(['--distro', 'kali'], [['No engine', 'none']], ready)
  expect(kali.answers.bootstrap).toBe('host')
})

test('without both, what to install is said, and the script is still to be had', async () => {
  const facts = { ...NO_ENGINE, host: { root: 'sudo' as const, debootstrap: null } }
  const { last, answers } = await wizard(
    ['--release', 'noble'],
    [
      ['No engine', 'again'],
      ['No engine', 'auto'],
    ],
    facts,
  )
  const { problem, options } = last(/No engine/)
  expect(problem).toEqual([
    'Checked again. Its service is not running.',
    'Start it.',
    'Or without an engine, on Debian or Ubuntu: sudo apt-get install --yes debootstrap',
    'Or go back to the packages: without shell and package manager it can be made here.',
  ])
  expect(options.map(({ value }) => value)).toEqual(['again', 'auto', 'leave'])
  expect(answers).toMatchObject({ engine: 'auto', bootstrap: 'auto' })
})

test('without both, a distroless image is made here all the same, and nothing of documents is asked', async () => {
  const { answers, asked } = await wizard(
    ['--release', 'bookworm'],
    [
      ['How many of its packages', 'distroless'],
      ['No engine', 'none'],
    ],
    { ...NO_ENGINE, host: null },
  )
  expect(answers).toMatchObject({ variant: 'distroless', engine: 'none', bootstrap: 'auto' })
  expect(asked.join(' ')).not.toContain('Documents')
})

test('checking again finds the engine, and goes on', async () => {
  const { answers } = await wizard(['--release', 'noble'], [['No engine', 'again']], NO_ENGINE, {})
  expect(answers.engine).toBe('auto')
})

test('--engine none with debootstrap here needs no word on where', async () => {
  const { answers } = await wizard(['--release', 'noble', '--engine', 'none'], [], { host: HOST })
  expect(answers).toMatchObject({ engine: 'none', bootstrap: 'host' })
})

test('a minimal archive that becomes a full image asks anew what to do without an engine', async () => {
  const { asked, answers } = await wizard(
    ['--program', 'raw'],
    [
      ['No engine', 'none'],
      ['Ready to run', 'change'],
      ['Which answer', 'kind'],
      ['What kind', 'full'],
      ['No engine', 'none'],
    ],
    { ...NO_ENGINE, host: HOST },
  )
  expect(asked.filter(({ message }) => message.startsWith('No engine'))).toHaveLength(2)
  expect(answers).toMatchObject({ kind: 'full', bootstrap: 'host' })
})
