#!/usr/bin/env bash
# Prints a folder with a newer Docker engine, client and buildx, for engine.sh --newer, and with cosign; fetches them the
# first time.
#
#   scripts/newer-engine.sh [SUITE]   SUITE: the release of Debian that they come from, testing unless told
#
# Verified packages of Debian, unpacked and not installed: the programs need no more than this machine's C library. runc
# stays the machine's own. Needs apt, and a mirror among its sources that has the suite.
set -euo pipefail

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
readonly HERE
# shellcheck source=scripts/mirrors.sh
source "$HERE/mirrors.sh"
# shellcheck source=scripts/unpacked.sh
source "$HERE/unpacked.sh"
readonly SUITE=${1:-testing}

main() {
  local folder
  folder=$CACHE/newer-engine-2-$SUITE-$(dpkg --print-architecture)
  if [ ! -e "$folder/usr/sbin/dockerd" ]; then
    start_work
    fetch_alone "$SUITE" docker.io docker-cli docker-buildx containerd cosign ||
      fail "the packages of $SUITE could not be fetched"
    rm -rf "$WORK"/tree/{etc,var,usr/share,usr/lib/systemd,lib}
    works || fail "the engine of $SUITE does not run on this machine"
    take_place "$folder" usr/sbin/dockerd
  fi
  echo "$folder"
}

works() {
  local program
  for program in usr/sbin/dockerd usr/bin/containerd usr/bin/docker; do
    "$WORK/tree/$program" --version >/dev/null || return 1
  done
}

main "$@"
