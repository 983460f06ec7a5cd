import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Asked, Fault, KeptContainer, KeptImage, Play, Script } from './recorder.ts'
import { splitTag, tagged } from './template.ts'
import { containerView, filled, hasFilter, imageView, INFO, VERSION } from './views.ts'
import { archOf, cmdOf, formatOf, labelsOf, parse, valuesOf, type Options } from './words.ts'

/** How a command of a client is called, and where its output goes. */
export interface Call {
  readonly program: string
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** All of stdin. */
  readonly stdin: () => Promise<Buffer>
  readonly stdout: (bytes: Buffer) => void
  readonly stderr: (text: string) => void
  /** Ends the call. */
  readonly signal: AbortSignal
  /** The bound on a short answer; null for a client that is listened to until it ends. */
  readonly seconds: number | null
}

/** The name of an image that has none. */
const NONE = '<none>:<none>'

/** The engine: what it holds, what it was asked, and what is played instead of programs. */
export class Engine {
  script: Script
  readonly asked: Asked[] = []
  /** Calls that no client would take, and those that nothing was played for. */
  readonly refused: string[] = []
  readonly read: { line: string; bytes: Buffer }[] = []
  readonly containers = new Map<string, KeptContainer>()
  readonly images = new Map<string, KeptImage>()
  #count = 0

  constructor(script: Script) {
    this.script = script
  }

  /** Runs one command as the client would. Returns its exit code; null when it was ended. */
  async call(call: Call): Promise<number | null> {
    try {
      const asked = parse(call)
      this.asked.push(asked)
      const fault = this.#fault([asked.command, ...asked.words].join(' '))
      return fault === undefined ? await this.#do(asked, call) : await this.#play(fault, call)
    } catch (error) {
      const { message } = error as Error
      this.refused.push(message)
      call.stderr(`${message}\n`)
      return 125
    }
  }

  image(name: string, change: Partial<KeptImage> = {}): KeptImage {
    const plain = { os: 'linux', arch: 'amd64', size: 1000, labels: {}, cmd: null }
    const made = { id: this.#digest(), name: tagged(name), ...plain, ...change }
    this.#name(made)
    return made
  }

  /** An image that loses its name to another one stays without one. */
  #name(made: KeptImage): void {
    const before = this.images.get(made.name)
    this.images.set(made.name, made)
    // One that gets a name is no longer one without.
    if (this.images.get(made.id)?.name === NONE) this.images.delete(made.id)
    if (before === undefined || before.id === made.id || this.#names(before.id).length > 0) return
    this.images.set(before.id, { ...before, name: NONE })
  }

  #names(id: string): string[] {
    return [...this.images.values()]
      .filter(image => image.id === id && image.name !== NONE)
      .map(({ name }) => name)
  }

  /** The last name of an image goes only with the containers that were made of it; `--force` takes names alone. */
  #isUsed({ id }: KeptImage, force: boolean): boolean {
    if (force || this.#names(id).length > 1) return false
    return [...this.containers.values()].some(({ image }) => image === id)
  }

