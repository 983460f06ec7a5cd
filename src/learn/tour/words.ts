import type { SceneName } from './types.ts'

/** What is said at a stop: before its commands, and after them. */
export interface SceneWords {
  readonly title: string
  readonly before: string
  readonly after: string
}

/** The words of the tour. They say only what holds for every engine; what happened is what the commands printed. */
export const SCENE_WORDS: Readonly<Record<SceneName, SceneWords>> = {
  compile: {
    title: 'One program, made in four ways',
    before:
      'The program prints one line. It is compiled dynamically, as compilers do by default; statically with glibc; statically with musl, a small C library; and written without any library, as two system calls.',
    after:
      'The dynamic one looks small, but it is not all there: it borrows the C library when it starts. The static ones bring along what they need. The last one needs nothing but the kernel.',
  },
  run: {
    title: 'Each one alone in an empty image',
    before:
      'Each program is put FROM scratch into an image of its own, which holds that one file, and a container is made from it. Guess first: which of the four will run?',
    after:
      'One failed, with "no such file or directory". But its file is in the image, where the others are in theirs. So which file is it that does not exist?',
  },
  loader: {
    title: 'The file that is missing',
    before:
      'The header of a program says what it needs before it can start. Here are those of the dynamic program and of a static one.',
    after:
      'The missing file is the loader, not the program. The kernel opens the program, reads there which loader to start first, does not find it, and says only that a file is missing. A static program names no loader.',
  },
  shell: {
    title: 'A start command that needs a shell',
    before:
      'This image holds the static program, which has just run. Only its CMD is another one: CMD /hello, without brackets and quotes.',
    after:
      'Without brackets CMD is a line for /bin/sh, and there is no shell in an empty image. CMD ["/hello"] starts the program itself.',
  },
  certificates: {
    title: 'What certificates change',
    before:
      'A program that speaks https trusts a server because somebody on a list vouches for it. This one only counts the entries of that list. Once its image holds the program alone, and once the list too.',
    after:
      'It is one text file. Without it every https connection fails, however good the program is. What puts it in: create-base-image --with ca-certificates',
  },
}
