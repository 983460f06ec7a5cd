import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { savedAnswers } from '../../src/ask/saved.ts'
import { answerUpTo, choose, engineWith, linux, useApp } from './app.ts'
import { KEY } from './terminal.ts'

const app = useApp()
const IN_TOOL = 'cd tool && "$0" "$@"'

linux('inside a project folder it asks what to do, and checks the image', async () => {
  // As git brings it: the answers, and the scripts beside them.
  const { answers } = givenBy(parseFlags(['--program', 'raw', '--tag', 'tool']), '/')
  mkdirSync(join(app.folder(), 'tool'))
  for (const name of ['build.sh', 'build.ps1', 'answers.json'])
    writeFileSync(join(app.folder(), 'tool', name), JSON.stringify(savedAnswers(answers)))
  const terminal = app.open([], { docker: engineWith(), shell: IN_TOOL, rows: 60 })
  const asked = await terminal.waitFor(/What would you like to do\?/)
  expect(asked).toContain('This folder makes the minimal image tool.')
  expect(asked).toMatch(/❯ Build it again\n[^]* Check it\n[^]* Change an answer\n/)
  await choose(terminal, 'Check it')
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/✔ Run it: docker run --rm tool/)
})

linux('a C file that is near is listed, and Tab completes the path of another', async () => {
  mkdirSync(join(app.folder(), 'tool/deep'), { recursive: true })
  for (const name of ['near.c', 'deep/server.c', 'deep/serve-all.c'])
    writeFileSync(join(app.folder(), 'tool', name), 'int main(void) { return 0; }\n')
  const terminal = app.open(['--kind', 'minimal'], {
    docker: engineWith(),
    shell: IN_TOOL,
    rows: 40,
  })
  await answerUpTo(terminal, /Where is the C file/, [[/Which program/, 'A C file of yours']])
  expect(terminal.screen()).toMatch(/❯ \.\/near\.c\n *Another file\n/)
  await choose(terminal, 'Another file')
  await terminal.waitFor(/Tab complete ·/)
  terminal.write('d\t')
  await terminal.waitFor(/› deep\//)
  terminal.write('\t')
  await terminal.waitFor(/› deep\/serve\n[^]*serve-all\.c {2}server\.c/)
  terminal.write('r\t')
  await terminal.waitFor(/› deep\/server\.c\n/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/✔ File +deep\/server\.c\n/)
})
