// The vitest of a mutation run, with a bound on what it may take.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('vitest-child.mjs', import.meta.url))

/**
 * Starts it when it is first needed. `run` takes the tests, and a mutant's `path` and `text`; it gives how each file of
 * tests ended, or null when that took longer than `milliseconds`. With a folder for `hits`, the tests tell there what
 * they went through.
 */
export const startVitest = (root, hits = '') => {
  let child = null
  const start = async () => {
    child = fork(CHILD, [root, hits], {
      env: { ...process.env, CBI_MUTATE_HITS: hits },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own, because its workers must end with it.
      detached: true,
    })
    child.stderr.resume()
    await answer(child)
  }
  const stop = () => {
    if (child !== null) end(child)
    child = null
  }
  const run = async (task, milliseconds) => {
    if (child === null) await start()
    child.send({ path: '', text: '', ...task })
    const end = await Promise.race([answer(child), later(milliseconds)])
    if (end === null) stop()
    return end
  }
  return { run, stop }
}

const answer = async child => {
  const heard = new AbortController()
  const { signal } = heard
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code, name]) => {
        throw new Error(`vitest ended with ${code ?? name}`)
      }),
    ])
  } finally {
    heard.abort()
  }
}

const later = milliseconds =>
  new Promise(resolve => void setTimeout(resolve, milliseconds, null).unref())

const end = child => {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
