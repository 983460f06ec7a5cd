import type { OfficialName } from '../ask/wizard/advice.ts'

/** A first Dockerfile that starts from an official image, with a program for it. */
export interface OfficialStart {
  /** The parent image. */
  readonly from: string
  readonly files: Readonly<Record<string, string>>
}

/** Returns what a project that starts from an official image begins with. */
export const officialStart = (name: OfficialName): OfficialStart => {
  const { from, run, start, file, text } = STARTS[name]
  return {
    from,
    files: {
      Dockerfile: dockerfile(from, run, start),
      '.dockerignore': IGNORED,
      [file]: text,
    },
  }
}

const dockerfile = (from: string, run: readonly string[], start: readonly string[]): string => `\
# The parent image: all of its files and notes are inherited. Others keep it up to date.
FROM ${from}

# The folder inside the image in which the following lines work, and the program starts.
WORKDIR /app

# The files of this folder, except what .dockerignore leaves out: a layer of your own.
COPY . .

${run.join('\n')}

# What docker run starts.
CMD ${JSON.stringify(start)}
`

const IGNORED = `# What no image of yours needs.
.git
.gitignore
.dockerignore
Dockerfile
README.md
`

interface Start {
  readonly from: string
  readonly run: readonly string[]
  readonly start: readonly string[]
  readonly file: string
  readonly text: string
}

const GREETING = 'Hello from an image with a parent.'

const STARTS: Readonly<Record<OfficialName, Start>> = {
  python: {
    from: 'python:3-alpine',
    run: [
      '# Runs once, while the image is built; here it compiles. Later: RUN pip install --no-cache-dir -r requirements.txt',
      'RUN python -m compileall -q .',
    ],
    start: ['python', 'app.py'],
    file: 'app.py',
    text: `print("${GREETING}")\n`,
  },
  node: {
    from: 'node:lts-alpine',
    run: [
      '# Runs once, while the image is built; here it checks the program. Later: RUN npm ci --omit=dev',
      'RUN node --check app.js',
    ],
    start: ['node', 'app.js'],
    file: 'app.js',
    text: `console.log('${GREETING}')\n`,
  },
  java: {
    from: 'eclipse-temurin:21-alpine',
    run: ['# Runs once, while the image is built: compiles the program.', 'RUN javac App.java'],
    start: ['java', 'App'],
    file: 'App.java',
    text: `public class App {\n    public static void main(String[] words) {\n        System.out.println("${GREETING}");\n    }\n}\n`,
  },
  debian: {
    from: 'debian:stable-slim',
    run: [
      '# Runs once, while the image is built. What is removed in the same line takes no room in the layer.',
      'RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*',
    ],
    start: ['sh', 'app.sh'],
    file: 'app.sh',
    text: `echo "${GREETING}"\n`,
  },
}
