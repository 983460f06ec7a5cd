#!/usr/bin/env bash
# Prints a folder with a newer Docker engine, client and buildx, for engine.sh --newer, and with cosign; fetches them the
# first time.
#
#   scripts/newer-engine.sh [SUITE]   SUITE: the release of Debian that they come from, testing unless told
#
# Verified packages of Debian, unpacked and not installed: the programs need no more than this machine's C library. runc
# stays the machine's own. Needs apt, and a mirror among its sources that has the suite.
set -euo pipefail

# shellcheck source=scripts/mirrors.sh
source "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/mirrors.sh"
readonly SUITE=${1:-testing}
readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/create-base-image-tests
readonly PACKAGES=(docker.io docker-cli docker-buildx containerd cosign)

main() {
  local folder mirror
  folder=$CACHE/newer-engine-2-$SUITE-$(dpkg --print-architecture)
  if [ ! -e "$folder/usr/sbin/dockerd" ]; then
    mirror=$(first_mirror "$SUITE") || fail "no http(s) Debian mirror among this machine's apt sources has $SUITE"
    mkdir -p "$CACHE"
    WORK=$(mktemp -d "$CACHE/partial.XXXXXX")
    trap 'rm -rf "$WORK"' EXIT
    fetch "$mirror" || fail "the packages of $SUITE could not be fetched"
    unpack
    works || fail "the engine of $SUITE does not run on this machine"
    # Another run may have been first.
    mv -T "$WORK/tree" "$folder" 2>/dev/null || [ -e "$folder/usr/sbin/dockerd" ]
  fi
  echo "$folder"
}

# Lists of its own, so that the machine's apt stays as it is. A mirror that is kept at one day has old indexes of suites
# that go on, whose signature still counts.
fetch() {
  mkdir -p "$WORK"/lists/partial "$WORK"/debs "$WORK"/parts
  chmod 755 "$WORK" "$WORK"/debs
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $1 $SUITE main" >"$WORK/sources.list"
  apt update && (cd "$WORK/debs" && apt download "${PACKAGES[@]}")
}

apt() {
  apt-get -qq -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root \
    -o Dir::Etc::sourcelist="$WORK/sources.list" -o Dir::Etc::sourceparts="$WORK/parts" \
    -o Dir::State::lists="$WORK/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@" >&2
}

unpack() {
  local deb
  for deb in "$WORK"/debs/*.deb; do dpkg-deb --extract "$deb" "$WORK/tree"; done
  rm -rf "$WORK"/tree/{etc,var,usr/share,usr/lib/systemd,lib}
}

works() {
  local program
  for program in usr/sbin/dockerd usr/bin/containerd usr/bin/docker; do
    "$WORK/tree/$program" --version >/dev/null || return 1
  done
}

fail() {
  echo "newer-engine.sh: $1" >&2
  exit 1
}

main "$@"
