#!/usr/bin/env bash
# Prints a folder with a newer Podman and all that it needs, for podman.sh --newer; fetches it the first time.
#
#   scripts/newer-podman.sh [SUITE]   SUITE: the release of Debian that it comes from, testing unless told
#
# Verified packages of Debian, unpacked and not installed. Its C library is newer than this machine's, so the folder
# holds that too: podman-root.sh runs it. Needs root, apt, and a mirror among its sources that has the suite.
set -euo pipefail

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
readonly HERE
# shellcheck source=scripts/mirrors.sh
source "$HERE/mirrors.sh"
# shellcheck source=scripts/unpacked.sh
source "$HERE/unpacked.sh"
readonly SUITE=${1:-testing}
readonly PACKAGES=(podman conmon crun runc netavark)

main() {
  local folder
  folder=$CACHE/newer-podman-$SUITE-$(dpkg --print-architecture)
  if [ ! -e "$folder/usr/bin/podman" ]; then
    start_work
    fetch_whole "$SUITE" "${PACKAGES[@]}" || fail "the packages of $SUITE could not be fetched"
    leave_out
    works || fail "the Podman of $SUITE does not run on this machine"
    take_place "$folder" usr/bin/podman
  fi
  echo "$folder"
}

# Of /etc only what says whose images are taken.
leave_out() {
  mv "$WORK/tree/etc/containers" "$WORK/containers"
  rm -rf "$WORK"/tree/{etc,var,usr/share/{doc,man,locale}}
  mkdir "$WORK/tree/etc"
  mv "$WORK/containers" "$WORK/tree/etc/containers"
}

works() {
  # shellcheck disable=SC2016
  unshare --mount sh -c 'mount --bind "$0/usr" /usr && exec /usr/bin/podman --version' "$WORK/tree" >/dev/null
}

main "$@"
