import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureSudo } from '../../../src/run/root/sudo.ts'
import { room } from '../../oci/room.ts'

/** What comes of asking a sudo that is a script; `$step` counts its calls. */
const asked = async (script: string, interactive = true) => {
  const folder = await room()
  const log = join(folder, 'log')
  writeFileSync(
    join(folder, 'sudo'),
    `#!/bin/sh\necho "$LC_ALL $LANGUAGE: $*" >>'${log}'\nstep=$(wc -l <'${log}')\n${script}\n`,
    { mode: 0o755 },
  )
  const env = { LC_ALL: 'de_DE', PATH: `${folder}:${process.env['PATH']}` }
  const end = await ensureSudo({ interactive, env }).catch((error: unknown) => error)
  return { end, calls: readFileSync(log, 'utf8').trim().split('\n') }
}

/** In the words that it is read in, whatever this user's language is. */
const LOOKS = 'C C: -n -- sh -c :'
const ASKS = 'de_DE : -v'
const WANTS = 'echo "sudo: a password is required" >&2; exit 1'

test.skipIf(process.platform === 'win32').each<[string, string, object | string, string[]]>([
  ['works', 'exit 0', 'ready', [LOOKS]],
  ['takes a password', `[ $step -gt 1 ] || { ${WANTS}; }`, 'ready', [LOOKS, ASKS, LOOKS]],
  ['takes none of the passwords', `[ $step = 2 ] && exit 1; ${WANTS}`, 'refused', [LOOKS, ASKS]],
  [
    'forgets it at once',
    `[ $step = 2 ] && exit 0; ${WANTS}`,
    { message: 'sudo forgets the password at once (timestamp_timeout).' },
    [LOOKS, ASKS, LOOKS],
  ],
  [
    'allows this user nothing',
    'echo "sudo: pat is not in the sudoers file" >&2; exit 1',
    { message: 'sudo does not let you run this as root: pat is not in the sudoers file' },
    [LOOKS],
  ],
])('a person at the terminal, and a sudo that %s', async (_, script, end, calls) => {
  const got = await asked(script)
  if (typeof end === 'string') expect(got.end).toBe(end)
  else expect(got.end).toMatchObject(end)
  expect(got.calls).toEqual(calls)
})

test.skipIf(process.platform === 'win32')('without a person nobody is asked', async () => {
  const { end, calls } = await asked(WANTS, false)
  expect(end).toMatchObject({ message: 'sudo needs a password, and there is nobody to ask.' })
  expect(calls).toEqual([LOOKS])
})
