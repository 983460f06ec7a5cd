import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { inspectFile } from '../../elf/file-kind.ts'
import type { Scene, SceneName, TourCommand } from './types.ts'
import { PROGRAMS, type Workshop } from './workshop.ts'

/** The stops, in their order. */
export const SCENES: readonly SceneName[] = ['compile', 'run', 'loader', 'shell', 'certificates']

/** Takes a stop: really runs its commands. Throws an Error when the workshop fails, not when a container does. */
export const takeScene = (id: SceneName, workshop: Workshop): Promise<Scene> => TAKE[id](workshop)

const compile = async (workshop: Workshop): Promise<Scene> => ({
  id: 'compile',
  commands: await workshop.compile(),
  sizes: await Promise.all(
    PROGRAMS.map(async name => ({ name, bytes: await workshop.bytes(name) })),
  ),
})

const run = async (workshop: Workshop): Promise<Scene> => {
  const commands: TourCommand[] = []
  for (const name of PROGRAMS) {
    const recipe = `FROM scratch\nADD ${name} /\nCMD ["/${name}"]\n`
    commands.push(await workshop.run(await workshop.build(name, [name], recipe)))
  }
  return { id: 'run', commands, sizes: [] }
}

const loader = async ({ folder }: Workshop): Promise<Scene> => ({
  id: 'loader',
  commands: await Promise.all(['dynamic', 'static-musl'].map(name => inspected(folder, name))),
  sizes: [],
})

const inspected = async (folder: string, name: string): Promise<TourCommand> => {
  const file = await inspectFile(join(folder, name))
  const elf = file.kind === 'elf' ? file.elf : null
  return {
    command: `create-base-image inspect ${name}`,
    exitCode: elf?.interpreter === null ? 0 : 1,
    printed: [
      `Loader      ${elf?.interpreter ?? 'none'}`,
      `Libraries   ${elf?.needed.join(', ') || 'none'}`,
    ],
  }
}

const shell = async (workshop: Workshop): Promise<Scene> => {
  const recipe = 'FROM scratch\nADD static-musl /hello\nCMD /hello\n'
  const image = await workshop.build('shell-form', ['static-musl'], recipe)
  return { id: 'shell', commands: [await workshop.run(image)], sizes: [] }
}

const certificates = async (workshop: Workshop): Promise<Scene> => {
  const list = join(workshop.folder, 'ca-certificates.crt')
  await writeFile(list, `${rootCertificates.join('\n')}\n`)
  const start = 'FROM scratch\nADD trust /\n'
  const end = 'CMD ["/trust"]\n'
  const added = 'ADD ca-certificates.crt /etc/ssl/certs/\n'
  const without = await workshop.build('without-list', ['trust'], start + end)
  const files = ['trust', 'ca-certificates.crt']
  const whole = await workshop.build('with-list', files, start + added + end)
  return {
    id: 'certificates',
    commands: [await workshop.run(without), await workshop.run(whole)],
    sizes: await Promise.all(
      files.map(async name => ({ name, bytes: await workshop.bytes(name) })),
    ),
  }
}

const TAKE: Readonly<Record<SceneName, (workshop: Workshop) => Promise<Scene>>> = {
  compile,
  run,
  loader,
  shell,
  certificates,
}
