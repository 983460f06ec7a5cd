import { cleanLine } from './bytes.ts'
import {
  compileC,
  compileGo,
  compileRust,
  compileSource,
  crossCompileC,
  shellWord,
} from './compile.ts'
import type { Archive, FileKind } from './file-kind.ts'
import type { MachO, Pe } from './foreign.ts'
import type { ElfFacts } from './read.ts'

/** A stable name for each reason, for `--json` and for tests. */
export type RefusalCode =
  | 'dynamic'
  | 'wrong-arch'
  | 'wrong-system'
  | 'shared-library'
  | 'object-file'
  | 'core-file'
  | 'script'
  | 'mach-o'
  | 'pe'
  | 'empty'
  | 'cut'
  | 'source'
  | 'archive'
  | 'unknown'

/** Why a file may not go into an image that holds nothing else. */
export interface Refusal {
  readonly code: RefusalCode
  /** What the file is, and why that can't run. */
  readonly what: string
  /** What to do now: one to three lines. */
  readonly todo: readonly string[]
}

/** The file by the name to show, and the image's architecture. */
interface Asked {
  readonly name: string
  readonly arch: string
}

/**
 * Says why a file may not be the only file of an image (`FROM scratch`) for `arch`, an engine's name for an
 * architecture; null when it may: a static program for Linux on that architecture. `name` is the file as its user calls it.
 */
export const refusal = (file: FileKind, name: string, arch: string): Refusal | null => {
  const asked = { name: cleanLine(name), arch }
  switch (file.kind) {
    case 'elf':
      return elfRefusal(file.elf, asked)
    case 'script':
      return scriptRefusal(file.interpreter, asked)
    case 'mach-o':
    case 'pe':
      return foreignRefusal(file, asked)
    case 'cut':
      return cutRefusal(file.what, asked)
    case 'archive':
      return archiveRefusal(file, asked)
    default:
      return plainRefusal(file.kind, asked)
  }
}

const elfRefusal = (elf: ElfFacts, asked: Asked): Refusal | null => {
  if (elf.type !== 'executable') return typeRefusal(elf.type, asked)
  if (elf.system !== 'Linux') return systemRefusal(elf, asked)
  if (elf.arch !== asked.arch) return archRefusal(elf, asked)
  return elf.linkage === 'dynamic' ? dynamicRefusal(elf, asked) : null
}

const typeRefusal = (type: Exclude<ElfFacts['type'], 'executable'>, { name }: Asked): Refusal => {
  if (type === 'shared') {
    return {
      code: 'shared-library',
      what: `${name} is a shared library: programs load it, and it does not run by itself.`,
      todo: [`Compile a program, without -shared: ${compileC(name)}`],
    }
  }
  if (type === 'core') {
    return {
      code: 'core-file',
      what: `${name} is a core file: the memory of a program that crashed, not a program.`,
      todo: ['Give the program itself.'],
    }
  }
  return {
    code: 'object-file',
    what: `${name} is an object file: compiled, but not yet linked into a program.`,
    todo: [`Link it: ${compileC(name)}`],
  }
}

const systemRefusal = ({ system }: ElfFacts, asked: Asked): Refusal => ({
  code: 'wrong-system',
  what: `${asked.name} is made for ${system}; a Linux image can't run it.`,
  todo: compileForLinux(asked),
})

const archRefusal = (elf: ElfFacts, asked: Asked): Refusal => ({
  code: 'wrong-arch',
  what: `${asked.name} is made for ${elf.arch}, but the image is for ${asked.arch}.`,
  todo: [...compileForArch(asked), ...imageForArch(elf, asked)],
})

const compileForArch = ({ name, arch }: Asked): string[] => {
  const command = crossCompileC(name, arch)
  if (command === null) return [`Compile it on a machine with ${arch}: ${compileC(name)}`]
  return [`Compile it for ${arch}: ${command}`, `In Go: ${compileGo(name, arch)}`]
}

const imageForArch = ({ arch }: ElfFacts, { name }: Asked): string[] =>
  crossCompileC(name, arch) === null ? [] : [`Or make the image for ${arch}: --arch ${arch}`]

const dynamicRefusal = ({ interpreter, needed }: ElfFacts, { name, arch }: Asked): Refusal => {
  const needs = [...(interpreter === null ? [] : [interpreter]), ...needed]
  const rust = compileRust(arch)
  return {
    code: 'dynamic',
    what: `${name} needs ${listed(needs)}; ${absence(needs.length)}. Compile with -static.`,
    todo: [
      `In C: ${compileC(name)}`,
      `In Go: ${compileGo(name)}`,
      ...(rust === null ? [] : [`In Rust: ${rust}`]),
    ],
  }
}

const MOST_NAMES = 4

const listed = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMES
  const shown = more > 1 ? [...names.slice(0, MOST_NAMES), `${more} more`] : names
  const [last = '', ...before] = shown.toReversed()
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`
}

const absence = (count: number): string => {
  if (count === 1) return 'a scratch image does not have it'
  return count === 2 ? 'a scratch image has neither' : 'a scratch image has none of them'
}

const scriptRefusal = (interpreter: string, { name }: Asked): Refusal => ({
  code: 'script',
  what: `${name} is a script for ${interpreter}; a scratch image does not have that.`,
  todo: [
    'Give a C file or a static program instead, or put the script on an image that has its interpreter.',
  ],
})

const foreignRefusal = (file: MachO | Pe, asked: Asked): Refusal => ({
  code: file.kind,
  what: `${asked.name} is made for ${file.kind === 'pe' ? 'Windows' : 'macOS'} (${file.arch}); a Linux image can't run it.`,
  todo: compileForLinux(asked),
})

const compileForLinux = ({ name, arch }: Asked): string[] => [
  'Give the C file instead of the program: it is then compiled for Linux.',
  `In Go: ${compileGo(name, arch)}`,
]

const cutRefusal = (what: string, { name }: Asked): Refusal => ({
  code: 'cut',
  what: `${name} is cut off: ${what}.`,
  todo: ['Copy, download or compile it again, and look for an error on the way.'],
})

const archiveRefusal = ({ format }: Archive, { name }: Asked): Refusal => {
  if (format === 'ar') {
    return {
      code: 'archive',
      what: `${name} is a static library: object files to link into a program, not a program.`,
      todo: ['Link a program with it, and give the program.'],
    }
  }
  return {
    code: 'archive',
    what: `${name} is packed (${format}): an archive, not a program.`,
    todo: [`Unpack it, and give the program inside: ${unpack(format, name)}`],
  }
}

const unpack = (format: Exclude<Archive['format'], 'ar'>, name: string): string => {
  if (format === 'zip') return `unzip ${shellWord(name)}`
  const isTar = format === 'tar' || /\.(?:tar\.\w+|t[a-z]z2?)$/.test(name)
  return `${isTar ? 'tar -xf' : `${format} -d`} ${shellWord(name)}`
}

const plainRefusal = (code: 'empty' | 'source' | 'unknown', { name }: Asked): Refusal => {
  if (code === 'empty') {
    return {
      code,
      what: `${name} is empty: it has 0 bytes.`,
      todo: [`Compile it again, and look for an error: ${compileC(name)}`],
    }
  }
  if (code === 'source') {
    return {
      code,
      what: `${name} is C source: text that has to be compiled first.`,
      todo: [`Compile it: ${compileSource(name)}`],
    }
  }
  return {
    code,
    what: `${name} is not a program that Linux can load: those are ELF files.`,
    todo: [`Compile one: ${compileC(name)}`],
  }
}
