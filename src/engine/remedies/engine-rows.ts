import type { RemedyRow } from './row.ts'

const UNSET_HOST: readonly string[] = [
  'To use the engine of this machine: unset DOCKER_HOST',
  'To use another one, set DOCKER_HOST to unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST',
]

const UNSET_HOST_WINDOWS: readonly string[] = [
  'To use the engine of this machine, in PowerShell: Remove-Item Env:DOCKER_HOST',
  'To use another one, set DOCKER_HOST to npipe:////./pipe/NAME, tcp://HOST:PORT or ssh://USER@HOST',
]

/** A full disk, and an engine that cannot be used: these explain everything that comes after them. */
export const ENGINE_ROWS: readonly RemedyRow[] = [
  {
    code: 'no-space',
    when: /no space left on device|(?:not|don't have) enough (?:free )?space|disk quota exceeded|ENOSPC/i,
    what: 'The disk is full where the engine keeps its images, or where the project folder is.',
    todo: {
      alone: [
        'See which disk is full: df -h . /tmp',
        'Make room there, or use a folder elsewhere, then repeat the command.',
      ],
      all: [
        'See what the engine keeps, then free what is not used: {client} system df',
        '{client} builder prune   and   {client} image prune',
      ],
      darwin: [
        'Free what the engine does not use: {client} builder prune   and   {client} image prune',
        'Or give Docker Desktop a larger disk: Settings > Resources > Disk usage limit.',
      ],
      podman: [
        'See what the engine keeps, then free what is not used: podman system df',
        'podman image prune   and   podman container prune',
      ],
    },
    lacks: true,
  },
  {
    code: 'no-client',
    when: /spawn docker(?:\.exe)? ENOENT/,
    what: 'There is no docker command on this machine.',
    todo: {
      all: [
        'Install Docker Engine: https://docs.docker.com/engine/install/',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
      darwin: [
        'Install Docker Desktop: https://docs.docker.com/desktop/setup/install/mac-install/',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
      win32: [
        'Install Docker Desktop: https://docs.docker.com/desktop/setup/install/windows-install/',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
      wsl: [
        'Install Docker Desktop on Windows and turn on Settings > Resources > WSL integration.',
        'Or go on without an engine, which makes an archive: --engine none',
      ],
    },
    lacks: true,
  },
  {
    code: 'no-answer',
    when: null,
    what: 'The engine did not answer within a few seconds.',
    todo: {
      all: [
        'See whether it answers at all: {client} version',
        'If it hangs, restart it: sudo systemctl restart docker',
      ],
      darwin: [
        'See whether it answers at all: {client} version',
        'If it hangs, restart Docker Desktop from its menu.',
      ],
      win32: [
        'See whether it answers at all: {client} version',
        'If it hangs, restart Docker Desktop from its icon in the taskbar.',
      ],
      podman: [
        'See whether it answers at all: podman info',
        'If its virtual machine hangs: podman machine stop   then   podman machine start',
      ],
    },
    lacks: true,
  },
  {
    code: 'engine-refused',
    when: null,
    what: 'The engine could not be used; its client said: {found|nothing}',
    todo: { all: ['See what it says: {client} version'] },
    lacks: true,
  },
  {
    code: 'wsl-integration',
    when: /could not be found in this WSL/i,
    what: 'Docker Desktop does not serve this WSL distribution.',
    todo: {
      all: [
        'In Docker Desktop: Settings > Resources > WSL integration, turn this distribution on, then Apply & restart.',
      ],
    },
    lacks: true,
  },
  {
    code: 'bad-context',
    when: /context "([^"]*)"[^\n]*(?:not found|does not exist)/i,
    what: 'The docker context {found|that is named} is chosen, but there is no such context.',
    todo: {
      all: [
        'List the contexts, then choose one: {client} context ls',
        '{client} context use default   (and unset DOCKER_CONTEXT, if it is set)',
      ],
    },
    lacks: true,
  },
  {
    code: 'tls-files',
    when: /unable to resolve docker endpoint: open (.*\.pem)/i,
    what: 'The client is set to use TLS, but its certificate {found|file} is not there.',
    todo: {
      all: [
        'Point to the folder with ca.pem, cert.pem and key.pem: export DOCKER_CERT_PATH=FOLDER',
        'Or, for an engine without TLS: unset DOCKER_TLS DOCKER_TLS_VERIFY',
      ],
      win32: [
        'Point to the folder with ca.pem, cert.pem and key.pem: $env:DOCKER_CERT_PATH = "FOLDER"',
        'Or, for an engine without TLS: Remove-Item Env:DOCKER_TLS_VERIFY',
      ],
    },
    lacks: true,
  },
  {
    code: 'bad-docker-host',
    when: /invalid bind address format: ?(\S*)|unable to parse docker host|protocol not available/i,
    what: 'DOCKER_HOST, or the chosen docker context, holds no address that the client understands: {found|see below}',
    todo: { all: UNSET_HOST, win32: UNSET_HOST_WINDOWS },
    lacks: true,
  },
  {
    code: 'ssh',
    when: /command \[ssh [^\]]*\] has exited[^\n]*?(?:stderr=([^\n]+)|$)/im,
    what: 'The engine is reached over ssh, and that failed: {found|it gave no reason}',
    todo: {
      all: [
        'Try it by hand until it works without a question: ssh USER@HOST docker version',
        'If it asks for a passphrase, load the key first: ssh-add',
      ],
    },
    lacks: true,
  },
  {
    code: 'docker-host-dns',
    when: /error during connect: [^\n]*lookup (\S+?)(?: on \S+)?: no such host/i,
    what: 'The engine is expected on the machine {found|of DOCKER_HOST}, and there is no such host.',
    todo: { all: UNSET_HOST, win32: UNSET_HOST_WINDOWS },
    lacks: true,
  },
  {
    code: 'permission-denied',
    when: /permission denied while trying to connect to the docker|dial unix \S+: connect: permission denied|open \/\/\.\/pipe\/[^\n]*(?:access is denied|elevated privileges)/i,
    what: 'The engine is there, but this user may not talk to it.',
    todo: {
      all: [
        'Join the group that may: sudo usermod -aG docker $USER   (its members can do all that root can)',
        'Then log out and in again, and start over.',
      ],
      darwin: [
        'Use the engine of your own Docker Desktop: {client} context use desktop-linux',
        'If it still refuses, restart Docker Desktop.',
      ],
      win32: [
        'Join the group that may, in PowerShell as administrator: net localgroup docker-users $env:USERNAME /add',
        'Then sign out and in again, and start over.',
      ],
    },
    lacks: true,
  },
]
