import { SBOMS } from '../names.ts'

/**
 * Returns the lines of a folder's POSIX script that set aside the lists of what an earlier image is made of: once the new one is
 * made they would be taken for its own.
 */
export const shSetAside = (): string => `
# Lists of what is in an earlier image do not describe this one.
for list in ${SBOMS.join(' ')}; do
  [ ! -e "$list" ] || { mv -f "$list" "$list.old" && echo "$list describes an earlier image, and is $list.old now."; }
done
`

/** Returns the same for PowerShell. */
export const psSetAside = (): string => `
# Lists of what is in an earlier image do not describe this one.
foreach ($list in ${SBOMS.map(file => `'${file}'`).join(', ')}) {
  if (Test-Path -LiteralPath $list) {
    Move-Item -Force -LiteralPath $list -Destination "$list.old"
    "$list describes an earlier image, and is $list.old now."
  }
}
`
