import type { Arch, EngineFacts } from '../engine/facts.ts'
import { imageFormat } from './script/engine-words.ts'
import type { Condition, LateWord, ReaderName, Step, StepId, Word } from './types.ts'

/** The image to work in: a parent of containers that lend their tools to one run. */
export interface Workshop {
  readonly engine: EngineFacts
  readonly arch: Arch
  /** The builder, by image reference. */
  readonly builder: string
  /** Fetched even if it is here. */
  readonly pull?: boolean
}

/** The option that asks for the wanted architecture, where it is not the engine's own. */
export const platformOption = ({ arch, engine }: Pick<Workshop, 'arch' | 'engine'>): string[] =>
  arch === engine.arch ? [] : ['--platform', `linux/${arch}`]

/** Whether the engine has an image, for the right architecture; its ID and bytes are learnt as `<name>.id` and `.bytes`. */
export const presence = (
  { engine, arch }: Pick<Workshop, 'arch' | 'engine'>,
  image: Word,
  name: string,
): Omit<Condition, 'otherwise'> => ({
  command: {
    kind: 'command' as const,
    program: engine.client,
    args: ['image', 'inspect', '--format', imageFormat(engine), image],
  },
  expect: `linux/${arch} `,
  learn: [`${name}.id`, `${name}.bytes`],
})

/** The step that fetches the builder. `otherwise` says what it means when one for another architecture came. */
export const getBuilder = (
  workshop: Workshop,
  words: Pick<Step, 'why' | 'servesOnly'> & { readonly otherwise: string },
): Step => {
  const { engine, arch, builder } = workshop
  return {
    id: 'builder',
    title: `Get the builder ${builder}`,
    why: words.why,
    pipeline: [
      {
        kind: 'pull',
        client: engine.client,
        image: builder,
        platform: arch === engine.arch ? null : `linux/${arch}`,
      },
    ],
    to: { kind: 'log' },
    reader: 'pull',
    postcondition: {
      ...presence(workshop, builder, 'builder'),
      skippable: workshop.pull !== true,
      otherwise: `${builder} is for another architecture than linux/${arch}, ${words.otherwise}`,
    },
    servesOnly: workshop.pull === true ? [] : (words.servesOnly ?? []),
    result: `{builder.bytes|size}`,
  }
}

/**
 * A mirror that falls silent is given up after 30 s and asked again three times; apt alone would wait two minutes for
 * each. What it says about its state goes to a descriptor of its own.
 */
const APT =
  'apt-get -o APT::Status-Fd=3 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30'

/**
 * What a tool in a container never needs (documents, link-time optimisation, the sanitizers, which can't be static) is left
 * out: less to unpack and to keep.
 */
const LEAN = [
  'printf "path-exclude=%s\\n" "/usr/share/doc/*" "/usr/share/man/*" "/usr/share/locale/*" "*/lto1" "*/lib*san*" > /etc/dpkg/dpkg.cfg.d/builder',
  'echo force-unsafe-io >> /etc/dpkg/dpkg.cfg.d/builder',
]

/** Status lines go to stdout for the progress reader, words for people to stderr. */
export const APT_INSTALL = [
  'set -e; export DEBIAN_FRONTEND=noninteractive',
  ...LEAN,
  // The compiler is in main; the index of universe alone is larger than it. All is asked for where that is not enough.
  'other="restricted|multiverse|contrib|non-free-firmware|non-free"',
  'case " $* " in " gcc libc6-dev ") other="$other|universe";; esac',
  'lists() { ls -d /etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null || true; }',
  'for list in $(lists); do',
  '  cp "$list" "$list.all"',
  '  sed -i -E "/(^deb|^Components:).* main\\b/s/ ($other)\\b//g" "$list"',
  'done',
  'restore() { for list in $(lists); do [ ! -f "$list.all" ] || mv "$list.all" "$list"; done; }',
  `get="${APT}"`,
  'update() { $get -o Acquire::Languages=none update 3>&1 1>&2; }',
  'install() { $get install --yes --no-install-recommends "$@" 3>&1 1>&2; }',
  'update; install "$@" || { restore; update; install "$@"; }',
  'restore; apt-get clean; rm -rf /var/lib/apt/lists/*',
].join('\n')

