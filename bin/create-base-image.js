#!/usr/bin/env node
// Node version check, colour normalisation, import of the bundle. Nothing else.
const [major, minor] = process.versions.node.split('.').map(Number)
// 21 and 22.0 to 22.2 lack process.getBuiltinModule, which 20.19 has.
if (major < 20 || (major === 20 && minor < 19) || !process.getBuiltinModule) {
  console.error(
    `create-base-image needs Node 20.19, or 22.3 or newer, and this is ${process.version}.`,
  )
  console.error('Install a newer Node from https://nodejs.org, then run the same command again.')
  process.exit(3)
}

// The libraries that colour know FORCE_COLOR only, and read it when they are imported.
const { NO_COLOR, TERM } = process.env
if (process.argv.includes('--no-color') || (NO_COLOR ?? '') !== '' || TERM === 'dumb') {
  process.env.FORCE_COLOR = '0'
}

void import('../dist/cli.js')
  .then(
    ({ main }) => main(process.argv.slice(2)),
    error => {
      if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
      console.error('create-base-image is not built here yet. In its folder, run: npm ci')
      return 3
    },
  )
  .then(code => {
    process.exitCode = code
  })
