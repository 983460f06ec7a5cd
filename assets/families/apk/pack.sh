#!/bin/sh
# Writes a finished root filesystem of Alpine or BusyBox to stdout as a tar; docker import makes an image of it.
#
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# It prints "S: bytes" first, the size of that tar: an importer takes half a tar for a whole one.
set -eu

main() {
  rootfs=/rootfs
  # The container that is started again has bootstrap.sh's options; only one of them is for us.
  while [ $# -gt 0 ]; do
    [ "$1" != --rootfs ] || rootfs=${2:?--rootfs needs a folder}
    shift
  done
  if [ -z "$(ls -A "$rootfs")" ]; then
    echo "pack.sh: $rootfs is empty" >&2
    exit 1
  fi
  cd "$rootfs"
  settle_times
  list=$(mktemp)
  trap 'rm -f "$list"' EXIT
  # No devices: the engine supplies /dev.
  find . -xdev ! -path './dev/*' | LC_ALL=C sort >"$list"
  echo "S: $(pack | wc -c)" >&2
  pack
}

# No file is newer than the newest package, so that the same packages give the same bytes.
settle_times() {
  epoch=$(sed -n 's/^t:\([0-9]*\)$/\1/p' lib/apk/db/installed 2>/dev/null | sort -n | tail -n 1)
  [ -n "$epoch" ] || return 0
  find . -xdev -exec touch -h -d "@$epoch" {} +
}

# GNU tar keeps file capabilities, such as ping's; BusyBox's, which Alpine has, knows no such option.
pack() {
  if tar --version 2>/dev/null | grep -q GNU; then
    tar --create --numeric-owner --no-recursion --xattrs --xattrs-include=security.capability \
      --pax-option=delete=atime,delete=ctime,delete=mtime --files-from "$list" --file=-
  else
    tar -c --no-recursion --numeric-owner -T "$list" -f -
  fi
}

main "$@" </dev/null
