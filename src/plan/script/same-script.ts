import { powershellQuoted, shellWords } from '../../text/shell-words.ts'

/** How a folder's script calls this tool for the same image. */
export interface Calling {
  /** Flags besides the answers and the lock, such as where an archive goes. */
  readonly flags: readonly string[]
}

const NO_LOCK = 'There is no packages.lock here, which says what the image is made of.'

/** By this the tool knows that its project folder does not outlive the call, so that it names nothing in it at the end. */
export const FOLDER_VARIABLE = 'CREATE_BASE_IMAGE_FOLDER'

/** The version of this tool that wrote the lock makes the same bytes of it; the folder itself stays as it is. */
export const callBySh = ({
  flags,
}: Calling): string => `version=$([ ! -e packages.lock ] || sed -n 's/^ "tool": "\\([^"]*\\)".*/\\1/p' packages.lock)
fresh=$(mktemp -d)
# After a failure it stays, with its log.
trap 'case $? in 1 | 3) rmdir "$fresh" 2> /dev/null || true ;; *) rm -rf "$fresh" ;; esac' EXIT
trap 'exit 130' HUP INT TERM
export ${FOLDER_VARIABLE}=removed
npx --yes "create-base-image\${version:+@$version}" "$fresh/image" --yes --answers answers.json \\
  $([ ! -e packages.lock ] || echo --locked packages.lock) \${MIRROR:+--mirror "$MIRROR"}${flags.map(word => ` ${shellWords([word])}`).join('')}
`

/** The same for PowerShell. */
export const callByPowershell = ({
  flags,
}: Calling): string => `$hasLock = Test-Path -LiteralPath packages.lock
$lock = if ($hasLock) { Get-Content -Raw -LiteralPath packages.lock } else { '' }
$locked = if ($hasLock) { '--locked', 'packages.lock' } else { @() }
$version = if ($lock -match '(?m)^ "tool": "([^"]*)"') { '@' + $Matches[1] } else { '' }
$fresh = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
$mirror = if ($env:MIRROR) { '--mirror', $env:MIRROR } else { @() }
$env:${FOLDER_VARIABLE} = 'removed'
try {
  npx --yes "create-base-image$version" "$fresh/image" --yes --answers answers.json @locked @mirror${flags.map(word => ` ${powershellQuoted(word)}`).join('')}
} finally {
  Remove-Item -ErrorAction SilentlyContinue Env:${FOLDER_VARIABLE}
  # After a failure it stays, with its log.
  if (@(1, 3) -notcontains $LASTEXITCODE -or -not (Test-Path -LiteralPath "$fresh/image")) {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $fresh
  }
}
`

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')

/** Returns what in build.sh makes the same image to the last byte. */
export const sameBySh = (calling: Calling): string => `
# build.sh --same: the same image to the last byte, by the create-base-image that made it. It needs Node.
if [ "\${1:-}" = --same ]; then
  [ -e packages.lock ] || { echo '${NO_LOCK}' >&2 && exit 1; }
${indented(callBySh(calling))}  exit
fi
`

/** Returns the same for build.ps1. */
export const sameByPowershell = (calling: Calling): string => `
# build.ps1 -Same: the same image to the last byte, by the create-base-image that made it. It needs Node.
if ($Same) {
  if (-not (Test-Path -LiteralPath packages.lock)) { throw '${NO_LOCK}' }
${indented(callByPowershell(calling))}  exit $LASTEXITCODE
}
`
