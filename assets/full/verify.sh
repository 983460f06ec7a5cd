#!/bin/sh
# Looks deeper into an image of Debian or Ubuntu than its name: docker run --rm --interactive IMAGE sh -s < verify.sh
# It changes the container it runs in, which is thrown away.
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
wrong=0

main() {
  check "no package lists, downloads or logs came along" nothing_left
  check "root is locked: no password opens it" root_locked
  check "every package is whole and configured (dpkg --audit)" audit
  check "every file is as its package brought it (dpkg --verify)" verify
  check "apt-get update fetches every list" update
  check "a package installs" install
  [ "$wrong" = 0 ] || exit 1
  echo "all six checks hold"
}

# check WORDS COMMAND: the command prints what is wrong, or nothing.
check() {
  found=$("$2" 2>&1) && [ -z "$found" ] && { echo "ok: $1"; return; }
  wrong=1
  echo "E: not so: $1"
  echo "$found" | tail -n 15
}

nothing_left() {
  find /var/lib/apt/lists /var/cache/apt /var/log -type f -size +0 2>/dev/null
}

root_locked() {
  sed -n '/^root:[*!]/!{/^root:/s/:.*//p}' /etc/shadow
}

audit() {
  dpkg --audit
}

# What dpkg is told to leave out may be missing.
verify() {
  dpkg --verify | grep -v '^missing  *\(c \)\{0,1\}/usr/share/\(doc\|man\|info\|lintian\|locale\)/'
  return 0
}

# It ends with 0 even when nothing could be fetched.
update() {
  apt-get update >/tmp/update 2>&1 || { cat /tmp/update; return 1; }
  grep -E '^(W|E|Err)' /tmp/update
  return 0
}

# One that is small and on no minimal system.
install() {
  apt-get install --yes --no-install-recommends "${1:-hello}" >/tmp/install 2>&1 || cat /tmp/install
}

main "$@" </dev/null
