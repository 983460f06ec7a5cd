import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { answerUpTo, choose, linux, useApp, type App } from './app.ts'
import { KEY, type Terminal } from './terminal.ts'

const app = useApp()

const links = spawnSync('cc', ['-static', '-x', 'c', '-', '-o', '/dev/null'], {
  input: 'int main(void) { return 0; }\n',
})

/** These compile for real, so they need a C compiler that links statically. */
const compiling = links.status === 0 ? linux : linux.skip

const BAD = 'int main(void) { return nowhere; }\n'
const GOOD = '#include <stdio.h>\nint main(void) { return puts("mended") < 0; }\n'

const runBad = async ({ folder, open }: App): Promise<Terminal> => {
  writeFileSync(join(folder(), 'bad.c'), BAD)
  const flags = ['--kind', 'minimal', '--program', 'bad.c', '--engine', 'none']
  const terminal = open([...flags, '--compile-in', 'host', '--tag', 'bad', 'bad'], { rows: 110 })
  await answerUpTo(terminal, /Ready to run/)
  terminal.write(KEY.enter)
  const failed = await terminal.waitFor(/\? What now\?[^]*Ctrl-C leave$/)
  expect(failed).toMatch(/✘ Failed: Compile bad\.c statically[^]*error: .nowhere. undeclared/)
  return terminal
}

compiling('a failed compile shows what gcc said; mended, it goes on from that step', async () => {
  const terminal = await runBad(app)
  writeFileSync(join(app.folder(), 'bad/bad.c'), GOOD)
  await choose(terminal, 'Try again')
  expect(await terminal.exit()).toBe(0)
  const end = terminal.screen()
  expect(end.match(/✔ Write the project files/g)).toHaveLength(1)
  expect(end).toMatch(/✔ Compile bad\.c[^]*\nmended\n[^]*Proven/)
})

compiling('an attempt that fails again asks again', async () => {
  const terminal = await runBad(app)
  await choose(terminal, 'Try again')
  await terminal.waitFor(/(✘ Failed[^]*){2}\? What now\?[^]*Ctrl-C leave$/)
  await choose(terminal, 'Leave')
  expect(await terminal.exit()).toBe(1)
})

compiling(
  'after a failure an answer is changed, and the run of the new answers ends well',
  async () => {
    const terminal = await runBad(app)
    await choose(terminal, 'Change an answer')
    await terminal.waitFor(/Which answer\?/)
    await choose(terminal, 'Program')
    await terminal.waitFor(/Which program/)
    await choose(terminal, 'Two system calls')
    await terminal.waitFor(/What does it say/)
    await answerUpTo(terminal, /Ready to run/)
    await choose(terminal, 'Replace the folder')
    expect(await terminal.exit()).toBe(0)
    expect(terminal.screen()).toMatch(/Hello from your own base image!/)
  },
)

compiling('leaving the questions after a failure does not say that nothing was made', async () => {
  const terminal = await runBad(app)
  await choose(terminal, 'Change an answer')
  await terminal.waitFor(/Which answer\?/)
  terminal.write(KEY.escape)
  await terminal.waitFor(/Ready to run[^]*Ctrl-C leave$/)
  await choose(terminal, 'Leave')
  expect(await terminal.exit()).toBe(130)
  expect(terminal.screen()).toMatch(/Cancelled\. The folder of the run that failed stays/)
  expect(terminal.screen()).not.toContain('Nothing was created')
})

compiling('leaving after a failure is exit code 1, and the folder stays with its log', async () => {
  const terminal = await runBad(app)
  await choose(terminal, 'Leave')
  expect(await terminal.exit()).toBe(1)
  const journal = join(app.folder(), 'bad/.create-base-image/journal.ndjson')
  expect(readFileSync(journal, 'utf8')).toContain('step-failed')
})
