import type { RemedyRow } from './row.ts'

const EMULATOR =
  'Or give the engine the emulators of QEMU: {client} run --privileged --rm docker.io/tonistiigi/binfmt --install all'

/** BuildKit brings an emulator of its own, which says it in other words. */
const EXEC_FORMAT = /exec format error|invalid ELF image for this architecture/i

const BAD_ARCHIVE: Pick<RemedyRow, 'what' | 'todo' | 'lacks'> = {
  what: 'What the engine received is not a whole archive.',
  todo: {
    all: [
      'Repeat the command; if that does not help, check that the disk is not full: {client} system df',
    ],
    win32: [
      'Repeat the command; if that does not help, check that the disk is not full: {client} system df',
      'By hand, use no pipe and no > of PowerShell for an archive: they change its bytes. Use the flags for a file: save --output, load --input.',
    ],
  },
  lacks: false,
}

/** Building an image, and starting a program in a container or a private root directory. */
export const PROGRAM_ROWS: readonly RemedyRow[] = [
  {
    code: 'container-name',
    when: /container name "\/?([^"]+)" is already in use/i,
    what: 'A container named {found|like that} is still there from an earlier run.',
    todo: { all: ['Remove it: {client} rm --force {found|NAME}'] },
    lacks: false,
  },
  {
    code: 'exec-format',
    where: 'builder',
    when: EXEC_FORMAT,
    what: 'The builder {image} is for another architecture than the engine, which has no emulator for it.',
    todo: {
      all: ["Make it for the engine's own architecture: {changed -arch}", EMULATOR],
    },
    lacks: true,
  },
  {
    code: 'exec-format',
    where: 'image',
    when: EXEC_FORMAT,
    what: 'The program in {image} is for another architecture than the engine, which has no emulator for it.',
    todo: {
      all: ["Make it for the engine's own architecture: {changed -arch}", EMULATOR],
    },
    lacks: true,
  },
  {
    code: 'no-program',
    when: /exec: "([^"]+)":[^\n]*(?:no such file or directory|executable file not found)|executable file `([^`]+)` not found/i,
    what: 'There is no program {found|of that name} in the image.',
    todo: { all: ['Check its path in COPY and CMD of the Dockerfile; they must agree.'] },
    lacks: false,
  },
  {
    // A shell takes the carriage return for a part of the word before it.
    code: 'line-ends',
    when: /set: illegal option -\s*$|bad interpreter: [^\n]*\^M|\$?'[^'\n]*\\r': (?:command not found|no such file)|env: [^\n]*\\r/im,
    what: 'A script has Windows line ends, which a shell on Linux does not understand.',
    todo: {
      all: [
        "Save it with the line ends of Unix (LF): sed -i 's/\\r$//' FILE",
        'Then repeat the command.',
      ],
      darwin: [
        "Save it with the line ends of Unix (LF): sed -i '' $'s/\\r$//' FILE",
        'Then repeat the command.',
      ],
      win32: [
        'Save it with the line ends of Unix (LF), as editors show at the bottom right, then repeat the command.',
        'So that git leaves them: put "* text=auto eol=lf" into .gitattributes.',
      ],
    },
    lacks: false,
  },
  {
    // The engine's init says so (--init): of a missing file and loader, and of an emulator outside of the container.
    code: 'not-started',
    when: /\[FATAL tini[^\]]*\] exec (\S+) failed: no such file or directory/i,
    what: 'The engine could not start {found|the program} of {image}: it is for another architecture and there is no emulator for it inside the container, or its file or loader is missing.',
    todo: {
      all: [
        "Another architecture: make it for the engine's own: {changed -arch}",
        EMULATOR,
        'The same architecture: check the path in COPY or ADD and CMD, and link statically: gcc -static',
      ],
    },
    lacks: false,
  },
  {
    code: 'no-loader',
    when: /exec (\/\S+): no such file or directory|exec container process[^\n`]*`([^`]+)`: no such file|exec user process caused[^\n]*no such file|(?:failed to execute|failed to run command) ['"‘]?([^\s'"’]+)['"’]?: no such file|(?:^|: )(\.\/\S+): not found$/im,
    what: 'The image has {found|the program}, but not the loader or the shell that it names; engines then say "no such file".',
    todo: {
      all: [
        'A C program: link it statically, so that it needs no loader: gcc -static',
        'A script: the image must have its shell, and the first line no Windows line end.',
      ],
    },
    lacks: false,
  },
  {
    // Only unshare and chroot of this machine say it so: what they start was unpacked with the right to run.
    code: 'no-exec',
    when: /failed to (?:execute|run command) ['"‘]?(\/[^\s'"’:]*)['"’]?: permission denied/i,
    what: 'This machine lets nobody start {found|the program} in the project folder: its file system forbids programs (noexec), most likely.',
    todo: {
      all: [
        'Use a project folder elsewhere, such as one in /var/tmp.',
        'Or let an engine prove it, which keeps images elsewhere.',
      ],
    },
    lacks: true,
  },
  {
    code: 'not-executable',
    when: /exec: "([^"]+)":[^\n]*(?:permission denied|is a directory)|exec (\S+?)(?: failed)?: permission denied|open executable: permission denied/i,
    what: 'The file {found|to be started} in the image is not an executable program.',
    todo: { all: ['Mark it as executable before the image is built: chmod +x FILE'] },
    lacks: false,
  },
  {
    code: 'buildx-missing',
    when: /buildx component is missing or broken|unknown flag: --(?:progress|output)|invalid value "[^"]*" passed to --progress/i,
    what: 'BuildKit is switched on, but its plugin buildx is not installed.',
    todo: {
      all: [
        'Install it: https://docs.docker.com/go/buildx/',
        'Or build with the classic builder: unset DOCKER_BUILDKIT',
      ],
      win32: [
        'Update Docker Desktop, which brings it.',
        'Or build with the classic builder, in PowerShell: $env:DOCKER_BUILDKIT = "0"',
      ],
    },
    lacks: true,
  },
  {
    code: 'needs-containerd-store',
    when: /multi-platform build is not supported for the docker driver/i,
    what: "The engine's image store holds one architecture of an image at a time.",
    todo: {
      all: [
        'Make one architecture at a time: --arch NAME',
        'Or switch to the containerd store: https://docs.docker.com/engine/storage/containerd/',
      ],
    },
    lacks: true,
  },
  {
    code: 'bad-archive',
    when: /invalid tar header|processing tar file|invalid diffID|wrong diff id|failed to unpack image|docker-import-\d+\/\S+: no such file/i,
    ...BAD_ARCHIVE,
  },
  {
    // Without a word on the archive a registry says the same, when its download breaks off.
    code: 'bad-archive',
    where: 'archive',
    when: /unexpected EOF/i,
    ...BAD_ARCHIVE,
  },
  {
    code: 'out-of-memory',
    when: /killed signal terminated|signal: killed|(?:exit|non-zero) code:? 137\b|cannot allocate memory|\bout of memory|OOMKilled|^(?:#\d+ [\d.]+ )?Killed$/im,
    what: 'The system ended the program, most likely because memory ran out.',
    todo: {
      all: ['Close other programs, or allow the container more memory.'],
      darwin: ['Give Docker Desktop more memory: Settings > Resources > Memory limit.'],
      podman: ['Close other programs; with podman machine: podman machine set --memory 4096'],
      win32: [
        'Give WSL more memory: memory=4GB under [wsl2] in .wslconfig in your user folder, then wsl --shutdown',
      ],
    },
    lacks: true,
  },
]
