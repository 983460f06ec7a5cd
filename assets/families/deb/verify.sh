#!/bin/sh
# Looks deeper into an image of Debian or Ubuntu than its name tells.
#
#   docker run --rm --interactive IMAGE sh -s -- [ARCHITECTURE [PACKAGE]] < verify.sh
#
# ARCHITECTURE is the one that its packages must be for, by Debian's name (dpkg --print-architecture). PACKAGE is
# what is installed as a test: hello unless told, or the smallest there is where apt knows no hello.
# It changes the container it runs in, which is thrown away.
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
wrong=0 checks=0 stale=''

main() {
  arch=${1:-} package=${2:-}
  [ -z "$arch" ] || check "its packages are for $arch" right_arch
  check "no package lists, downloads or logs came along" nothing_left
  check "no password opens root, and no account is open without one" root_locked
  check "no private key that all would share" no_secret
  check "every package is whole and configured (dpkg --audit)" dpkg --audit
  check "every file is as its package brought it (dpkg --verify)" verify
  check "apt-get update fetches every list" update
  # Without lists nothing can be installed, whatever else is right.
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
  [ "$(dpkg --print-architecture)" = "$arch" ] || echo "they are for $(dpkg --print-architecture)"
}

nothing_left() {
  find /var/lib/apt/lists /var/cache/apt /var/log /tmp /var/tmp -type f -size +0
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

# What dpkg is told to keep out may be missing: a slim image tells it so.
verify() {
  rules=$(sed -n 's/^ *\(path-[a-z]*\)[ =]*/\1 /p' /etc/dpkg/dpkg.cfg /etc/dpkg/dpkg.cfg.d/*)
  dpkg --verify | while read -r what rest; do
    # dpkg before 1.21 calls a missing file changed.
    { [ ! -e "/${rest#*/}" ] && kept_out "/${rest#*/}"; } || echo "$what $rest"
  done
}

# The last rule that fits counts, as for dpkg, and its * stands for slashes too.
kept_out() {
  verdict=''
  while read -r rule glob; do
    case $1 in $glob) verdict=$rule ;; esac
  done <<END
$rules
END
  [ "$verdict" = path-exclude ]
}

# It ends with 0 even when nothing could be fetched, and says nothing when there is no source.
update() {
  apt-get -o Acquire::Retries=3 update >/tmp/update 2>&1 || { cat /tmp/update; return 1; }
  grep -E '^(Err|E:|((W|Warning): (Failed|Some index)))' /tmp/update
  ls /var/lib/apt/lists | grep -q _Packages || echo "no package list was fetched: does apt have a source?"
}

install() {
  [ -n "$package" ] || package=$(new_package)
  [ -n "$package" ] || { echo "apt knows no package that is not installed"; return; }
  apt-get -o Acquire::Retries=3 install --yes --no-install-recommends "$package" >/tmp/install 2>&1 || cat /tmp/install
}

new_package() {
  ! apt-cache show hello >/dev/null 2>&1 || { echo hello && return; }
  apt-cache dumpavail | sed -n '/^Package: /{s///;h;}; /^Size: /{s///;G;s/\n/ /p;}' | sort -n |
    while read -r _ name; do
      dpkg-query --status "$name" >/dev/null 2>&1 || { echo "$name" && break; }
    done
}

main "$@" </dev/null
