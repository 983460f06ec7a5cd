/**
 * Returns whether a line is for a person, for a client's stderr, line by line: its note that the classic builder is
 * deprecated, three lines and an empty one, is not. Nobody asked for that builder: it is what works with this client.
 * Both notes of docker/cli (cmd/docker/builder.go) begin alike.
 */
export const withoutBuilderNote = (): ((line: string) => boolean) => {
  let inNote = false
  return line => {
    if (NOTE.test(line)) {
      inNote = true
      return false
    }
    const isNote = inNote && REST.test(line)
    inNote = isNote && line !== ''
    return !isNote
  }
}

const NOTE = /^DEPRECATED: The legacy builder is deprecated\b/
/** The lines of it that follow are indented as the first one's words are. */
const REST =
  /^ {12}(?:Install the buildx|https:\/\/docs\.docker\.com\/|BuildKit is currently|environment-variable)|^$/
