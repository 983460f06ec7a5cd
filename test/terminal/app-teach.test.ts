import { expect } from 'vitest'
import { engineWith, linux, RAW_FLAGS, useApp } from './app.ts'
import { KEY } from './terminal.ts'

const app = useApp()

linux(
  '--teach waits before and after each step, and b shows the last one again',
  async () => {
    const terminal = app.open([...RAW_FLAGS, '--teach'], { docker: engineWith(), rows: 40 })
    await terminal.waitFor(/Step 1 of 6[^]*Enter: run this step/)
    terminal.write(KEY.enter)
    await terminal.waitFor(/✔ Check the engine[^]*remote control[^]*Enter: the next step/)
    terminal.write('b')
    await terminal.waitFor(/Enter: the next step/)
    terminal.write(KEY.enter)
    await terminal.waitFor(/Step 2 of 6[^]*Enter: run this step/)
    for (let i = 0; i < 120 && !/Took /.test(terminal.screen()); i++) {
      terminal.write(KEY.enter)
      await new Promise(resolve => setTimeout(resolve, 400))
    }
    expect(await terminal.exit()).toBe(0)
    expect(terminal.screen()).toContain('LESSON.md')
  },
  90_000,
)

linux('Ctrl-C at a pause stops the run, and leaves nothing', async () => {
  const terminal = app.open([...RAW_FLAGS, '--teach'], { docker: engineWith(), rows: 40 })
  await terminal.waitFor(/Enter: run this step/)
  terminal.write('\u0003')
  expect(await terminal.exit()).toBe(130)
  expect(app.made()).toEqual([])
})

linux('TERM=dumb: the lesson is plain lines, and an empty line goes on', async () => {
  const env = { TERM: 'dumb' }
  const options = { docker: engineWith(), env, rows: 200, cols: 120 }
  const terminal = app.open([...RAW_FLAGS, '--teach'], options)
  for (let i = 0; i < 12; i++) {
    await terminal.waitFor(new RegExp(`(?:Press Enter[^]*?){${i + 1}}$`))
    terminal.write('\r')
  }
  expect(await terminal.exit()).toBe(0)
  expect(terminal.raw()).not.toContain('\u001b')
})
