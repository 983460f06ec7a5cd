#!/bin/sh
# Writes a finished root filesystem to stdout as a tar; docker import makes an image of it.
#
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#   sudo sh pack.sh --rootfs DIR > rootfs.tar
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
  # Into /dev/null tar only counts, and reads no file.
  echo "S: $(LC_ALL=C pack --totals --file=/dev/null 2>&1 | sed -n 's/^Total bytes written: \([0-9]*\).*/\1/p')" >&2
  pack --file=-
}

# Numbers for owners, because names differ between machines. No devices: the engine supplies /dev. File
# capabilities, such as ping's, live in an extended attribute; the times that come along would only add bytes.
pack() {
  tar --create --numeric-owner --sort=name --one-file-system --exclude='./dev/*' \
    --xattrs --xattrs-include=security.capability --pax-option=delete=atime,delete=ctime,delete=mtime \
    --directory "$rootfs" "$@" .
}

main "$@" </dev/null
