import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  answerUpTo,
  endlessEngine,
  engineWith,
  linesSince,
  linux,
  RAW,
  RAW_FLAGS,
  slowEngine,
  useApp,
} from './app.ts'
import { KEY } from './terminal.ts'

const app = useApp()

linux('by keys only, from the first question to the end screen', async () => {
  const terminal = app.open([], { docker: engineWith(), rows: 60 })
  await answerUpTo(terminal, /Ready to run/, RAW)
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/✔ Run it: docker run --rm hello[^]*Hello from the stand-in/)
  expect(terminal.screen()).toMatch(/Image +hello[^]*Next\n +docker run --rm hello/)
})

linux('by keys only and without an engine, to an archive that is proven', async () => {
  const terminal = app.open([], { rows: 60 })
  await answerUpTo(terminal, /Ready to run/, RAW)
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/Hello from your own base image![^]*Proven {6}run /)
  expect(existsSync(join(app.folder(), 'hello/hello.tar'))).toBe(true)
})

linux('in 40 by 12 the whole way is passable, and no question or step is drawn wider', async () => {
  const terminal = app.open([], { docker: slowEngine(10, 50), cols: 40, rows: 12 })
  await answerUpTo(terminal, /Ready to run/, RAW)
  terminal.write(KEY.enter)
  const review = terminal.raw().length
  await terminal.waitFor(/of the build/)
  // A command that is to be copied stays on one line, and the terminal breaks it.
  const drawn = linesSince(terminal, review).filter(line => !line.startsWith('    $ npx '))
  for (const line of drawn) expect(line.length).toBeLessThanOrEqual(40)
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/docker run --rm hello/)
})

linux('--yes in a terminal is shown live, and all its lines stay', async () => {
  const terminal = app.open(RAW_FLAGS, { docker: slowEngine(10, 50), rows: 60 })
  await terminal.waitFor(/[◐◓◑◒] Build the image hello[^]*l log · w why · c command/)
  expect(await terminal.exit()).toBe(0)
  const end = terminal.screen()
  expect(end.match(/^✔ /gm)).toHaveLength(6)
  expect(end).toMatch(/Check the engine[^]*✔ Run it: docker run --rm hello[^]*Hello from the/)
  expect(end).not.toMatch(/[◐◓◑◒]|Ctrl-C/)
})

linux('the keys w and c change what is shown of a running step, and w hides nothing', async () => {
  const terminal = app.open(RAW_FLAGS, { docker: endlessEngine(), rows: 40 })
  await terminal.waitFor(/The container waits[^]*\nwhy {2}The proof of an image/)
  terminal.write('wc')
  const exact = await terminal.waitFor(/docker create --name/)
  expect(exact).toMatch(/--label[^]*--log-driver/)
  expect(exact).toMatch(/\nwhy {2}The proof/)
  terminal.write('c')
  await terminal.waitFor(/\$ docker run --rm hello\n/)
  terminal.write(KEY.ctrlC)
  expect(await terminal.exit()).toBe(130)
})

linux('the key l opens the whole log, which scrolls by keys; q leads back', async () => {
  const terminal = app.open(RAW_FLAGS, {
    docker: engineWith({ ...says40(), waits: true }),
    rows: 20,
  })
  await terminal.waitFor(/line 38\n *line 39\n *line 40\n/)
  terminal.write('l')
  await terminal.waitFor(/Log · 24 to 40 of 40 ·[^]*\nline 40\n *q back/)
  terminal.write('\u001b[5~')
  await terminal.waitFor(/Log · 7 to 23 of 40/)
  terminal.write(KEY.up)
  await terminal.waitFor(/Log · 6 to 22 of 40/)
  terminal.write('\u001b[H')
  await terminal.waitFor(/Log · 1 to 17 of 40[^]*\nline 1\n/)
  terminal.write('\u001b[F')
  await terminal.waitFor(/Log · 24 to 40 of 40/)
  terminal.write('q')
  await terminal.waitFor(/line 40\n[^]*l log · w why/)
  terminal.write(KEY.ctrlC)
  expect(await terminal.exit()).toBe(130)
})

const says40 = () => ({
  to: 'start',
  exitCode: 0,
  chunks: [['stdout', Array.from({ length: 40 }, (_, i) => `line ${i + 1}\n`).join('')] as const],
})
