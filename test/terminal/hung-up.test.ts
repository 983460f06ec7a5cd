import { expect } from 'vitest'
import { endlessEngine, linux, RAW_FLAGS, useApp } from './app.ts'

const app = useApp()

// Left to itself Node ends by signal 6 or 11 here, because it can't put the terminal's settings back.
linux('a window that is closed at a question is exit code 129, and nothing is made', async () => {
  const terminal = app.open()
  await terminal.waitFor(/What kind of base image/)
  terminal.close()
  expect(await terminal.exit()).toBe(129)
  expect(app.made()).toEqual([])
})

linux('a window that is closed in a step is exit code 129, and no client stays', async () => {
  const terminal = app.open(RAW_FLAGS, { docker: endlessEngine(), rows: 40 })
  await terminal.waitFor(/The container waits[^]*Ctrl-C stop$/)
  terminal.close()
  expect(await terminal.exit()).toBe(129)
  expect(app.clients()).toEqual([])
})
