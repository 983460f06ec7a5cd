/** The options of one command. */
export interface Known {
  readonly valued?: readonly string[]
  readonly plain?: readonly string[]
  /** True where options end at the first word: the rest is another program's. */
  readonly ends?: boolean
}

const SHARED: Readonly<Record<string, Known>> = {
  'image inspect': { valued: ['--format'] },
  images: { valued: ['--format', '--filter'], plain: ['--quiet', '--no-trunc'] },
  history: { valued: ['--format'], plain: ['--no-trunc'] },
  start: { plain: ['--attach', '--interactive'] },
  inspect: { valued: ['--format'] },
  kill: {},
  // What follows the container are words of ps.
  top: { ends: true },
  rm: { plain: ['--force', '--volumes'] },
  ps: { valued: ['--filter', '--format'], plain: ['--all', '--no-trunc', '--quiet'] },
  cp: {},
  tag: {},
  rmi: {},
  'image rm': { plain: ['--force'] },
  export: {},
  commit: { valued: ['--change'] },
  pull: { valued: ['--platform'] },
  version: { valued: ['--format'] },
  info: { valued: ['--format'] },
}

const CREATE = [
  '--name',
  '--label',
  '--log-driver',
  '--platform',
  '--hostname',
  '--security-opt',
  '--cap-drop',
  '--cap-add',
  '--network',
  '--env',
]

/** The options that we give to each command of a client; test/engine/recorder.test.ts asks the real ones for theirs. */
export const COMMANDS: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  docker: {
    ...SHARED,
    create: { valued: CREATE, plain: ['--init', '--interactive'], ends: true },
    import: { valued: ['--change', '--platform'] },
    build: { valued: ['--platform', '--tag', '--progress'], plain: ['--force-rm'] },
    push: {},
    'buildx version': {},
    'context inspect': { valued: ['--format'] },
    'context ls': { valued: ['--format'] },
    'context create': { valued: ['--docker'] },
    'context rm': { plain: ['--force'] },
    '--context arm version': {},
    'buildx ls': { valued: ['--format'] },
    'buildx create': {
      valued: ['--name', '--node', '--driver', '--driver-opt', '--platform'],
      plain: ['--append', '--leave'],
    },
    'buildx inspect': { plain: ['--bootstrap'] },
    'buildx rm': { plain: ['--force'] },
    'system dial-stdio': {},
  },
  podman: {
    ...SHARED,
    create: {
      valued: [...CREATE, '--stop-timeout', '--pull', '--ulimit'],
      plain: ['--interactive'],
      ends: true,
    },
    import: { valued: ['--change', '--os', '--arch'] },
    build: { valued: ['--platform', '--tag'] },
    'system connection list': { valued: ['--format'] },
    'system connection add': {},
    'system connection remove': {},
    '--connection arm version': {},
    'farm list': { valued: ['--format'] },
    'farm create': {},
    'farm remove': {},
  },
}

const RIGHTS =
  /^(?:ALL|CHOWN|DAC_OVERRIDE|FOWNER|FSETID|SETGID|SETUID|SETFCAP|SYS_CHROOT|MKNOD|KILL|SETPCAP|NET_BIND_SERVICE|NET_RAW|AUDIT_WRITE)$/

/** What a value must look like, by its option. */
export const VALUES: Readonly<Record<string, RegExp>> = {
  '--security-opt': /^no-new-privileges$/,
  '--cap-add': RIGHTS,
  '--cap-drop': RIGHTS,
  '--network': /^(?:none|host|bridge)$/,
  '--log-driver': /^none$/,
  '--platform': /^linux\/[a-z0-9/]+$/,
  '--pull': /^never$/,
  '--progress': /^(?:plain|rawjson)$/,
  '--stop-timeout': /^\d+$/,
  '--ulimit': /^(?:nofile|nproc)=\d+:\d+$/,
  '--label': /^[a-z.-]+=/,
  '--env': /^[A-Z_]+=/,
  '--change': /^(?:CMD \[|ENV \w+=|LABEL [\w.-]+=)/,
  '--name': /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
}
