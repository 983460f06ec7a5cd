// 100,000 mutated inputs for each reader of what others wrote, or as many as the first argument says: npm run fuzz
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { bundled, REQUIRE } from './build/options.mjs'
import { temporaryFolder } from './temporary/folder.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [count = '100000', seed = '1'] = process.argv.slice(2)
const room = temporaryFolder('fuzz-')
// One folder below the project's, as dist is, because what ships finds its assets from there.
const outfile = join(root, 'test', `.fuzz-${process.pid}.mjs`)
process.on('exit', () => rmSync(outfile, { force: true }))
await build({
  ...bundled,
  absWorkingDir: root,
  stdin: {
    contents: "export * from './targets.ts'; export * from './command-lines.ts'",
    resolveDir: join(root, 'test/fuzz'),
  },
  outfile,
  external: [...bundled.external, 'vitest'],
  banner: { js: REQUIRE },
  logLevel: 'error',
})
const { fuzz, fuzzCommandLines, targets } = await import(pathToFileURL(outfile).href)
for (const target of targets) {
  const began = performance.now()
  await fuzz(target, Number(count), Number(seed), room)
  console.log(
    `${target.name}: ${count} inputs, ${Math.round((performance.now() - began) / 1000)} s`,
  )
}
const began = performance.now()
const lines = Math.min(Number(count), 1000)
await fuzzCommandLines(lines, Number(seed), room)
console.log(
  `command lines: ${lines} of seed ${seed}, ${Math.round((performance.now() - began) / 1000)} s`,
)
