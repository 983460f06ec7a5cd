#!/bin/sh
# Looks deeper into an image than its name tells, whatever its package manager.
#
#   docker run --rm --interactive IMAGE sh -s -- [ARCHITECTURE [PACKAGE]] < verify.sh
#
# ARCHITECTURE is the machine's name (uname -m) that its programs must be for. PACKAGE is what is installed as a test.
# It changes the container it runs in, which is thrown away.
set -u
export LC_ALL=C
wrong=0 checks=0

main() {
  arch=${1:-} package=${2:-}
  manager=$(find_manager)
  [ -z "$arch" ] || check "its programs are for $arch" right_arch
  check "no caches, downloads or logs came along" nothing_left
  check "no password opens root, and no account is open without one" root_locked
  check "no identity of a machine came along" no_identity
  check "the database of packages is whole ($manager)" whole
  case $manager in
    none) echo "ok: it has no package manager, as asked" ;;
    *) check "the package manager refreshes and installs" install ;;
  esac
  [ "$wrong" = 0 ] || exit 1
  echo "all $checks checks passed"
}

find_manager() {
  for manager in apk dnf microdnf zypper pacman; do
    command -v "$manager" >/dev/null 2>&1 && echo "$manager" && return
  done
  if command -v rpm >/dev/null 2>&1; then echo rpm; else echo none; fi
}

# check WORDS COMMAND...: the command prints what is wrong, or nothing.
check() {
  words=$1
  shift
  checks=$((checks + 1))
  found=$("$@" 2>&1) && [ -z "$found" ] && { echo "ok: $words"; return; }
  wrong=1
  echo "E: failed:  $words"
  echo "$found" | tail -n 15
}

right_arch() { [ "$(uname -m)" = "$arch" ] || echo "they are for $(uname -m)"; }

nothing_left() {
  for folder in /var/cache/apk /var/cache/dnf /var/cache/libdnf5 /var/cache/zypp /var/cache/pacman/pkg /var/lib/pacman/sync \
    /var/log /tmp /var/tmp; do
    for file in "$folder"/*; do [ ! -f "$file" ] || [ ! -s "$file" ] || echo "$file"; done
  done
}

# What stands before the password is shown, never the password.
root_locked() {
  for file in /etc/shadow /etc/passwd; do
    [ -f "$file" ] || continue
    while IFS=: read -r name password _; do
      case $name:$password in
        *:) echo "$name needs none" ;;
        root:x | root:\** | root:!*) ;;
        root:*) echo "$name has a password" ;;
      esac
    done <"$file"
  done
}

no_identity() {
  [ ! -s /etc/machine-id ] || grep -qx uninitialized /etc/machine-id || echo "/etc/machine-id is filled"
  ! command -v grep >/dev/null || (cd / && secrets)
}

{{> families/shared/secrets.sh}}

whole() {
  case $manager in
    apk) apk audit --system 2>&1 | grep -vE '^(A|U|d) ' ;;
    dnf | microdnf | zypper | rpm) [ "$(rpm -qa | wc -l)" -gt 0 ] || echo "rpm knows no package"; rpm -Va --nomtime --nouser --nogroup 2>&1 | grep -E '^(missing|..5)' | grep -vE ' c /| (/dev|/proc|/sys|/run)' ;;
    pacman) pacman -Qkq 2>&1 | grep -vE ' /(dev|proc|sys|run)|/usr/share/(man|doc|info|locale|gtk-doc)' ;;
  esac
  return 0
}

install() {
  case $manager in
    apk) apk update && apk add ${package:-tar} ;;
    dnf) dnf --assumeyes install ${package:-which} ;;
    microdnf) microdnf --assumeyes install ${package:-which} ;;
    zypper) zypper --non-interactive refresh && zypper --non-interactive install --no-recommends ${package:-which} ;;
    pacman) pacman-key --init && pacman-key --populate && pacman -Sy --noconfirm ${package:-which} ;;
    rpm) return 0 ;;
  esac >/tmp/install 2>&1 || cat /tmp/install
}

main "$@" </dev/null
