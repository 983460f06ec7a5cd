import type { DebVariant } from '../types.ts'
import type { PackagesIndex } from './packages-index.ts'

/** Where debootstrap's scripts begin to resolve from. */
export interface Seeds {
  /** What every other package takes for granted. */
  readonly required: readonly string[]
  readonly base: readonly string[]
  /** Dependencies that are never followed. */
  readonly never: ReadonlySet<string>
}

/** The release that seeds are wanted for. */
export interface SeedQuestion {
  readonly variant: Exclude<DebVariant, 'distroless'>
  readonly distribution: 'debian' | 'ubuntu'
  readonly codename: string
  /** apt of old releases needs a package more for such an address. */
  readonly https: boolean
}

/**
 * Returns the packages that debootstrap 1.0.128 begins with (scripts/debian-common and gutsy, work_out_debs), and for
 * the variants `essential` and `important` those that mmdebstrap begins with.
 */
export const seedsOf = (question: SeedQuestion, index: PackagesIndex): Seeds => {
  const { distribution, codename } = question
  const merged = distribution === 'debian' && !UNMERGED.has(codename)
  const add = merged && codename === 'bookworm' ? ['usr-is-merged'] : []
  const first =
    question.variant === 'essential' ? index.essential() : index.withPriority('required')
  return {
    required: [...first, ...add],
    base: baseOf(question, index),
    never: new Set(merged ? ['usrmerge'] : []),
  }
}

const UNMERGED: ReadonlySet<string> = new Set(
  'etch lenny squeeze wheezy jessie stretch buster bullseye'.split(' '),
)

const NEEDS_TRANSPORT: ReadonlySet<string> = new Set(
  'wheezy jessie stretch precise trusty xenial'.split(' '),
)

const baseOf = ({ variant, codename, https }: SeedQuestion, index: PackagesIndex): string[] => {
  if (variant === 'essential') return []
  const transport = NEEDS_TRANSPORT.has(codename) ? ['apt-transport-https'] : []
  const base = {
    minbase: ['apt'],
    buildd: ['apt', 'build-essential'],
    standard: index.withPriority('important'),
    important: index.withPriority('important'),
  }[variant]
  return [...base, ...(https ? [...transport, 'ca-certificates'] : [])]
}

/** What an image without a shell and a package manager needs so that programs find their way: Google's distroless/base has it. */
export const DISTROLESS: readonly string[] = [
  'base-files',
  'ca-certificates',
  'libc6',
  'netbase',
  'tzdata',
]

/**
 * Packages that others depend on for what their scripts do when they are installed: questions, users, services,
 * alternatives, registered documents. Where no script runs nobody misses them.
 */
export const SERVES_SCRIPTS: ReadonlySet<string> = new Set(
  (
    'adduser base-passwd cdebconf debconf debianutils dpkg init-system-helpers install-info lsb-base passwd systemd ' +
    'systemd-standalone-sysusers systemd-standalone-tmpfiles systemd-sysusers sysvinit-utils ucf update-inetd'
  ).split(' '),
)
