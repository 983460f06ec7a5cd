import type { FamilyName } from '../../../catalog/settings.ts'
import type { RootInputs } from '../../craft-inputs.ts'
import type { ReaderName, Step, ToolName } from '../../types.ts'
import type { FullInputs, Origin, ScriptInputs } from '../inputs.ts'
import type { ScriptName } from '../scripts.ts'

/** Where a root filesystem is made: in a container, on this machine as root, or of its packages by this tool itself. */
export type Route = 'container' | 'host' | 'built-in'

/**
 * How the distributions of one family are made: only what their data (assets/distros) can't say. Its scripts are in
 * assets/families/<name>/: bootstrap.sh makes the tree in /rootfs, pack.sh writes it as a tar, verify.sh looks deeper.
 */
export interface Family {
  /** The tool that makes the root filesystem, as a person calls it: `debootstrap`. */
  readonly tool: ToolName
  /** The routes that this family has, the usual one first. */
  readonly routes: readonly Route[]
  /** The scripts that are in its own folder; the others are those that all families share. */
  readonly ownScripts: readonly ScriptName[]
  /** Scripts that are in the folder of another family. */
  readonly borrows?: Readonly<Partial<Record<ScriptName, FamilyName>>>
  /** The builder of what the distribution's can't make; null for that one, as where this is absent. */
  readonly builder?: (origin: Pick<Origin, 'given' | 'distribution'>) => string | null
  /** Packages that the builder lacks; with none, the builder is used as it is. */
  readonly builderPackages: (inputs: ScriptInputs) => readonly string[]
  /** How packages come into the builder; null where its builder lacks none. */
  readonly install: Install | null
  /** The options of bootstrap.sh. */
  readonly options: (inputs: ScriptInputs) => readonly string[]
  /** The option that makes bootstrap.sh tell its progress to our reader; shown to nobody, empty where it always does. */
  readonly progress: readonly string[]
  readonly reader: ReaderName
  /** Linux capabilities besides those that every bootstrap has. */
  readonly rights: readonly string[]
  /** Options of the container besides those: limits, environment. */
  readonly containerOptions: readonly string[]
  /** The family's name of an architecture (Go's name). */
  readonly archName: (arch: string) => string
  readonly words: FamilyWords
  /** The steps on this machine as root; absent where the family has no such route. */
  readonly hostSteps?: (inputs: FullInputs) => Step[]
  /** How this tool makes it by itself; absent where the family has no such route. */
  readonly builtIn?: BuiltIn
}

/** A root filesystem that this tool makes of signed packages by itself. */
export type BuiltIn = { readonly [Name in keyof RootInputs]: BuiltInBy<Name> }[keyof RootInputs]

/** The same by one craft. */
export interface BuiltInBy<Name extends keyof RootInputs> {
  /** The craft that packs it into an archive. */
  readonly craft: Name
  /** True when neither its name nor whether an engine takes it is part of the image. */
  readonly nameless?: true
  /** The craft's inputs besides those of every archive. */
  readonly input: (inputs: FullInputs) => RootInputs[Name]
  readonly title: (inputs: FullInputs) => string
  readonly why: (inputs: FullInputs) => string
  /** Whether the packages' own scripts set them up, in a container or on this machine's own kernel; absent where they never do. */
  readonly configures?: (inputs: Pick<FullInputs, 'given' | 'distribution'>) => boolean
  /** How its signed index is looked at before: as long as it is the same, so is the image. Absent where it is not. */
  readonly index?: {
    readonly craft: 'read-deb-index'
    readonly title: (inputs: FullInputs) => string
    readonly why: (inputs: FullInputs) => string
  }
  /** Files that say what it is made of, which the craft leaves in MADE. */
  readonly keeps?: (inputs: FullInputs) => readonly string[]
  /** The command line of ours that makes the same root filesystem; absent where there is none. */
  readonly shown?: (inputs: FullInputs) => readonly string[]
  /** What the person should know before it runs. */
  readonly notices: (inputs: FullInputs) => readonly string[]
}

/** How packages come into a builder. */
export interface Install {
  /** A constant shell script; the packages are its arguments. */
  readonly script: string
  /** True where a mirror that a person named is asked first. */
  readonly takesMirror?: true
  readonly reader: ReaderName
  /** Lines before those, for a script only. */
  readonly setup: readonly string[]
  /** The same as lines that a person would type, for build.sh and the Dockerfile. */
  readonly lines: (packages: readonly string[]) => readonly string[]
}

/** What the person reads about the family's steps, each one to three sentences. */
export interface FamilyWords {
  /** Why this builder; `builder` is its image. */
  readonly whyBuilder: (builder: string) => string
  /** What it means when the builder came for another architecture; follows a comma. */
  readonly wrongBuilder: string
  readonly prepareTitle: string
  readonly whyPrepare: string
  readonly notPrepared: string
  readonly whyBootstrap: string
  readonly todo: readonly string[]
  readonly verifyTitle: string
  readonly whyVerify: string
}
