#!/usr/bin/env bash
# Prints the path of a tar that stands in for the files of an image; makes it the first time.
#
#   scripts/stand-in.sh DIR [SUITE]   DIR: where to work; SUITE: a release of Debian, bullseye unless told
#
# bullseye stands in for ubuntu:20.04, because it has the same glibc, 2.31. It comes from a mirror of this machine's
# own apt sources, which the files keep as their own source. Needs root, debootstrap and wget the first time.
set -euo pipefail

# shellcheck source=scripts/mirrors.sh
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/mirrors.sh"
readonly SUITE=${2:-bullseye}
readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/create-base-image-tests

main() {
  local work=${1:?which folder?} mirror
  ! cached || return 0
  mirror=$(first_mirror "$SUITE") || fail "no http(s) Debian mirror among this machine's apt sources has $SUITE"
  make "$work" "$mirror" "$(archive_for "$mirror")"
  archive_for "$mirror"
}

cached() {
  local mirror archive
  while read -r mirror; do
    archive=$(archive_for "$mirror")
    [ ! -s "$archive" ] || { echo "$archive" && return 0; }
  done < <(mirrors)
  return 1
}

archive_for() {
  echo "$CACHE/$SUITE-$(dpkg --print-architecture)-$(printf %s "$1" | cksum | cut -d' ' -f1).tar"
}

make() {
  local root=$1/rootfs mirror=$2 archive=$3
  command -v debootstrap >/dev/null || fail "debootstrap is not installed"
  say "making a stand-in from Debian $SUITE; it is kept in $CACHE"
  debootstrap --variant=minbase --force-check-gpg "$SUITE" "$root" "$mirror" >"$1/debootstrap.log" 2>&1 || {
    tail -n 5 "$1/debootstrap.log" >&2
    rm -rf --one-file-system "$root"
    fail "debootstrap of $SUITE failed"
  }
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  keep "$root" "$archive"
  rm -rf "$root"
}

# Two runs at once may both get here: each writes a file of its own and the last rename wins.
keep() {
  mkdir -p "$CACHE"
  PARTIAL=$(mktemp "$CACHE/partial.XXXXXX")
  trap 'rm -f "$PARTIAL"' EXIT
  tar --numeric-owner --one-file-system -C "$1" -cf "$PARTIAL" .
  mv "$PARTIAL" "$2"
}

say() {
  echo "stand-in.sh: $1" >&2
}

fail() {
  say "$1"
  exit 1
}

main "$@"
