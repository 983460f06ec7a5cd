import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const MODEL = readFileSync('docs/threat-model.md', 'utf8')

/** The cells and brackets that name tests, each as `file`: title, with a semicolon between two. */
const named = [
  ...MODEL.matchAll(/`(test\/[\w/.-]+\.test\.tsx?)`: (.+?)(?=; `test\/| \|$|\)\. )/gms),
]

test('every claim names a test', () => {
  const rows = MODEL.split('\n').filter(line => /^\| (?!Claim|-)/.test(line))
  expect(rows.length).toBeGreaterThan(25)
  expect(rows.filter(row => !row.includes('`test/'))).toEqual([])
})

test.each(named.map(([, file, title]) => [file!, title!.replaceAll(/\s+/g, ' ')] as const))(
  '%s has: %s',
  (file, title) => {
    expect(readFileSync(file, 'utf8')).toContain(title)
  },
)
