/** What can be made on a machine where no package can be set up: for the advice of an error. */
export const DISTROLESS_HERE =
  'Or make an image in which no package needs setting up: base files, C library, certificates, time zones, and packages that you name with --include: --variant distroless'

/** Returns the sentence on packages whose scripts did not run. */
export const unrunWords = (packages: readonly string[]): string =>
  `no script of a package has run; these have a postinst that would have: ${packages.join(', ')}`
