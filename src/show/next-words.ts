/**
 * Returns the commands that may come next, each with a comment on what it does: beside it where both fit a line of 80
 * columns, else above it. What a shell takes for a comment can be pasted with the command.
 */
export const nextLines = (next: readonly string[]): string[] => {
  const width = Math.max(0, ...next.map(({ length }) => (length <= LONGEST ? length : 0)))
  return next.flatMap(command => {
    const comment = meaningOf(command)
    if (comment === null) return [command]
    const beside = `${command.padEnd(width)}  # ${comment}`
    return beside.length <= ROOM ? [beside] : [`# ${comment}`, command]
  })
}

/** The widest command that others are aligned with. */
const LONGEST = 45

/** The columns of a line, less its indent. */
const ROOM = 76

const meaningOf = (command: string): string | null =>
  MEANINGS.find(([pattern]) => pattern.test(command))?.[1] ?? null

/** What the commands of a plan's `next` do, the more special first. */
const MEANINGS: readonly (readonly [pattern: RegExp, comment: string])[] = [
  [/^(?:docker|podman) run .*--interactive/, 'a shell; exit leaves'],
  [/^(?:docker|podman) run .*--init/, 'starts it; Ctrl-C ends it'],
  [/^(?:docker|podman) run .*--detach/, 'starts it in the background'],
  [/^(?:docker|podman) run .*--platform/, 'runs it, on an engine for that platform'],
  [/^(?:docker|podman) run /, 'runs it once more'],
  [/^(?:docker|podman) load /, 'loads it into an engine'],
  [/^(?:docker|podman) build /, 'an image on top of it'],
  [/^(?:docker|podman) history /, 'its layers and sizes'],
  [/^(?:docker|podman) (?:stop|rm) /, 'ends it'],
  [/^(?:sh|powershell) .*build\.(?:sh|ps1)$/, 'again, without this tool'],
  [/ inspect \S+\.tar\b/, 'what is in it, by layers'],
  [/ inspect /, 'what it needs to start'],
  [/ --libc musl\b/, 'much smaller: its C library is made for static programs'],
  [/ tour$/, 'why a dynamic program fails'],
  [/^skopeo copy /, 'all of it into a registry'],
  [/^cosign verify /, 'whether its signature is by this key'],
]
