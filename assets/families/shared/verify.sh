#!/bin/sh
# Looks deeper into an image than its name tells: of the families of dnf, zypper and pacman.
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
  [ "$manager" = none ] || check "every file is as its package brought it ($manager)" whole
  case $manager in
    none | rpm) echo "note: it has no program that fetches packages, so none was asked" ;;
    *) check "the package manager refreshes and installs" install ;;
  esac
  [ "$wrong" = 0 ] || exit 1
  echo "all $checks checks passed"
}

find_manager() {
  for manager in dnf5 dnf microdnf zypper pacman rpm none; do
    # A file, because BusyBox has an rpm of its own within.
    case $(command -v "$manager") in /*) break ;; esac
  done
  echo "$manager"
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
  # Without find, which a small image may lack.
  for folder in /var/cache/dnf /var/cache/libdnf5 /var/cache/zypp /var/cache/pacman/pkg /var/lib/pacman/sync \
    /var/log /tmp /var/tmp; do
    for file in "$folder"/* "$folder"/*/* "$folder"/*/*/* "$folder"/*/*/*/*; do [ ! -f "$file" ] || [ ! -s "$file" ] || echo "$file"; done
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
    *dnf* | zypper | rpm) [ "$(rpm -qa | wc -l)" -gt 0 ] || echo "rpm knows no package"; rpm -Va --nomtime --nouser --nogroup 2>&1 | grep -E '^(missing|..5|Unsat)' | grep -vE ' c /| (/dev|/proc|/sys|/run)' ;;
    pacman) { pacman -Qkq; pacman -Dkq; } 2>&1 | grep -vE '^warning: database file| /(dev|proc|sys|run)|/usr/share/(man|doc|info|locale|gtk-doc)' ;;
  esac
  return 0
}

install() {
  case $manager in
    *dnf*) "$manager" --assumeyes install ${package:-which} ;;
    zypper) zypper --non-interactive refresh && zypper --non-interactive install --no-recommends ${package:-which} ;;
    pacman) pacman-key --init && pacman-key --populate && pacman -Sy --noconfirm ${package:-which} ;;
  esac >/tmp/install 2>&1 || cat /tmp/install
}

main "$@" </dev/null
