// Writes docs/glossary.md from assets/learn/glossary.json, which `create-base-image explain` reads too.
// With --check it writes nothing, and exits 1 when the page is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs'
import { glossaryPage } from './glossary/page.mjs'

const at = path => new URL(`../${path}`, import.meta.url)
const page = glossaryPage(JSON.parse(readFileSync(at('assets/learn/glossary.json'), 'utf8')))
if (!process.argv.includes('--check')) writeFileSync(at('docs/glossary.md'), page)
else if (readFileSync(at('docs/glossary.md'), 'utf8') !== page) {
  process.stderr.write('docs/glossary.md is not current. Run: node scripts/glossary.mjs\n')
  process.exitCode = 1
}
