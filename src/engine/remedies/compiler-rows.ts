import type { RemedyRow } from './row.ts'

/** Functions that came with glibc 2.32 to 2.41, by its NEWS; those that musl 1.2 has too come second. */
const NEWER =
  'sigabbrev_np|sigdescr_np|strerrorname_np|strerrordesc_np|pthread_attr_setsigmask_np|mallinfo2|_Fork|closefrom|execveat|' +
  'timespec_getres|epoll_pwait2|arc4random(?:_buf|_uniform)?|pidfd_(?:open|getfd|send_signal|spawn|spawnp|getpid)|' +
  'process_m(?:advise|release)|fsopen|fsmount|fsconfig|fspick|move_mount|open_tree|mount_setattr|sched_[gs]etattr|__isoc23_\\w+'
const NEWER_IN_MUSL_TOO =
  'strlcpy|strlcat|wcslcpy|wcslcat|gettid|qsort_r|reallocarray|preadv2|pwritev2'

/** It needs no engine. */
const ELSEWHERE = 'Or compile it on a newer system, statically, and give that: --program FILE'

/** What a C compiler and its linker say. */
export const COMPILER_ROWS: readonly RemedyRow[] = [
  {
    code: 'no-static-libc',
    when: /cannot find -lc\b|attempted static link of dynamic object|fatal error: stdio\.h/i,
    what: 'The compiler here cannot link statically: the static C library or its headers are not installed.',
    todo: {
      all: [
        'Debian, Ubuntu: sudo apt-get install libc6-dev   Fedora: sudo dnf install glibc-static',
        'Or compile in a container, which has them: {changed --compile-in container}',
      ],
    },
    lacks: true,
  },
  {
    code: 'older-glibc',
    when: new RegExp(`undefined reference to [\`'](${NEWER_IN_MUSL_TOO})'`),
    what: 'The C library that is linked in is older than the code: it has no {found|such function} yet.',
    todo: {
      all: [
        'Compile in a newer builder: {changed --builder debian:trixie-slim}',
        'Or link musl, which has it: {changed --libc musl}',
      ],
      host: [
        'Compile in a newer builder: {changed --compile-in container --builder debian:trixie-slim}',
        'Or link musl, which has it: {changed --libc musl}',
        ELSEWHERE,
      ],
    },
    lacks: false,
  },
  {
    code: 'older-glibc',
    when: new RegExp(`undefined reference to [\`'](${NEWER})'`),
    what: 'The C library that is linked in has no {found|such function}: glibc has had it since 2.32 or later, and musl does not have it.',
    todo: {
      all: ['Compile in a newer builder: {changed --builder debian:trixie-slim --libc glibc}'],
      host: [
        'Compile in a newer builder: {changed --compile-in container --builder debian:trixie-slim --libc glibc}',
        ELSEWHERE,
      ],
    },
    lacks: false,
  },
  {
    code: 'no-function',
    when: /undefined reference to [`']([^'\n]+)'/,
    what: 'Nothing that is linked in has {found|a function that is called}.',
    todo: {
      all: [
        'Only the one C file is compiled, and only the C library is linked in: put what is missing into the file,',
        'or compile the program yourself, statically, and give that: --program FILE',
      ],
    },
    lacks: false,
  },
  {
    code: 'no-header',
    when: /fatal error: ([^\n:]+): No such file or directory/,
    what: 'The header {found|that is included} is not there.',
    todo: {
      all: [
        'Only the one C file is compiled: put what it includes of yours into it.',
        'A program that needs other libraries: compile it yourself, statically, and give that: --program FILE',
      ],
    },
    lacks: false,
  },
]
