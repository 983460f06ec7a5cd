import { expect, test } from 'vitest'
import type { ContainerStage } from '../../src/plan/types.ts'
import { commitCommand } from '../../src/run/stages/container.ts'

test('a container is kept without the proxies that its client gave it', () => {
  const stage: ContainerStage = {
    kind: 'container',
    client: 'docker',
    options: [],
    image: 'debian:bookworm-slim',
    command: ['true'],
    keepAs: { image: 'create-base-image/debootstrap:0', changes: ['CMD ["sh"]'] },
  }
  const command = commitCommand(stage, 'c1', String)?.join(' ')
  expect(command).toMatch(/^docker commit --change CMD \["sh"\] /)
  for (const name of ['http_proxy', 'HTTPS_PROXY', 'no_proxy', 'ALL_PROXY'])
    expect(command).toContain(` --change ENV ${name}= `)
  expect(command).toMatch(/ c1 create-base-image\/debootstrap:0$/)
})
