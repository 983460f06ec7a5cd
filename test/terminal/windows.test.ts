import { expect, test } from 'vitest'
import { useDemo, whole } from './demo.ts'
import { KEY } from './terminal.ts'

const demo = useDemo()

const lines = (screen: string): string[] => screen.split('\n')

test('in 40 by 12 every question fits, with its keys below it', async () => {
  const terminal = demo.open([], { cols: 40, rows: 12 })
  await terminal.waitFor(whole(/What kind of base image\?/))
  terminal.write(KEY.enter)
  const program = await terminal.waitFor(whole(/Which program goes in\?/))
  expect(program).toMatch(/❯ hello\.c[^]*A C file[^]*finished[^]*Two system calls/)
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(whole(/Does it need anything besides itself\?/))).toMatch(
    /❯ Nothing more/,
  )
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/Which C library goes into it\?/))
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/Where is it compiled\?/))
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/What should the image be called\?/))
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/Which folder for the project\?/))
  terminal.write(KEY.enter)
  const review = await terminal.waitFor(/Ready to run\?[^]*Leave/)
  expect(review.match(/Ready to run/g)).toHaveLength(1)
})

test('in 20 by 6 the chosen option is always on the screen, and the question is there once', async () => {
  const terminal = demo.open([], { cols: 20, rows: 6 })
  await terminal.waitFor(/❯ Minimal/)
  terminal.write(KEY.down)
  await terminal.waitFor(/❯ Full/)
  terminal.write(KEY.down)
  expect((await terminal.waitFor(/❯ Help me/)).match(/What kind/g)).toHaveLength(1)
  terminal.write(KEY.up + KEY.up + KEY.enter)
  await terminal.waitFor(/Which program/)
  terminal.write('4')
  expect((await terminal.waitFor(/❯ Two system/)).match(/Which program/g)).toHaveLength(1)
})

test('no line is ever as wide as the window, at any width', async () => {
  const terminal = demo.open([], { cols: 44, rows: 30 })
  await terminal.waitFor(whole(/What kind/))
  for (const line of lines(terminal.screen())) expect(line.length).toBeLessThan(44)
  terminal.write(KEY.ctrlC)
  expect(await terminal.exit()).toBe(130)
})

test('a storm of resizes ends in the screen that the last size has from the beginning', async () => {
  const calm = demo.open([], { cols: 60, rows: 24 })
  const terminal = demo.open([], { cols: 80, rows: 24 })
  for (const each of [calm, terminal]) {
    await each.waitFor(whole(/What kind/))
    each.write(KEY.enter)
    await each.waitFor(whole(/Which program/))
  }
  for (const columns of [40, 90, 30, 100, 25, 70]) terminal.resize(columns, 24)
  terminal.resize(60, 24)
  terminal.write(KEY.down)
  await terminal.waitFor(whole(/❯ A C file/))
  calm.write(KEY.down)
  await calm.waitFor(whole(/❯ A C file/))
  await expect.poll(() => terminal.screen()).toBe(calm.screen())
})

test('a line that is longer than the window moves under the cursor', async () => {
  const terminal = demo.open(['--kind', 'minimal', '--program', 'raw'], { cols: 24, rows: 20 })
  await terminal.waitFor(whole(/What should the image/))
  terminal.write('abcdefghijklmnopqrstuvwxyz')
  const screen = await terminal.waitFor(/xyz/)
  expect(screen).not.toContain('abc')
  expect(screen.match(/What should the image/g)).toHaveLength(1)
})

test('nothing clears the scrollback', async () => {
  const terminal = demo.open([], { cols: 20, rows: 6 })
  await terminal.waitFor(/❯ Minimal/)
  terminal.write(KEY.down + KEY.down + KEY.ctrlC)
  await terminal.exit()
  expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/)
})
