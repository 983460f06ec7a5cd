import { expect, test } from 'vitest'
import { openRecorder } from './recorder.ts'
import { Engine } from './client.ts'

const call = async (engine: Engine, ...argv: string[]) => {
  let stderr = ''
  const code = await engine.call({
    program: 'docker',
    argv,
    cwd: '/',
    env: {},
    stdin: () => Promise.resolve(Buffer.alloc(0)),
    stdout: () => undefined,
    stderr: text => (stderr += text),
    signal: new AbortController().signal,
    seconds: null,
  })
  return { code, stderr: stderr.trim() }
}

test.each([
  [['create', '--no-new-privileges', 'x'], 'docker create knows no --no-new-privileges'],
  [['create', '--cap-add', 'SYS_ADMIN', 'x'], '--cap-add does not take SYS_ADMIN'],
  [['create', '--security-opt', 'seccomp=unconfined', 'x'], '--security-opt does not take seccomp'],
  [['import', '--os', 'linux', '-', 'x'], 'docker import knows no --os'],
  [['images', '--format', '{{.Nothing}}'], '{{.Nothing}} asks for what is not there'],
  [['frobnicate'], 'docker knows no frobnicate'],
])('a client refuses %j', async (argv, words) => {
  const engine = new Engine({})
  engine.image('x')
  const { code, stderr } = await call(engine, ...argv)
  expect(code).toBe(125)
  expect(stderr).toContain(words)
  expect(engine.refused).toHaveLength(1)
})

test('options end at the image: what follows is the program', async () => {
  const { engine } = openRecorder()
  await call(engine, 'create', '--name', 'one', 'ubuntu:20.04', 'ls', '--color')
  expect([...engine.containers.values()][0]).toMatchObject({
    name: 'one',
    line: 'ubuntu:20.04 ls --color',
  })
})

test('an image that a container was made of stays until that has gone', async () => {
  const { engine } = openRecorder()
  await call(engine, 'create', '--name', 'one', 'ubuntu:20.04', 'ls')
  expect((await call(engine, 'rmi', 'ubuntu:20.04')).code).toBe(1)
  await call(engine, 'rm', 'one')
  expect((await call(engine, 'rmi', 'ubuntu:20.04')).code).toBe(0)
})