  #digest(): string {
    return `sha256:${this.#id()}`
  }

  #id(): string {
    return String(++this.#count).padStart(64, 'a')
  }

  #fault(line: string): Fault | undefined {
    return (this.script.faults ?? []).find(({ to, times = Infinity }) => {
      const same = this.asked.filter(one => [one.command, ...one.words].join(' ').startsWith(to))
      return line.startsWith(to) && same.length <= times
    })
  }

  async #play(play: Play | Fault, call: Call): Promise<number | null> {
    const { stdout = '', stderr = '', exitCode = 0, hangs = false } = play
    const encoding = 'encoding' in play ? play.encoding : 'utf8'
    if (stderr !== '') call.stderr(stderr)
    if (stdout !== '') call.stdout(Buffer.from(stdout, encoding))
    if (hangs) return new Promise(resolve => onAbort(call.signal, () => resolve(null)))
    return exitCode
  }

  #container(word: string): KeptContainer | undefined {
    return [...this.containers.values()].find(({ id, name }) => id === word || name === word)
  }

  #image(word: string): KeptImage | undefined {
    const isIt = ({ id }: KeptImage): boolean => [id, id.replace('sha256:', '')].includes(word)
    return this.images.get(tagged(word)) ?? [...this.images.values()].find(isIt)
  }

  #do({ command, options, words, program }: Asked, call: Call): number | Promise<number | null> {
    const print = (text: string): number => (call.stdout(Buffer.from(`${text}\n`)), 0)
    const say = (text: string): number => (call.stderr(`${text}\n`), 1)
    const show = (values: readonly object[]): number => {
      for (const value of values) print(filled(formatOf(options), value))
      return 0
    }
    const [first = '', second = ''] = words
    switch (command) {
      case 'version':
        return show([{ ...VERSION, ...VERSION.Client }])
      case 'info':
        return show([INFO[program as keyof typeof INFO]])
      case 'context inspect':
        return show([{ Endpoints: { docker: { Host: 'unix:///run/docker.sock' } } }])
      case 'buildx version':
      case 'system dial-stdio':
        return say(`no ${command} here`)
      case 'image inspect': {
        const found = this.#image(first)
        return found === undefined
          ? say(`Error: No such image: ${first}`)
          : show([{ ...imageView(found, program), RepoTags: this.#names(found.id) }])
      }
      case 'images':
        return show(
          [...this.images.values()]
            .filter(
              ({ name }) =>
                first === '' || name === tagged(first) || splitTag(name).Repository === first,
            )
            .map(image => imageView(image, program))
            .filter(hasFilter(options['--filter'])),
        )
      case 'history':
        return show((this.#image(first)?.history ?? []).map(CreatedBy => ({ CreatedBy })))
      case 'pull': {
        const offered = this.script.registry?.[first]
        if (offered === undefined) return say(`manifest for ${first} not found`)
        this.image(first, { ...archOf(options), ...offered })
        return print(`Status: Downloaded newer image for ${first}`)
      }
      case 'create':
        return this.#create(options, words, print, say)
      case 'cp': {
        const found = this.#container(second.split(':')[0]!)
        if (found === undefined) return say(`No such container: ${second}`)
        found.copied.push([first, second.split(':')[1]!])
        return 0
      }
      case 'start':
        return this.#start(options, first, call, say)
      case 'inspect': {
        const found = this.#container(first)
        return found === undefined ? say(`No such object: ${first}`) : show([containerView(found)])
      }
      case 'kill':
        return this.#container(first) === undefined
          ? say(`No such container: ${first}`)
          : this.#end(first)
      case 'top':
        return this.#container(first)?.status === 'running' ? print('PID\n1') : say('not running')
      case 'rm': {
        const found = this.#container(first)
        if (found === undefined) return say(`Error: No such container: ${first}`)
        if (found.status === 'running' && options['--force'] !== true) return say('it is running')
        this.#end(first)
        this.containers.delete(found.id)
        return print(first)
      }
      case 'ps':
        return show(
          [...this.containers.values()]
            .filter(({ status }) => options['--all'] === true || status === 'running')
            .map(containerView)
            .filter(hasFilter(options['--filter'])),
        )
      case 'commit': {
        const found = this.#container(first)
        if (found === undefined) return say(`No such container: ${first}`)
        const labels = { ...found.labels, ...labelsOf(options) }
        return print(this.image(second, { labels, cmd: cmdOf(options) }).id)
      }
      case 'tag': {
        const found = this.#image(first)
        if (found === undefined) return say(`No such image: ${first}`)
        this.#name({ ...found, name: tagged(second) })
        return 0
      }
      case 'image rm':
      case 'rmi': {
        const found = this.#image(first)
        if (found === undefined) return say(`No such image: ${first}`)
        if (this.#isUsed(found, options['--force'] === true))
          return say(`unable to remove ${first}: it is used by a container`)
        this.images.delete(found.name === NONE ? found.id : found.name)
        return print(`Untagged: ${first}`)
      }
      case 'export': {
        const found = this.#container(first)
        if (found === undefined) return say(`No such container: ${first}`)
        call.stdout(this.script.exported ?? Buffer.alloc(0))
        return 0
      }
      case 'import':
        return this.#import(options, words, call, print)
      case 'build': {
        readFileSync(join(call.cwd, first, 'Dockerfile'))
        const tag = (options['--tag'] as readonly string[])[0]!
        const { id } = this.image(tag, { ...archOf(options), ...this.script.built })
        return print(`Step 1/3 : FROM scratch\nSuccessfully built ${id.slice(7, 19)}`)
      }
    }
    throw new Error(`${command} is not played.`)
  }

  #create(
    options: Options,
    [image = '', ...command]: readonly string[],
    print: (text: string) => number,
    say: (text: string) => number,
  ): number {
    const found = this.#image(image)
    if (found === undefined) return say(`Unable to find image '${image}' locally`)
    const id = this.#id()
    const given = valuesOf(options, '--label').map(text => text.split(/=(.*)/s).slice(0, 2))
    this.containers.set(id, {
      id,
      name: valuesOf(options, '--name')[0] ?? id,
      labels: { ...found.labels, ...(Object.fromEntries(given) as Record<string, string>) },
      status: 'created',
      exitCode: 0,
      oom: false,
      image: found.id,
      line: [image, ...command].join(' '),
      starts: 0,
      copied: [],
      gone: new AbortController(),
    })
    return print(id)
  }

  async #start(
    options: Options,
    word: string,
    call: Call,
    say: (text: string) => number,
  ): Promise<number | null> {
    const found = this.#container(word)
    if (found === undefined) return say(`Error: No such container: ${word}`)
    const { line, starts } = found
    const due = (this.script.plays ?? []).find(
      ({ of, start = starts }) => line.includes(of) && start === starts,
    )
    if (due === undefined) throw new Error(`Nothing is played for: ${line}`)
    Object.assign(found, { status: 'running', starts: starts + 1 })
    if (options['--interactive'] === true) this.read.push({ line, bytes: await call.stdin() })
    const signal = AbortSignal.any([call.signal, found.gone.signal])
    const ended = await this.#play(due, { ...call, signal })
    if (ended === null) return call.signal.aborted ? null : 137
    Object.assign(found, { status: 'exited', exitCode: ended, oom: due.oom ?? false })
    return due.clientCode ?? ended
  }

  async #import(
    options: Options,
    [from, name = '']: readonly string[],
    call: Call,
    print: (text: string) => number,
  ): Promise<number> {
    if (from !== '-') throw new Error('An import reads stdin.')
    const bytes = await call.stdin()
    if (call.signal.aborted) return 1
    this.read.push({ line: `import ${name}`, bytes })
    const notes = { labels: labelsOf(options), cmd: cmdOf(options), size: bytes.length }
    return print(this.image(name, { ...notes, ...archOf(options), ...this.script.imported }).id)
  }

  #end(word: string): number {
    const found = this.#container(word)!
    found.gone.abort()
    Object.assign(found, { status: 'exited', exitCode: 137 })
    return 0
  }
}

const onAbort = (signal: AbortSignal, then: () => void): void => {
  if (signal.aborted) then()
  else signal.addEventListener('abort', then, { once: true })
}
