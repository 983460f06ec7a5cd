// Asks npm whether any package of the lockfile has a known vulnerability; what is bundled is among them.
//
//   npm run audit              1 when there is one, moderate or worse; 0 also when npm's advisories can't be asked
//   CBI_NEED_AUDIT=1           1 then too
import { spawnSync } from 'node:child_process'

const LEVELS = ['moderate', 'high', 'critical']

const { stdout, stderr } = spawnSync('npm', ['audit', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64e6,
  timeout: 120_000,
  shell: process.platform === 'win32',
})

/** The answer's `vulnerabilities`, by package; null when there was no answer. */
const found = text => {
  try {
    return JSON.parse(text).vulnerabilities ?? null
  } catch {
    return null
  }
}

const vulnerabilities = found(stdout)
if (vulnerabilities === null) {
  const why = /"message": "(.*)"/.exec(stdout)?.[1] ?? stderr.trim().split('\n')[0]
  console.log(`audit: not done, the advisories could not be asked (${why})`)
  process.exitCode = process.env.CBI_NEED_AUDIT === '1' ? 1 : 0
} else {
  const bad = Object.values(vulnerabilities).filter(({ severity }) => LEVELS.includes(severity))
  for (const { name, severity, range } of bad) console.log(`audit: ${name} ${range} (${severity})`)
  console.log(`audit: ${bad.length} packages with a known vulnerability`)
  process.exitCode = bad.length === 0 ? 0 : 1
}
