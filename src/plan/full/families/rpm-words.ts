import { proofOf } from '../image-notes.ts'
import type { ScriptInputs } from '../inputs.ts'
import type { FamilyWords } from './family.ts'

/** Returns rpm's and pacman's name of an architecture (Go's name). */
export const machineName = (arch: string): string => NAMES.get(arch) ?? arch

const NAMES: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['386', 'i686'],
  ['arm', 'armv7hl'],
])

/** Returns the packages of the variant that the answers name, and those that the person adds. */
export const packageWords = ({ given, distribution }: ScriptInputs): string[] => {
  const { variant, include } = given.answers
  const { packages } = distribution.variants.find(({ name }) => name === variant)!
  return [
    '--packages',
    packages.join(','),
    ...(include.length === 0 ? [] : ['--include', include.join(',')]),
  ]
}

/** Returns the line that proves the release, and its file where that is not the usual one. */
export const expectWords = (inputs: ScriptInputs): string[] => {
  const { file, line } = proofOf(inputs)
  return ['--expect', line, ...(file === '/etc/os-release' ? [] : ['--expect-in', file])]
}

/** Returns the words on a family whose own package manager, in its own image, does the work. */
export const managerWords = (tool: string, what: string): FamilyWords => ({
  whyBuilder: builder =>
    `${tool} runs in a container of ${builder}, because it must be the release's own: an older one reads newer packages wrongly. That image is only a workshop: none of its files end up in yours.`,
  wrongBuilder: `so ${tool} in it would make another architecture's system.`,
  prepareTitle: 'Put what it lacks in it',
  whyPrepare: `The builder lacks a tool that is needed besides ${tool}. With it, it is kept as an image of its own, so that the next time starts here.`,
  notPrepared: 'The engine did not keep the prepared builder.',
  whyBootstrap: `${what} Nothing is inherited: that makes it a base image. The container has few rights and sees none of your files.`,
  todo: ['Run the same command again: downloads fail now and then, and it continues from here.'],
  verifyTitle: 'Look deeper: packages, root, caches',
  whyVerify:
    'A root filesystem can print its name and still be broken. This asks the package manager whether every file is as its package brought it, refreshes its lists and installs a package; all that in a container that is thrown away.',
})

/** Limits without which rpm closes a million file descriptors for each script it starts. */
export const FEW_FILES = ['--ulimit', 'nofile=1024:1024']