/**
 * The same from a mirror and, where it has no release of the builder's or nothing that apt trusts, from the builder's own
 * sources. The mirror and the file of its keys (or nothing) come before the packages.
 */
const APT_INSTALL_BY_MIRROR = [
  'set -e; export DEBIAN_FRONTEND=noninteractive; mirror=$1 keys=$2; shift 2',
  ...LEAN,
  '. /etc/os-release; own=$(mktemp -d) place=/etc/apt/sources.list.d/mirror.list signer=',
  'case $ID in ubuntu) parts="main universe" ;; *) parts=main ;; esac',
  'if [ -n "$keys" ]; then',
  // By the name of the file apt knows whether keys are text.
  '  case $(head -c 5 "$keys") in -----) signer=$own/keys.asc ;; *) signer=$own/keys.gpg ;; esac',
  '  mv "$keys" "$signer"; chmod 755 "$own"; chmod 644 "$signer"',
  'fi',
  'cp -a /etc/apt "$own"; rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*',
  'echo "deb ${signer:+[signed-by=$signer] }$mirror $VERSION_CODENAME $parts" > "$place"',
  `by_mirror() { ${APT} -o Acquire::Languages=none update 3>&1 1>&2 && ${APT} install --yes --no-install-recommends "$@" 3>&1 1>&2; }`,
  'code=0; by_mirror "$@" || code=$?',
  'rm "$place"; cp -a "$own/apt" /etc; rm -rf "$own"',
  '[ "$code" != 0 ] || { apt-get clean; rm -rf /var/lib/apt/lists/*; exit 0; }',
  APT_INSTALL,
].join('\n')

/** Returns the name that a builder is kept under once `script` has put these packages in it. */
export const preparedBuilder = (
  role: string,
  arch: Arch,
  packages: readonly string[],
  script = APT_INSTALL,
): LateWord => ({
  stem: `create-base-image/${role}:`,
  hashOf: [{ learnt: 'builder.id' }, `linux/${arch}`, script, ...packages],
})

/** A mirror that a person named, without user and password, and the keys that sign it where those are a person's own too. */
export interface BuilderMirror {
  readonly url: string
  readonly keys: { readonly file: string; readonly to: string } | null
}

/**
 * The step that puts packages in the builder and keeps the result under the name of `role`. The packages come from the
 * mirror first, where there is one.
 */
export const prepareBuilder = (
  workshop: Workshop,
  role: StepId,
  packages: readonly string[],
  words: Pick<Step, 'title' | 'why' | 'servesOnly'> & { readonly otherwise: string },
  install: { readonly script: string; readonly reader: ReaderName } = {
    script: APT_INSTALL,
    reader: 'apt',
  },
  mirror: BuilderMirror | null = null,
): Step => {
  const { otherwise, ...step } = words
  const image = preparedBuilder(role, workshop.arch, packages, install.script)
  return {
    ...step,
    id: role,
    pipeline: [
      {
        kind: 'container',
        client: workshop.engine.client,
        options: [...platformOption(workshop), '--security-opt', 'no-new-privileges'],
        image: workshop.builder,
        command: ['sh', '-c', ...scriptFor(install.script, mirror), ...packages],
        ...(mirror === null || mirror.keys === null ? {} : { copies: [mirror.keys] }),
        keepAs: { image, changes: ['CMD ["sh"]', `LABEL create-base-image.role=${role}`] },
      },
    ],
    to: { kind: 'log' },
    reader: install.reader,
    ...(install.reader === 'apt' ? { voice: 'packages' as const } : {}),
    postcondition: { ...presence(workshop, image, role), skippable: true, otherwise },
    result: `{${role}.bytes|size}`,
  }
}

/** The script, its name, and what comes before the packages. The builder is the same by either. */
const scriptFor = (script: string, mirror: BuilderMirror | null): string[] =>
  mirror === null
    ? [script, 'sh']
    : [APT_INSTALL_BY_MIRROR, 'sh', mirror.url, mirror.keys?.to ?? '']
