/** The file is not an image archive: the message says what it is not and why, `todo` what to do with it. */
export class NotAnArchive extends Error {
  readonly todo: readonly string[]

  constructor(file: string, why: string, todo: readonly string[] = []) {
    super(`${file} is not an image archive: ${why}`)
    this.name = 'NotAnArchive'
    this.todo = todo
  }
}

/** The archive is one of images, but is damaged or would write outside of its directory. */
export class BrokenArchive extends Error {
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[]) {
    super(`${file} cannot be unpacked: ${problems.join('; ')}`)
    this.name = 'BrokenArchive'
    this.problems = problems
  }
}
