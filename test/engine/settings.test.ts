import { afterAll, expect } from 'vitest'
import { describeEngine, docker, test } from './engine.ts'
import { newNames, room, runCli } from './run-cli.ts'

const SET = [
  ['--entrypoint', '/hello', '--cmd', '["--say","a b"]', '--env', 'MONEY=$5 "each"'],
  ['--expose', '8080', '--user', '7:8', '--label', 'x.y=a b'],
].flat()

describeEngine('how an image is started', () => {
  const names = newNames()
  afterAll(names.remove)

  const configOf = async (image: string): Promise<unknown> => {
    const { stdout } = await docker(['image', 'inspect', '--format', '{{json .Config}}', image])
    return JSON.parse(stdout) as unknown
  }

  test('is the same by a Dockerfile and in an archive, and --quiet prints the ID alone', async () => {
    const cwd = await room()
    const [built, loaded] = [names.tag('built'), names.tag('loaded')]
    const common = ['--yes', '--quiet', '--program', 'raw:hi', ...SET]
    const one = await runCli([...common, '--tag', built, 'one'], { cwd })
    const two = await runCli(
      [...common, '--tag', loaded, '--engine', 'none', '--output', 'two.tar', 'two'],
      { cwd },
    )
    expect([one.exitCode, one.stderr, two.exitCode]).toEqual([0, '', 0])
    const { stdout } = await docker(['image', 'inspect', '--format', '{{.Id}}', built])
    expect(one.stdout).toBe(`${stdout.trim()}\n`)
    await docker(['load', '--input', `${cwd}/two.tar`])
    for (const image of [built, loaded])
      expect(await configOf(image)).toMatchObject({
        Entrypoint: ['/hello'],
        Cmd: ['--say', 'a b'],
        Env: expect.arrayContaining(['MONEY=$5 "each"']),
        ExposedPorts: { '8080/tcp': {} },
        User: '7:8',
        Labels: { 'x.y': 'a b' },
      })
  })
})
