import type { FamilyName } from '../catalog/settings.ts'
import type { CommandLine } from './command-line.ts'
import type { Arch } from '../engine/facts.ts'
import type { CraftInputs, CraftName } from './craft-inputs.ts'

/** A word of a command that is only known while running, because it holds a hash of values learnt by earlier steps. */
export interface LateWord {
  /** The word up to the hash: `create-base-image/compiler:`. */
  readonly stem: string
  /** What the hash is taken of: texts as they are, and the names of learnt values. */
  readonly hashOf: readonly (string | { readonly learnt: string })[]
}

/** A word with a value that is learnt while running. */
export interface LearntWord {
  /** What comes before the value. */
  readonly stem: string
  readonly learnt: string
  /** How the whole word reads before its value is known. */
  readonly plain: string
}

export type Word = string | LateWord | LearntWord

/** A program with its argument list; no shell reads it. */
export interface CommandStage {
  readonly kind: 'command'
  readonly program: string
  readonly args: readonly Word[]
  /** Arguments from the harness list (`--progress rawjson`), placed after the first argument and not shown. */
  readonly harness?: readonly string[]
  /** It shows its progress to terminals only, so it runs in one of its own, by script(1) of util-linux. */
  readonly inTerminal?: true
}

/** A container: created, started, inspected for its exit code, removed; shown as `docker run --rm`. */
export interface ContainerStage {
  readonly kind: 'container'
  readonly client: string
  readonly options: readonly Word[]
  readonly image: Word
  readonly command: readonly Word[]
  /** Files of the project folder that are put into it before it starts. */
  readonly copies?: readonly { readonly file: string; readonly to: string }[]
  /** It is not made again: the container that this step left is started again. */
  readonly restarts?: string
  /** It runs just as it is shown: what it proves, a person's own `run` does too. */
  readonly plain?: true
  /** It stays when it has ended, for a later step; the end of the run removes it. */
  readonly keptForLater?: true
  /** Keep the container's files as this image before it is removed (`docker commit`). */
  readonly keepAs?: { readonly image: Word; readonly changes: readonly string[] }
}

/** A program that runs as root on this machine: by sudo, or as it is when we are root. */
export interface RootStage {
  readonly kind: 'root'
  readonly sudo: boolean
  /** The program and its arguments, as a person would type them after sudo. */
  readonly args: readonly Word[]
  /** The shell text of assets/ that is run with `args` after its first two words, `sh` and the text's own file. */
  readonly asset?: string
  /** Arguments placed after the first of `args` and not shown. */
  readonly harness?: readonly string[]
  /** It starts over: what an earlier try left in the plan's `rootFolder` is removed first. */
  readonly startsFresh?: true
  /** A folder, relative to the project folder, below which nothing stays mounted. */
  readonly below: string
}

/** An image from a registry, shown as `docker pull`; its bytes are counted where the engine reports them. */
export interface PullStage {
  readonly kind: 'pull'
  readonly client: string
  readonly image: string
  /** `linux/arm64`, or null for the engine's own. */
  readonly platform: string | null
}

/** In-process work, named so that a plan stays data; `shown` is the equivalent command line of ours. */
export type CraftStage<Name extends CraftName = CraftName> = {
  readonly [Each in Name]: {
    readonly kind: 'craft'
    readonly craft: Each
    readonly input: CraftInputs[Each]
    readonly shown: readonly string[]
  }
}[Name]

export type Stage = CommandStage | ContainerStage | RootStage | PullStage | CraftStage

/** Where the last stage's stdout goes. */
export type Sink =
  /** Lines for the person watching. */
  | { readonly kind: 'log' }
  /** Kept whole, as what the proof printed. */
  | { readonly kind: 'proof' }
  /** A file in the project folder, written whole or not at all. */
  | { readonly kind: 'file'; readonly file: string; readonly mode: number }

/** The progress readers, by what they read. */
export type ReaderName =
  | 'lines'
  | 'pull'
  | 'push'
  | 'apt'
  | 'debootstrap'
  | 'script'
  | 'import'
  | 'classic-build'
  | 'buildkit-plain'
  | 'buildkit-json'
  | 'bytes'

/** A read-only command whose output tells that a step's result is there. */
export interface Condition {
  readonly command: CommandStage
  /** What stdout must begin with. */
  readonly expect: string
  /** The names under which the words after that are learnt. */
  readonly learn: readonly string[]
  /** What it means when the step ran and this does not hold. */
  readonly otherwise: string
}

/** The tools that make root filesystems; the step that puts one into a builder is called by its name. */
export type ToolName = Exclude<FamilyName, 'deb'> | 'debootstrap'

/** What a step does, for programs that read events; people read its title. */
export type StepId =
  | ToolName
  | 'archive'
  | 'attest'
  | 'bootstrap'
  | 'build'
  | 'builder'
  | 'certificates'
  | 'compile'
  | 'compiler'
  | 'engine'
  | 'files'
  | 'finish'
  | 'import'
  | 'index'
  | 'inspect'
  | 'load'
  | 'make'
  | 'mirror'
  | 'name'
  | 'pack'
  | 'push'
  | 'push-name'
  | 'raw'
  | 'release'
  | 'run'
  | 'sign'
  | 'tmp'
  | 'unpack'
  | 'user'
  | 'verify'
  | 'words'
  | 'zones'

