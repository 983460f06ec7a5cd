#!/usr/bin/env node
// A client that answers as a recorded one did, for versions that can't be had here. It tells what it was asked.
import { appendFileSync, readFileSync } from 'node:fs'

const script = JSON.parse(readFileSync(process.env.STAND_IN, 'utf8'))
const argv = process.argv.slice(2)
const { DOCKER_BUILDKIT, BUILDKIT_PROGRESS } = process.env
appendFileSync(
  script.asked,
  `${JSON.stringify({ argv, env: { DOCKER_BUILDKIT, BUILDKIT_PROGRESS } })}\n`,
)

const line = argv.join(' ')
const answer = script.answers.find(({ to }) => line.startsWith(to)) ?? {
  exitCode: 1,
  chunks: [['stderr', `no answer to ${line}`]],
}
for (const [source, text, encoding = 'utf8'] of answer.chunks) {
  await new Promise(resolve => process[source].write(Buffer.from(text, encoding), resolve))
}
process.exitCode = answer.exitCode
