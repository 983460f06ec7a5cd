import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { rawProgram } from '../../elf/raw.ts'
import { rawArchOf } from '../../elf/raw-code.ts'
import { packImage } from '../../oci/pack.ts'
import type { PackedImage } from '../../oci/types.ts'
import { inTemporaryFolder } from '../../text/temporary-folder.ts'
import { counted, size } from '../../text/units.ts'
import type { ImageLook, InspectedImage, RunOf } from './engine.ts'
import type { Check, Exercise, Verdict } from './types.ts'

/** Returns what the learner's image comes to, check by check; only that it is missing when it is. */
export const judge = async (exercise: Exercise, look: ImageLook): Promise<Verdict[]> => {
  const { image, checks } = exercise
  const found = await look.inspect(image)
  const there: Verdict = {
    passed: found !== null,
    what: `there is an image ${image}`,
    expected: `an image called ${image} in the engine`,
    found: found === null ? 'none of that name' : found.id.slice(0, 19),
  }
  if (found === null) return [there]
  const verdicts: Verdict[] = [there]
  for (const check of checks) verdicts.push(await checkImage(check, { image, found, look }))
  return verdicts
}

interface Judged {
  readonly image: string
  readonly found: InspectedImage
  readonly look: ImageLook
}

const checkImage = (check: Check, judged: Judged): Promise<Verdict> | Verdict => {
  switch (check.kind) {
    case 'runs':
      return runs(check, judged)
    case 'size':
      return smallerThan(check.below, judged)
    case 'no-shell':
      return noShell(judged)
    case 'user':
      return otherUser(judged)
    case 'file':
      return hasFile(check.path, judged)
    case 'certificates':
      return certificates(check, judged)
    case 'child':
      return childOf(check.of, judged)
    case 'same':
      return sameAs(check.message, judged)
  }
}

const runs = async (
  { args = [], env = [], prints, whole, says }: Extract<Check, { kind: 'runs' }>,
  { image, look }: Judged,
): Promise<Verdict> => {
  const run = await look.run(image, { args, env })
  const passed =
    run.exitCode === 0 && new RegExp(prints, whole === true ? '' : 'm').test(run.stdout.trim())
  const words = [...env.map(variable => `--env ${variable}`), image, ...args].join(' ')
  return {
    passed,
    what: says,
    expected: `exit code 0 and that text, from: run --rm ${words}`,
    found: ended(run),
  }
}

const ended = ({ exitCode, stdout, stderr }: RunOf): string => {
  const how = exitCode === null ? 'it was still running' : `exit code ${exitCode}`
  const said = (stdout.trim() || stderr.trim())
    .split('\n')
    .filter(line => line.trim() !== '' && !/^Run '.+ --help' for more information$/.test(line))
    .slice(0, 4)
    .join(' | ')
  return said === '' ? `${how}, and nothing was printed` : `${how}, and: ${said}`
}

const smallerThan = (below: number, { found }: Judged): Verdict => ({
  passed: found.bytes > 0 && found.bytes < below,
  what: `it is smaller than ${size(below)}`,
  expected: `less than ${size(below)}`,
  found: size(found.bytes),
})

const SHELLS = ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/ash', '/bin/busybox']

const noShell = async ({ image, look }: Judged): Promise<Verdict> => {
  const there: string[] = []
  for (const shell of SHELLS) if ((await look.file(image, shell)) !== null) there.push(shell)
  return {
    passed: there.length === 0,
    what: 'there is no shell in it',
    expected: `none of ${SHELLS.join(', ')} in the image`,
    found: there.length === 0 ? 'none' : `${there.join(', ')} in it`,
  }
}

const otherUser = ({ found: { user } }: Judged): Verdict => ({
  passed: user !== '' && !/^(?:root|0+)(?::|$)/.test(user),
  what: 'its notes name a user that is not root',
  expected: 'a user other than root and 0',
  found: user === '' ? 'no user, which means root' : `user ${user}`,
})

const hasFile = async (path: string, { image, look }: Judged): Promise<Verdict> => {
  const text = await look.file(image, path)
  return {
    passed: text !== null && text.length > 0,
    what: `${path} is in it`,
    expected: `a file ${path} that is not empty`,
    found: text === null ? 'no such file' : counted(text.length, 'character'),
  }
}

const certificates = async (
  { path, least }: Extract<Check, { kind: 'certificates' }>,
  { image, look }: Judged,
): Promise<Verdict> => {
  const text = (await look.file(image, path)) ?? ''
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const good = blocks.filter(isRoot).length
  return {
    passed: good >= least,
    what: `it trusts at least ${least} authorities`,
    expected: `${least} or more root certificates in ${path}`,
    found: `${good} of ${blocks.length} that can be read as such`,
  }
}

const isRoot = (block: string): boolean => {
  try {
    return new X509Certificate(block).ca
  } catch {
    return false
  }
}

const childOf = async (parent: string, { found, look }: Judged): Promise<Verdict> => {
  const above = await look.inspect(parent)
  const layers = above?.layers ?? []
  const inherited = layers.length > 0 && layers.every((layer, i) => found.layers[i] === layer)
  const number = counted(found.layers.length, 'layer')
  return {
    passed: inherited && found.layers.length > layers.length,
    what: `it is built on ${parent}`,
    expected: `all layers of ${parent}, and at least one more on top`,
    found:
      above === null
        ? `there is no image ${parent}`
        : inherited
          ? `${number}, on top of those of ${parent}`
          : above.created > found.created
            ? `${number}, and ${parent} was made after it: build it once more`
            : `${number}, not on top of those of ${parent}`,
  }
}

const sameAs = async (message: string, { found }: Judged): Promise<Verdict> => {
  const packed = await packedRaw(message, found.arch)
  const sameId = [packed.id, packed.manifestDigest].includes(found.id)
  return {
    passed: sameId && found.layers.length === 1 && found.layers[0] === packed.diffId,
    what: "its ID is everybody's",
    expected: packed.id,
    found: found.id,
  }
}

/** The image that everybody gets: made here again, by what packs the learner's. Another architecture has another one. */
const packedRaw = (message: string, arch: string): Promise<PackedImage> => {
  const bytes = rawProgram(`${message}\n`, rawArchOf(arch))
  const files = [{ path: 'hello', source: { bytes }, mode: 0o755 }]
  const spec = { reference: 'learn-same-id:latest', arch, files, cmd: ['/hello'] }
  return inTemporaryFolder('create-base-image-check-', folder =>
    packImage(spec, join(folder, 'image.tar')),
  )
}
