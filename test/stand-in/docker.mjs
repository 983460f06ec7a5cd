#!/usr/bin/env node
// A client that answers as a recorded one did, for versions that can't be had here. It says what it was asked.
import { appendFileSync, readFileSync } from 'node:fs'

const script = JSON.parse(readFileSync(process.env.STAND_IN, 'utf8'))
const argv = process.argv.slice(2)
const { DOCKER_BUILDKIT, BUILDKIT_PROGRESS } = process.env
appendFileSync(
  script.asked,
  `${JSON.stringify({ argv, env: { DOCKER_BUILDKIT, BUILDKIT_PROGRESS } })}\n`,
)

appendFileSync(`${script.asked}.pids`, `${process.pid}\n`)

const line = argv.join(' ')
const earlier = readFileSync(script.asked, 'utf8')
  .split('\n')
  .filter(Boolean)
  .slice(0, -1)
  .map(text => JSON.parse(text).argv.join(' '))
const isDue = ({ to, times = Infinity }) =>
  line.startsWith(to) && earlier.filter(other => other.startsWith(to)).length < times
const answer = script.answers.find(isDue) ?? {
  exitCode: 1,
  chunks: [['stderr', `no answer to ${line}`]],
}
const { pace = 0, waits = false } = answer
for (const [source, text, encoding = 'utf8'] of answer.chunks) {
  if (pace > 0) await new Promise(resolve => setTimeout(resolve, pace))
  await new Promise(resolve => process[source].write(Buffer.from(text, encoding), resolve))
}
if (waits) setInterval(() => undefined, 60_000)
process.exitCode = answer.exitCode