/** One step of a plan, as data. */
export interface Step {
  readonly id: StepId
  /** Imperative, what a person would say. */
  readonly title: string
  /** One to three sentences for a learner. */
  readonly why: string
  readonly pipeline: readonly Stage[]
  /** A file of the project folder that feeds the first stage's stdin. */
  readonly from?: string
  /** What comes before that file in the stdin, or goes to root's part by its: a mirror's user and password. Never shown or saved. */
  readonly secretInput?: string
  readonly to: Sink
  readonly reader: ReaderName
  /** Must hold afterwards; when `skippable` and it is met before, the step is skipped. */
  readonly postcondition?: Condition & { readonly skippable: boolean }
  /** Files and folders of the project folder that the step reads and makes; unchanged since it last ran, it is skipped. */
  readonly inputs?: readonly string[]
  readonly outputs?: readonly string[]
  /** The steps whose work this one prepares: skipped together with them. */
  readonly servesOnly?: readonly StepId[]
  /**
   * The step makes the image what it is in the end: by its name, and it is skipped as long as `holds` learns the same
   * `image.id`; or as the plan's archive, and it is skipped as long as that has the same digest.
   */
  readonly makes?: 'name' | 'archive'
  /** What the proof must have printed, as a line. */
  readonly mustPrint?: readonly string[]
  /** With what a line of it must begin, where no more is known before. */
  readonly mustBegin?: string
  /** What the step's result reads like; `{name}` is a learnt value, `{name|size}` the same as bytes for people. */
  readonly result?: string
  /** What to do when the step fails and nothing more is known of why. */
  readonly todo?: readonly string[]
  /** What to do for a failure of which the step knows more than its code tells, by that code. */
  readonly todoFor?: Readonly<Record<string, readonly string[]>>
  /** Whose words its output is, once what it runs has started: advice is looked for where that can be meant. */
  readonly voice?: 'compiler' | 'packages' | 'registry'
  /** What a proof may take: after this many seconds a program that still runs is stopped and counts as running. */
  readonly patience?: number
  /** It comes after the proof: what is made keeps its name when it fails. */
  readonly afterProof?: true
  /**
   * It pushes: the digest that the registry has it by is learnt as `pushed.digest`, from this file of the project folder
   * or, for null, from what it prints.
   */
  readonly pushes?: { readonly digestFile: string | null }
  /** The command proves the image by having started: any exit code counts but those of crashes and of failed starts. */
  readonly proofBy?: 'start'
}

/** What the outcome says about the image. */
export interface PlannedImage {
  readonly reference: string
  readonly arch: Arch
  /** All of one image for several, else none. */
  readonly archs?: readonly Arch[]
  /** The archive's path when no engine holds the image, or not all of it. */
  readonly archive: string | null
  /** The name under which a registry gets it, when one does. */
  readonly pushed?: string
}

export interface Plan {
  readonly version: 1
  readonly journey: 'minimal' | 'full'
  /** One line over the whole run: `minimal image · hello.c · linux/amd64 → hello`. */
  readonly headline: string
  readonly image: PlannedImage
  /** The project folder, absolute. */
  readonly directory: string
  /** The answers as answers.json has them; a project folder belongs to one set of answers. */
  readonly answers: Readonly<Record<string, string | number>>
  /** What the person must know before it runs, such as a fallback taken. */
  readonly notices: readonly string[]
  /** The caller removes the project folder, so that nothing at the end may name it. */
  readonly folderIsRemoved?: true
  /** How the image is proven, in words that follow "proven", or why it can't be here. */
  readonly proof: { readonly how: string } | { readonly whyNot: string }
  /**
   * The files of the project folder that go into the image, and the step after which they are as they will be;
   * null when what goes in never lies there.
   */
  readonly contents: {
    readonly files: readonly string[]
    /** A folder of the project folder that is laid out as the image's root, or null. */
    readonly tree: string | null
    readonly readyAfter: string
  } | null
  /** Texts that are never shown or saved: user and password of a mirror. */
  readonly secrets: readonly string[]
  /** Folders inside the project folder that only serve the run; removed when it ends. */
  readonly temporary: readonly string[]
  /** A folder inside the project folder that belongs to root and only serves the run, or null. */
  readonly rootFolder: string | null
  /** The image's name until it is proven, or null; the end of the run removes it. */
  readonly unproven: LearntWord | null
  readonly steps: readonly Step[]
  /** The commands worth typing next. */
  readonly next: readonly (readonly string[])[]
  /** Files that its steps leave in MADE, for the project folder once the image is proven. */
  readonly keeps: readonly string[]
  /** The commands of Docker's page that make a like image by hand; empty where the steps are those. */
  readonly page: readonly string[]
  /** The same for a program that keeps running; null where it is no other. */
  readonly nextOfServer: readonly (readonly string[])[] | null
  /** The step that gives the image its name, or makes its archive, before the proof: given back when that fails. */
  readonly namedBy: 'build' | 'pack' | 'load' | null
  /** What repeats this run. */
  readonly commandLine: CommandLine
}
