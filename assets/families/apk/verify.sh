#!/bin/sh
# Looks deeper into an image of Alpine than its name tells.
#
#   docker run --rm --interactive IMAGE sh -s -- [ARCHITECTURE [PACKAGE]] < verify.sh
#
# ARCHITECTURE is the one that its packages must be for, by Alpine's name (apk --print-arch). PACKAGE is what is
# installed as a test: tree unless told. It changes the container it runs in, which is thrown away.
set -u
export LC_ALL=C
wrong=0 checks=0 stale=''

main() {
  arch=${1:-} package=${2:-tree}
  [ -z "$arch" ] || check "its packages are for $arch" right_arch
  check "no downloads or logs came along" nothing_left
  check "no password opens root, and no account is open without one" root_locked
  check "no private key that all would share" no_secret
  check "every file is as its package brought it (apk audit)" apk audit --system
  check "apk update fetches every index" update
  # Without an index nothing can be installed, whatever else is right.
  [ -n "$stale" ] || check "a package installs" install
  [ "$wrong" = 0 ] || exit 1
  echo "all $checks checks passed"
}

# check WORDS COMMAND...: the command prints what is wrong, or nothing.
check() {
  words=$1
  shift
  checks=$((checks + 1))
  found=$("$@" 2>&1) && [ -z "$found" ] && { echo "ok: $words"; return; }
  wrong=1
  [ "$1" != update ] || stale=yes
  echo "E: failed:  $words"
  echo "$found" | tail -n 15
}

right_arch() {
  [ "$(apk --print-arch)" = "$arch" ] || echo "they are for $(apk --print-arch)"
}

nothing_left() {
  find /var/cache/apk /var/log /tmp /var/tmp -type f -size +0
}

no_secret() {
  cd / && secrets
}

{{> families/shared/secrets.sh}}

# What stands before the password is shown, never the password.
root_locked() {
  sed -n '/^root:[*!]/!s/^\(root\):.*/\1 has a password/p; s/^\([^:]*\)::.*/\1 needs none/p' /etc/shadow
  sed -n '/^root:[x*!]/!s/^\(root\):.*/\1 has a password/p; s/^\([^:]*\)::.*/\1 needs none/p' /etc/passwd
}

update() {
  apk update >/tmp/update 2>&1 || { cat /tmp/update; return 1; }
  ! grep -E '^(WARNING|ERROR)' /tmp/update
  [ "$(apk list 2>/dev/null | wc -l)" -gt 0 ] || echo "no index was fetched: does apk have a repository?"
}

install() {
  apk add --no-cache "$package" >/tmp/install 2>&1 || cat /tmp/install
}

main "$@" </dev/null
