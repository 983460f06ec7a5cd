// The time, CPU and memory of a command with everything that it starts and waits for.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs a command to its end. Gives `wall` and `cpu` (user and system) in seconds, `memory` in bytes (the peak of
 * its largest process), and `stdout`. Throws with the end of its output when it does not exit 0.
 */
export const measure = async (command, { cwd, env = process.env } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'cbi-bench-measure-'))
  const report = join(folder, 'report')
  try {
    const [program, ...words] = [...watcher().command(report), ...command]
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', chunk => (text[name] += chunk))
    const [code] = await once(child, 'close')
    if (code !== 0) throw failure(command, code, text)
    return { ...watcher().read(readFileSync(report, 'utf8')), stdout: text.stdout }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What measures, in words for the table. */
export const measuredBy = () => watcher().name

const failure = (command, code, { stdout, stderr }) =>
  new Error(
    `${command.join(' ').slice(0, 200)}\nended with ${code}:\n${stdout.slice(-1500)}${stderr.slice(-1500)}`,
  )

/** Forks from a small process: a child's peak counts from the memory of the process it was forked from. */
const PYTHON = `
import json, os, sys, time
report, *command = sys.argv[1:]
began = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, use = os.wait4(child, 0)
wall = time.monotonic() - began
with open(report, 'w') as file:
    json.dump({'wall': wall, 'cpu': use.ru_utime + use.ru_stime, 'memory': use.ru_maxrss * 1024}, file)
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`

const WATCHERS = [
  {
    name: 'wait4',
    probe: ['python3', '--version'],
    command: report => ['python3', '-c', PYTHON, report],
    read: text => JSON.parse(text),
  },
  {
    name: 'GNU time, in steps of 10 ms',
    probe: ['time', '--version'],
    command: report => ['time', '--output', report, '--format', '%e %U %S %M'],
    read: text => {
      const [wall, user, system, kilobytes] = text.trim().split('\n').at(-1).split(' ').map(Number)
      return { wall, cpu: user + system, memory: kilobytes * 1024 }
    },
  },
]

let found
const watcher = () => {
  found ??= WATCHERS.find(({ probe: [program, word] }) => spawnSync(program, [word]).status === 0)
  if (found === undefined) throw new Error('The bench needs python3 or GNU time: apt install time')
  return found
}
