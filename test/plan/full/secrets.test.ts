import { expect, test } from 'vitest'
import { printPlan } from '../../../src/plan/print.ts'
import { publicPlan, withoutSecrets } from '../../../src/plan/public-plan.ts'
import { reviewLines } from '../../../src/plan/review.ts'
import type { Plan, Step } from '../../../src/plan/types.ts'
import { HOST, optionsOf, planOf, stepOf } from './inputs.ts'

const SECRET = /ada|s%22e&cret/
const MIRROR = ['--mirror', 'http://ada:s%22e&cret@mirror.example/debian']
const plans: [string, Plan][] = [
  ['in a container', planOf(['--release', 'bookworm', ...MIRROR, '--verify'])],
  ['on this machine', planOf([...HOST, ...MIRROR])],
  ['into an archive', planOf([...HOST, ...MIRROR, '--engine', 'none'], { engine: null })],
]

/** Steps without where the folder is: its owner is called ada too. */
const textOf = (steps: unknown): string => JSON.stringify(steps).replaceAll('/home/ada', '')

test.each(plans)('%s: user and password of a mirror are no argument of any command', (_, plan) => {
  const steps: readonly Step[] = plan.steps
  expect(textOf(steps.map(({ secretInput: _secret, ...step }) => step))).not.toMatch(SECRET)
  const there = steps.map(({ id }): string => id)
  // On this machine three commands share the work.
  const bootstrap = ['mirror', 'bootstrap', 'finish'].filter(id => there.includes(id))
  const holding = steps.filter(({ secretInput = '' }) => SECRET.test(secretInput))
  expect(holding.map(({ id }) => id)).toEqual(bootstrap)
  expect(plan.secrets).toEqual(['ada:s%22e&cret@'])
})

test('on this machine root gets them as lines that wget reads', () => {
  const plan = planOf([...HOST, ...MIRROR])
  const lines = 'user = ada\npassword = s"e&cret\n'
  expect(stepOf(plan, 'bootstrap').secretInput).toBe(lines)
  expect(stepOf(plan, 'finish').secretInput).toBe(lines)
  expect(stepOf(plan, 'mirror').secretInput).toContain('mirror_user=ada\n')
})

test.each([
  ['debian', ['--release', 'bookworm']],
  ['alpine', ['--release', '3.20', '--distro', 'alpine']],
  ['fedora', ['--distro', 'fedora']],
  ['openSUSE', ['--distro', 'opensuse-leap']],
  ['arch', ['--distro', 'arch']],
])('%s: in a container user and password are no argument, but come by stdin', (_, words) => {
  const plan = planOf([...words, ...MIRROR])
  const step = stepOf(plan, 'bootstrap')
  expect(textOf(step.pipeline)).toContain('http://mirror.example/debian')
  expect(textOf(step.pipeline)).not.toMatch(SECRET)
  expect(step.secretInput).toBe(
    "mirror_login='ada:s%22e&cret@'\nmirror_user=ada\nmirror_password='s\"e&cret'\n",
  )
  expect(stepOf(publicPlan(plan), 'bootstrap')).not.toHaveProperty('secretInput')
})

test.each(plans)('%s: what goes into the project folder has none', (_, plan) => {
  const files = textOf(stepOf(plan, 'files').pipeline)
  expect(files).toContain('mirror.example/debian')
  expect(files).not.toMatch(SECRET)
  expect(textOf(plan.answers)).not.toMatch(SECRET)
  expect(plan.answers['mirror']).toBe('http://mirror.example/debian')
})

test.each(plans)('%s: nothing that is printed has any', (_, plan) => {
  const shown = publicPlan(plan)
  for (const text of [JSON.stringify(shown), printPlan(shown), reviewLines(plan).join()])
    expect(text.replaceAll('/home/ada', '')).not.toMatch(SECRET)
  expect(printPlan(shown)).toContain(' http://mirror.example/debian')
  expect(shown).toMatchObject({ secrets: [], directory: '/home/ada/my-bookworm' })
})

test('a plan without secrets is shown as it is', () => {
  const plan = planOf()
  expect(publicPlan(plan)).toEqual(plan)
})

test('a secret is found in data however JSON writes it', () => {
  const secret = String.raw`a:"\@`
  expect(withoutSecrets({ url: [`http://${secret}b/`] }, [secret])).toEqual({ url: ['http://b/'] })
})

test.each(['http://ada:s%22e&cret@mirror.example/debian', 'http://ada@mirror.example/debian'])(
  "apt's sources in the image have no user and no password: %s",
  mirror => {
    const options = optionsOf(planOf(['--release', 'bookworm', '--mirror', mirror]))
    const sources = options.filter(option => option.startsWith('--source'))
    expect(sources).toEqual([
      '--source http://mirror.example/debian bookworm main',
      '--source-if-there http://mirror.example/debian bookworm-updates main',
      '--source-if-there http://mirror.example/debian-security bookworm-security main',
    ])
  },
)
