import type { Arch } from '../engine/facts.ts'
import type { Settings } from './questions/settings.ts'

/** What goes into a minimal image. Paths are absolute. */
export type Program =
  | { readonly kind: 'bundled' }
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'raw'; readonly message: string | null }

/** Files that programs tend to need besides themselves. */
export type Extra = 'ca-certificates' | 'tzdata' | 'user' | 'tmp'

/** What every image is made from. */
interface Common {
  readonly version: 1
  /** The image's name as given: `name` or `name:tag`. */
  readonly tag: string
  /** The wanted architecture, or null for the engine's own. */
  readonly arch: Arch | null
  readonly engine: 'auto' | 'docker' | 'podman' | 'none'
  /** How it is started, where that is not left as it is. */
  readonly settings: Settings
}

/** Everything that decides a minimal image: a program alone. Saved next to it as answers.json. */
export interface MinimalAnswers extends Common {
  readonly kind: 'minimal'
  readonly program: Program
  /** The architectures of one image for several, at least two; empty for an image of one, which is `arch`. */
  readonly archs: readonly Arch[]
  readonly libc: 'glibc' | 'musl'
  /** What goes in besides the program: in the order of the question, each once. */
  readonly with: readonly Extra[]
  readonly compileIn: 'auto' | 'container' | 'host'
  /** The parent of the container that compiles, by image reference. */
  readonly builder: string
}

/** Everything that decides a full image: a distribution's root filesystem. Saved next to it as answers.json. */
export interface FullAnswers extends Common {
  readonly kind: 'full'
  /** The distribution's name in the catalogue. */
  readonly distro: string
  /** The folder of the recipe that describes the distribution, absolute; null for one that ships. */
  readonly recipe: string | null
  /** The release's code name. */
  readonly release: string
  /** Which packages go in, by the name of one of the distribution's variants. */
  readonly variant: string
  /** Documents, man pages and locales are left out, and kept out. */
  readonly slim: boolean
  /** Packages besides those of the variant. */
  readonly include: readonly string[]
  readonly bootstrap: 'auto' | 'built-in' | 'debootstrap' | 'container' | 'host'
  /** True for the release with its updates, false for the release alone; null for what the way of making it does. */
  readonly updates: boolean | null
  /** The moment whose archive is taken, `20260701T000000Z`; null for now. */
  readonly snapshot: string | null
  /** A packages.lock, absolute, whose packages and no others are taken; null for those of the index. */
  readonly locked: string | null
  /** Where the packages come from, as given, perhaps with user and password; null for the distribution's archive. */
  readonly mirror: string | null
  /** A file, absolute, whose keys replace the catalogue's; null for those. */
  readonly keyring: string | null
  /** A file of sources (deb822), absolute, instead of the distribution's archives; null for those. */
  readonly sources: string | null
  /** The parent of the container that bootstraps; null for the release's own. */
  readonly builder: string | null
}

export type Answers = MinimalAnswers | FullAnswers

/** Where the results go; not saved, so that answers can be repeated anywhere. */
export interface Places {
  /** The project folder, absolute. */
  readonly directory: string
  /** The archive, absolute, when no engine takes the image. */
  readonly output: string
  /** True when the person named the archive. */
  readonly outputNamed: boolean
  /** The folder that the person is in, absolute. */
  readonly from: string
}

/** Answers with their defaults in place, and the places that belong to them. */
export type Given<A extends Answers = Answers> = A extends Answers ? GivenOf<A> : never

interface GivenOf<A extends Answers> {
  readonly answers: A
  readonly places: Places
  /** True when the person named the program, so that nothing else may take its place. */
  readonly programNamed: boolean
  /** True when the finished image should be checked deeply. */
  readonly verify: boolean
  /** True when builders are fetched even if they are here. */
  readonly pull: boolean
  /** True when packages and indexes are taken from the cache alone. */
  readonly offline: boolean
  /** True when documents were to be left out of what has none; else absent. */
  readonly slimInVain?: true
  /** The name under which a registry gets the image once it is proven, with its tag; null for none. */
  readonly push: string | null
  /** The private key that signs what is pushed: an absolute path, or an address that cosign knows; null for none. */
  readonly sign: string | null
  /** What the proof hands to the program, or runs in a full image; of the run alone, never of the image. */
  readonly words: readonly string[]
  /** Today's date, `YYYY-MM-DD`: it decides whether a release is still supported. */
  readonly today: string
}
