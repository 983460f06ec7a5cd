/** The front of a C compiler's name for each architecture, as Debian's cross compilers have it. */
const GNU: Readonly<Record<string, string>> = {
  '386': 'i686-linux-gnu',
  amd64: 'x86_64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  arm64: 'aarch64-linux-gnu',
  loong64: 'loongarch64-linux-gnu',
  mips64le: 'mips64el-linux-gnuabi64',
  ppc64le: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
}

/** Rust's targets that link statically. */
const RUST: Readonly<Record<string, string>> = {
  '386': 'i686-unknown-linux-musl',
  amd64: 'x86_64-unknown-linux-musl',
  arm: 'armv7-unknown-linux-musleabihf',
  arm64: 'aarch64-unknown-linux-musl',
  loong64: 'loongarch64-unknown-linux-musl',
  ppc64le: 'powerpc64le-unknown-linux-musl',
  riscv64: 'riscv64gc-unknown-linux-musl',
}

/** Returns the command that makes a static program out of C, on a machine of the program's own architecture. */
export const compileC = (name: string, compiler = 'gcc'): string => {
  const { program, source } = filesOf(name)
  return `${compiler} -static -o ${shellWord(program)} ${shellWord(source)}`
}

/** Returns the command that compiles this very C (or C++) file into a static program. */
export const compileSource = (name: string): string => {
  if (name.endsWith('.c')) return compileC(name)
  const plus = /^(.+)\.(?:cc|cpp|cxx)$/.exec(name)?.[1]
  if (plus !== undefined) return `g++ -static -o ${shellWord(plus)} ${shellWord(name)}`
  return `gcc -static -o ${shellWord(`${name}.out`)} -x c ${shellWord(name)}`
}

/** Returns the command that makes a static program out of C for `arch`, on any machine, or null when none is known here. */
export const crossCompileC = (name: string, arch: string): string | null => {
  const front = GNU[arch]
  return front === undefined ? null : compileC(name, `${front}-gcc`)
}

/** Returns the Go command that makes a static program for Linux on `arch`; without `arch`, for this machine. */
export const compileGo = (name: string, arch?: string): string => {
  const target = arch === undefined ? '' : ` GOOS=linux GOARCH=${arch}`
  return `CGO_ENABLED=0${target} go build -o ${shellWord(filesOf(name).program)}`
}

/** Returns the Rust command that makes a static program for `arch`, or null when there is no such target. */
export const compileRust = (arch: string): string | null => {
  const target = RUST[arch]
  return target === undefined ? null : `cargo build --release --target ${target}`
}

/** Returns `text` as one word of a POSIX shell that no command takes for a flag. */
export const shellWord = (text: string): string => {
  const word = text.startsWith('-') ? `./${text}` : text
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

const filesOf = (name: string): { readonly program: string; readonly source: string } => {
  const stem = name.replace(/\.(?:c|o|so[.\d]*|exe|dll|dylib)$/, '')
  const program = stem === '' || stem.endsWith('/') ? name : stem
  if (name.endsWith('.o') && program !== name) return { program, source: name }
  return { program, source: `${program}.c` }
}
