import { render } from 'ink-testing-library'
import { afterEach, expect, test } from 'vitest'
import { frameOf } from '../../../src/show/live/frame.ts'
import { initialChoice } from '../../../src/show/live/keys.ts'
import { lastingText } from '../../../src/show/live/lasting.ts'
import { paintLine } from '../../../src/show/live/line.ts'
import { lookFor } from '../../../src/show/live/look.ts'
import { Screen } from '../../../src/show/live/screen.tsx'
import { initialState, reduce } from '../../../src/show/live/state.ts'
import { HALFWAY } from './events.ts'

const look = lookFor({ colour: false, unicode: true })

let unmount = (): void => undefined
afterEach(() => unmount())

const screenAt = (columns: number, rows: number): string => {
  const state = reduce(initialState, HALFWAY, 0)
  const size = { columns, rows }
  const scene = { state, choice: initialChoice, look, size, now: 31_000, keys: true }
  const lasting = state.lasting.map(event => lastingText(event, state.steps, look, size))
  const lines = frameOf(scene).lines.map(line => paintLine(line, look.paint))
  const screen = render(<Screen lasting={lasting} lines={lines} />)
  unmount = screen.unmount
  return `\n${screen.lastFrame() ?? ''}\n`
}

test('a run in a window of 80 columns and 24 rows', () => {
  expect(screenAt(80, 24)).toMatchInlineSnapshot(`
    "

    create-base-image   full image · Ubuntu 24.04 noble · linux/amd64 → my-noble

        $ npx create-base-image --yes --release noble

    ✔ Check the engine              Docker 28.2, linux/amd64           0.2 s
    ✔ Get the builder ubuntu:24.04  29.7 MB                            4.1 s
    ◓ Bootstrap noble               41 of 96 packages     █████░░░░░░░  43 %
        $ docker bootstrap --with=arguments
        Unpacking libpam-modules:amd64 ...
        Unpacking 世界 😀    and more
      Import it as an image
      Run it: cat /etc/lsb-release
                                 3 of 5 · 00:31 · a while left for this step
    why  The reason for bootstrap is a sentence that is long enough to need
         more than one line of a window.

    l log · w why · c command · Ctrl-C stop
    "
  `)
})

test('a run in a window of 40 columns and 12 rows', () => {
  expect(screenAt(40, 12)).toMatchInlineSnapshot(`
    "

    create-base-image   full image · Ubuntu
      24.04 noble · linux/amd64 → my-noble

        $ npx create-base-image --yes --release noble

    ✔ Check the engine                 0.2 s
      Docker 28.2, linux/amd64
    ✔ Get the builder ubuntu:24.04     4.1 s
      29.7 MB
    ◓ Bootstrap noble     41 of 96 packages
      ████████░░░░░░░░░░░░  43 %
        $ docker bootstrap --with=arguments
        Unpacking libpam-modules:amd64 ...
        Unpacking 世界 😀    and more
      Import it as an image
      Run it: cat /etc/lsb-release
                              3 of 5 · 00:31
    l log · w why · c command · Ctrl-C stop
    "
  `)
})

test('a run in a window of 20 columns and 6 rows', () => {
  expect(screenAt(20, 6)).toMatchInlineSnapshot(`
    "

    create-base-image
      full image ·
      Ubuntu 24.04 noble
      · linux/amd64 →
      my-noble

        $ npx create-base-image --yes --release noble

    ✔ Check the engine
      Docker 28.2,
      linux/amd64
    ✔ Get the builder
      ubuntu:24.04
      29.7 MB
    ◓ Bootstrap noble
      ████░░░░░░  43 %
        41 of 96…
          3 of 5 · 00:31
    l w c Ctrl-C
    "
  `)
})

test('keys reach whoever listens', async () => {
  const inputs: unknown[] = []
  const screen = render(
    <Screen lasting={[]} lines={[]} onInput={(...input) => inputs.push(input)} />,
  )
  unmount = screen.unmount
  screen.stdin.write('w')
  screen.stdin.write('\u0003')
  await expect
    .poll(() => inputs)
    .toEqual([
      ['w', false],
      ['c', true],
    ])
})
