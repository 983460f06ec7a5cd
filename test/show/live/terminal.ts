import { PassThrough, Writable } from 'node:stream'

/** A terminal that keeps all it was sent, and knows what would be on its (endless) screen. */
export class FakeTerminal extends Writable {
  readonly isTTY = true
  raw = ''
  columns: number
  rows: number

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.raw += chunk
    done()
  }

  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.emit('resize')
  }

  /** The screen's lines, without the empty ones at its end. */
  get screen(): string[] {
    return screenOf(this.raw)
  }

  get showsCursor(): boolean {
    return this.raw.lastIndexOf('\u001B[?25h') >= this.raw.lastIndexOf('\u001B[?25l')
  }
}

/** A keyboard, with the terminal's raw mode. */
export class FakeKeyboard extends PassThrough {
  readonly isTTY = true
  isRaw = false

  setRawMode(raw: boolean): this {
    this.isRaw = raw
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  get stream(): NodeJS.ReadStream {
    return this as unknown as NodeJS.ReadStream
  }
}

const screenOf = (raw: string): string[] => {
  const lines: string[] = []
  let row = 0
  let column = 0
  for (const [part, text, , count = '', letter] of raw.matchAll(
    /([^\u001B\r\n]+)|(\u001B\[(\??[\d;]*)([A-Za-z]))|[\r\n]/g,
  )) {
    if (part === '\n') row += 1
    if (part === '\n' || part === '\r' || letter === 'G') column = 0
    if (letter === 'A') row = Math.max(0, row - Number(count || 1))
    if (letter === 'K') lines[row] = ''
    if (letter === 'J') throw new Error(`the screen was cleared: ${JSON.stringify(part)}`)
    if (text === undefined) continue
    const line = (lines[row] ?? '').padEnd(column)
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length)
    column += text.length
  }
  return Array.from(lines, line => line ?? '')
    .join('\n')
    .trimEnd()
    .split('\n')
}
