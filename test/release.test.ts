import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { forms } from './bootstrap/sbom/forms.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const { packages: locked } = JSON.parse(read('package-lock.json')) as {
  packages: Readonly<Record<string, { version?: string; integrity?: string }>>
}

interface Component {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly hashes: readonly { readonly content: string }[]
}

describe('the bill of materials of the package', () => {
  const printed = (): string =>
    execFileSync(process.execPath, ['scripts/sbom.mjs'], { cwd: ROOT, encoding: 'utf8' })
  const bom = JSON.parse(printed()) as {
    readonly metadata: { readonly component: Component }
    readonly components: readonly Component[]
  }
  const named = bom.components.map(({ name, version }) => `${name} ${version}`)

  test('is CycloneDX 1.6, the same each time, and of this version', () => {
    expect(forms.cdx(bom), JSON.stringify(forms.cdx.errors)).toBe(true)
    expect(JSON.parse(printed())).toEqual(bom)
    const { name, version } = JSON.parse(read('package.json')) as Component
    expect(bom.metadata.component).toMatchObject({
      name,
      version,
      purl: `pkg:npm/${name}@${version}`,
    })
  })

  test('names every library that ships, as it is installed, and no other', () => {
    const licences = read('dist/THIRD-PARTY-LICENCES.txt')
    const heads = licences.match(/^\S+ \d\S+(?= \([\w.-]+\)$)/gm)!
    const vendored = readdirSync(join(ROOT, 'dist/vendor')).map(name => {
      const manifest = JSON.parse(read(`node_modules/${name}/package.json`)) as Component
      return `${name} ${manifest.version}`
    })
    expect(vendored.length).toBeGreaterThan(0)
    expect(named.toSorted()).toEqual([...new Set([...heads, ...vendored])].toSorted())
    expect(named).toContain(
      `ink ${(JSON.parse(read('node_modules/ink/package.json')) as Component).version}`,
    )
  })

  test('gives the hash that the lockfile has', () => {
    for (const { name, version, hashes } of bom.components) {
      const integrity = `sha512-${Buffer.from(hashes[0]!.content, 'hex').toString('base64')}`
      const [, entry] = Object.entries(locked).find(
        ([path, one]) => path.endsWith(`node_modules/${name}`) && one.version === version,
      )!
      expect(entry.integrity).toBe(integrity)
    }
  })
})

test('the lockfile has a hash of every package, so that what is installed is what was looked at', () => {
  const without = Object.entries(locked).filter(
    ([path, { integrity = '' }]) => path !== '' && !integrity.startsWith('sha512-'),
  )
  expect(without).toEqual([])
})

describe('the release workflow', () => {
  const file = '.github/workflows/release.yml'
  const text = read(file)
  const { permissions, jobs } = parse(text) as {
    readonly permissions: object
    readonly jobs: Readonly<
      Record<
        string,
        {
          readonly permissions: Readonly<Record<string, string>>
          readonly steps: readonly { readonly uses?: string; readonly run?: string }[]
        }
      >
    >
  }
  const steps = Object.values(jobs).flatMap(job => job.steps)
  const at = (command: string): number =>
    steps.findIndex(({ run }) => run?.split('\n').some(line => line.trim().startsWith(command)))

  test('is one by the published grammar', () => {
    const { context } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter())
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([])
  })

  test('gives no right to all, and to its job those two that publishing takes', () => {
    expect(permissions).toEqual({})
    expect(Object.values(jobs).map(job => job.permissions)).toEqual([
      { contents: 'write', 'id-token': 'write' },
    ])
  })

  test('takes actions by their commit only', () => {
    const uses = steps.flatMap(step => step.uses ?? [])
    expect(uses.length).toBeGreaterThan(0)
    for (const action of uses) expect(action).toMatch(/@[0-9a-f]{40}$/)
  })

  test('tests, packs and tries the file before it publishes it, with provenance', () => {
    const order = ['npx vitest run', 'npm pack', 'npx create-base-image', 'npm publish'].map(at)
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(steps[at('npm publish')]?.run).toContain('--provenance')
    expect(text).not.toMatch(/NODE_AUTH_TOKEN|NPM_TOKEN/)
  })

  test('says where the package is at home, which only it knows', () => {
    const run = steps[at('npm pkg set')]?.run ?? ''
    expect(run).toContain('home="https://github.com/$GITHUB_REPOSITORY"')
    for (const field of [
      'repository.url=git+$home.git',
      'homepage=$home#readme',
      'bugs.url=$home/issues',
    ])
      expect(run).toContain(`"${field}"`)
    expect(at('npm pkg set')).toBeLessThanOrEqual(at('npm pack'))
  })

  test('hands out the bill of materials of what it packed', () => {
    expect(at('node scripts/sbom.mjs')).toBeGreaterThan(at('npm run build'))
    expect(steps[at('gh release create')]?.run).toContain('sbom.cdx.json')
  })
})
