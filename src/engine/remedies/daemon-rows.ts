import type { RemedyRow, TodoByPlatform } from './row.ts'

const START_ENGINE: TodoByPlatform = {
  all: [
    'Start it: sudo systemctl start docker',
    'If Docker runs elsewhere, pick it: {client} context ls',
  ],
  darwin: [
    'Start Docker Desktop and wait until it says "running": open -a Docker',
    'With another engine (colima, OrbStack, Rancher Desktop) start that, then pick it: {client} context ls',
  ],
  win32: [
    'Start Docker Desktop from the Start menu and wait until it says "running".',
    'If it does not start, update its Linux kernel: wsl --update',
  ],
  wsl: [
    'Start Docker Desktop on Windows; in Settings > Resources > WSL integration, turn this distribution on.',
    'If Docker is installed inside this distribution, start it: sudo service docker start',
  ],
}

const daemonAt = (path: string, name: string, command: string): RemedyRow => ({
  code: 'no-daemon',
  when: new RegExp(`(?:docker daemon|docker api) at unix://\\S*${path}`, 'i'),
  what: `The client expects the engine of ${name}, and that is not running.`,
  todo: { all: [`Start it: ${command}`, 'Or pick another engine: {client} context ls'] },
  lacks: true,
})

/** An engine that is not running, or does not go together with its client. */
export const DAEMON_ROWS: readonly RemedyRow[] = [
  {
    code: 'client-config',
    when: /(?:stat|open|mkdir) \S*(?:buildx|\.docker)\/\S*: permission denied\s*$/i,
    what: "The client cannot read its own configuration folder; it was probably run with sudo once and is now root's.",
    todo: {
      all: ['Take it back: sudo chown -R "$USER" ~/.docker'],
      win32: ['Check who owns the folder .docker in your user folder.'],
    },
    lacks: true,
  },
  {
    code: 'credential-helper',
    when: /error getting credentials|docker-credential-\S+[^\n]*(?:not found|no such file)/i,
    what: 'The client is set to ask a password helper for registry logins, and that helper does not work here.',
    todo: {
      all: ['Remove the line "credsStore" from ~/.docker/config.json, then repeat the command.'],
      win32: [
        'Remove the line "credsStore" from .docker\\config.json in your user folder, then repeat the command.',
      ],
    },
    lacks: true,
  },
  {
    code: 'too-old',
    when: /client version \S+ is too (?:old|new)|API version \S+ is not supported by this client|client is newer than server|requires API version \S+, but the docker daemon/i,
    what: 'The client and the engine differ too much in age to understand each other.',
    todo: {
      all: [
        'See both versions: {client} version',
        'Update the older one: https://docs.docker.com/engine/install/   (and unset DOCKER_API_VERSION, if it is set)',
      ],
      darwin: ['See both versions: {client} version', 'Update Docker Desktop from its menu.'],
      win32: ['See both versions: {client} version', 'Update Docker Desktop from its menu.'],
    },
    lacks: true,
  },
  {
    code: 'windows-containers',
    when: /no matching manifest for windows|image operating system "linux" cannot be used on this platform/i,
    what: 'The engine is set to Windows containers, and a base image of this kind needs Linux containers.',
    todo: {
      all: ['Use an engine that runs Linux containers: {client} context ls'],
      win32: [
        'Right-click the Docker icon in the taskbar and choose "Switch to Linux containers...", or in PowerShell:',
        '& "$env:ProgramFiles\\Docker\\Docker\\DockerCli.exe" -SwitchLinuxEngine',
      ],
    },
    lacks: true,
  },
  {
    code: 'no-daemon',
    when: /(?:cannot connect to the docker daemon|failed to connect to the docker api) at (tcp:\/\/[^\s;]+?)[.;]?\s/i,
    what: 'No engine answers at {found|that address}.',
    todo: {
      all: [
        'Check that the engine there is running, and that DOCKER_HOST is right: echo $DOCKER_HOST',
        'To use the engine of this machine: unset DOCKER_HOST',
      ],
      win32: [
        'Check that the engine there is running, and that DOCKER_HOST is right: $env:DOCKER_HOST',
        'To use the engine of this machine: Remove-Item Env:DOCKER_HOST',
      ],
    },
    lacks: true,
  },
  daemonAt(String.raw`\.colima/`, 'colima', 'colima start'),
  daemonAt(String.raw`\.orbstack/`, 'OrbStack', 'open -a OrbStack'),
  daemonAt(
    String.raw`\.rd/`,
    'Rancher Desktop',
    'open -a "Rancher Desktop"   (Linux: rancher-desktop)',
  ),
  daemonAt(String.raw`/run/user/`, 'rootless Docker', 'systemctl --user start docker'),
  daemonAt(
    String.raw`\.docker/desktop/`,
    'Docker Desktop',
    'systemctl --user start docker-desktop',
  ),
  {
    code: 'no-daemon',
    when: /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|docker daemon is not running|open \/\/\.\/pipe\/|docker desktop is (?:not running|unable to start)/i,
    what: 'Docker is installed, but its engine is not running.',
    todo: START_ENGINE,
    lacks: true,
  },
]

/** A connection that ended half way. They come last: a cause that the text names is better. */
export const INTERRUPTION_ROWS: readonly RemedyRow[] = [
  {
    code: 'download-interrupted',
    when: /error response from daemon:[^\n]*(?:unexpected EOF|connection reset|broken pipe|: EOF)|failed to copy:[^\n]*(?:EOF|reset)/i,
    what: 'The connection to the registry broke off during the download.',
    todo: { all: ['Repeat the command: layers that are complete are not fetched again.'] },
    lacks: true,
  },
  {
    code: 'engine-gone',
    when: /error during connect|connection to the container was lost|unexpected EOF|connection reset by peer|broken pipe|transport is closing|error reading from server: EOF|code = Unavailable/i,
    what: 'The engine went away while it was working: it stopped, restarted or crashed.',
    todo: {
      all: [
        'See why: sudo journalctl --unit docker --lines 50',
        'Once {client} version answers again, repeat the command.',
      ],
      darwin: ['Look at Docker Desktop; once it says "running", repeat the command.'],
      win32: ['Look at Docker Desktop; once it says "running", repeat the command.'],
      podman: ['Once podman info answers again, repeat the command.'],
    },
    lacks: true,
  },
]
