import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { commands, type CommandFlag } from '../../src/ask/commands.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { switches } from '../../src/ask/switches.ts'
import { main } from '../../src/cli.ts'
import { outOf } from '../../src/show/out.ts'
import { ioIn } from '../app/io.ts'
import { seeded } from '../run/progress/replay.ts'

const CODES = [0, 1, 2, 3, 129, 130, 143]

const VALUES = [
  '',
  ' ',
  '0',
  '-1',
  '1e9',
  '9'.repeat(400),
  'a'.repeat(215),
  'x'.repeat(70_000),
  '-',
  '=',
  '--',

  '..',
  '.',
  '/',
  '/dev/null',
  '/proc',
  '/proc/self/mem',
  '/nowhere/at/all',
  'hello.c',
  'hello',

  'image.tar',
  'notes.txt',
  'folder',
  './folder',
  '~',
  '~/x',
  'C:\\x',
  'a b',
  "it's",
  '"',
  '$(id)',
  '`id`',

  '\u001b[2J',
  '\u202eabc',
  '\ufeff',
  '\n',
  'a\nb',
  '\r',
  '\u0001',
  '\ud800',
  'имя:1',

  '{}',
  '[]',
  'null',
  '{"__proto__":1}',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '%s',
  '%00',

  'bookworm',
  'trixie',
  'alpine',
  'alpine:3.22',
  'debian:12',
  'ubuntu',
  'fedora',
  'oldstable',
  'etch',
  'devel',

  'minimal',
  'full',
  'container',
  'host',
  'built-in',
  'musl',
  'glibc',
  'static',
  'minbase',
  'standard',

  'amd64',
  'arm64',
  'linux/arm64,linux/amd64',
  'riscv64',
  'armhf',
  'none',
  'auto',
  'docker',
  'podman',

  'sh',
  'powershell',
  'dockerfile',
  'bake',
  'github',
  'gitlab',
  'hello:latest',
  'Foo/bar',
  'http://[',
  'http://u:p@x/',

  'https://example.invalid/debian',
  '20250101T000000Z',
  '2025-02-30',
  'curl,vim',
  ',',
  'main,universe',
  '1,2',
  '5GB',

  'A=b',
  '=b',
  'motd:/etc/motd',
  ':',
  '8080/tcp',
  '99999',
  'user:group',
  'bash',
  'new',
  'check',
  'base image',
]

/** What writes where it is told to is told of places in its folder alone, so that anything elsewhere is a defect. */
const NEAR = [
  'notes.txt',
  'new.tar',
  'folder',
  'folder/new',
  'a b',
  'image.tar',
  '\u001b[2J',
  'x'.repeat(300),
]
const WRITES = ['output', 'file', 'lock', 'sbom', 'cache', 'reset']

/** Commands that look at the network or at what other work left on the machine, whatever they are told. */
const NOT_HERE = ['doctor', 'clean', 'check', 'rootfs', 'outdated', 'builders']

const journeyFlags: readonly CommandFlag[] = [
  ...Object.values(questions).map(({ name, value }) =>
    value === '' ? { name, says: '' } : { name, value: '<x>', says: '' },
  ),
  ...switches,
]

/** A command line, from the flags that there are and values that are odd as often as ordinary. */
const commandLine = (random: () => number): readonly string[] => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const typed = (flags: readonly CommandFlag[], most: number): string[] =>
    flags.length === 0
      ? []
      : Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(flags)).flatMap(
          ({ name, value }) => {
            const odd = random() < 0.08
            if ((value === undefined) !== odd) return [`--${name}`]
            const given = pick(WRITES.includes(name) ? NEAR : VALUES)
            return random() < 0.3 ? [`--${name}=${given}`] : [`--${name}`, given]
          },
        )
  if (random() < 0.6) {
    const first = random() < 0.7 ? ['--plan'] : [`--script=${pick(SCRIPTS)}`]
    const more = random() < 0.2 ? [pick(VALUES)] : []
    return [...first, '--yes', ...typed(journeyFlags, 5), ...more]
  }
  const command = pick(commands.filter(({ name }) => !NOT_HERE.includes(name)))
  const words = Array.from({ length: Math.floor(random() * 3) }, () =>
    pick(command.name === 'recipe' ? [...NEAR, 'new', 'check'] : VALUES),
  ).filter(word => word !== '-')
  const still = command.name === 'build' ? ['--plan'] : command.name === 'tour' ? ['--json'] : []
  return [command.name, ...still, ...words, ...typed(command.flags, 4)]
}

const SHOWN = 5
const SCRIPTS = ['sh', 'powershell', 'dockerfile', 'bake', 'github', 'gitlab']

/**
 * Runs `count` random command lines in a folder of `room`; the same seed gives the same ones. Throws with the number
 * and the words of one that ends in a stack trace, another exit code than ours, a character that steers a terminal,
 * or a file outside its folder. Programs are not found meanwhile, so nothing is run.
 */
export const fuzzCommandLines = async (count: number, seed: number, room: string) => {
  const random = seeded(seed)
  const folder = join(room, 'inside')
  const home = join(room, 'home')
  for (const path of [home, join(folder, 'folder')]) await mkdir(path, { recursive: true })
  await writeFile(join(folder, 'notes.txt'), 'notes\n')
  await writeFile(join(folder, 'hello.c'), 'int main(void) { return 0; }\n')
  const env = {
    PATH: join(room, 'none'),
    HOME: home,
    XDG_CACHE_HOME: join(folder, 'cache'),
    TMPDIR: folder,
  }
  const before = await outside(room)
  const saved = { ...process.env }
  const faults: string[] = []
  Object.assign(process.env, env)
  try {
    for (let at = 0; at < count; at++) {
      const line = commandLine(random)
      let text = ''
      const screen = outOf(
        new Writable({ write: (some, _, done) => ((text += String(some)), done()) }),
      )
      const code = await main(line, { ...ioIn({ folder, env }), out: screen, err: screen })
      const fault =
        faultOf(code, text) ??
        ((await outside(room)) === before
          ? null
          : `not only its folder changed: ${await outside(room)}`)
      if (fault !== null) faults.push(`command line ${at}: ${JSON.stringify(line)}: ${fault}`)
    }
    if (faults.length > 0)
      throw new Error(`seed ${seed}, ${faults.length} faults: ${faults.slice(0, SHOWN).join('\n')}`)
  } finally {
    process.env = saved
  }
}

/** What is wrong with how a run ended, or null. */
const faultOf = (code: number, text: string): string | null => {
  if (!CODES.includes(code)) return `exit code ${code}`
  if (/A defect in create-base-image|^\s+at .+:\d+:\d+\)?$/m.test(text)) return `a stack: ${text}`
  const steering = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.exec(text)
  return steering === null
    ? null
    : `${JSON.stringify(text.slice(Math.max(0, steering.index - 60), steering.index + 60))} reaches the screen`
}

/** The names in the room besides the folder's own, in the home folder, and where the tests were started. */
const outside = async (room: string): Promise<string> =>
  JSON.stringify([
    await readdir(room),
    await readdir(join(room, 'home'), { recursive: true }),
    (await readdir(process.cwd())).filter(name => !/^(?:\.|dist-)/.test(name)),
  ])
