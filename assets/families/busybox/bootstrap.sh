#!/bin/sh
# Makes a root filesystem of one program, BusyBox, in a folder: glibc's of Debian's signed package, which apt verifies, or
# musl's of Alpine's, which apk does. No script of a package runs.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
set -eu
umask 022

main() {
  read_options "$@"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo "T: get busybox-static of ${branch:-$suite}"
  if [ -n "$branch" ]; then from_alpine; else from_debian; fi
  program=$(ls "$work/tree/bin/$name" "$work/tree/usr/bin/$name" 2>/dev/null | head -n 1)
  found=$("$program" | sed -n '1s/^BusyBox v\([0-9.]*\).*/\1/p')
  case $found in "$version".*) ;; *)
    printf 'E: WRONGRELEASE\nEA: %s\nEF: The package is BusyBox %%s\n' "$found"
    exit 1
    ;;
  esac
  echo "T: copy BusyBox $found and make its links"
  make_tree
  write_files
  echo "Z: $(find "$rootfs" -type f -exec cat {} + | wc -c) as it is in the image"
}

read_options() {
  rootfs=/rootfs version='' suite='' branch='' repository='' mirror='' archive='' keyring=''
  while [ $# -gt 0 ]; do
    case ${2:---} in --*) wrong "$1 is not an option of this script, or has no value" ;; esac
    case $1 in
      --rootfs) rootfs=$2 ;;
      --version) version=$2 ;;
      --suite) suite=$2 ;;
      --branch) branch=$2 ;;
      --repository) repository=$2 ;;
      --mirror) mirror=${2%/} ;;
      --archive) archive=${2%/} ;;
      --keyring) keyring=$(readlink -f "$2") || wrong "$2 is not there" ;;
      *) wrong "$1 is not an option of this script" ;;
    esac
    shift 2
  done
  [ -n "$suite$branch" ] || wrong '--suite or --branch is missing'
}

wrong() {
  echo "bootstrap.sh: $1" >&2
  exit 2
}

# --- get: the package, verified ---

# With a mirror or keys of one's own nothing else is asked or believed. Else the builder's own sources may be the nearest.
from_debian() {
  set -- -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any -o Acquire::Languages=none -o Acquire::Retries=3
  package=busybox-static/$suite
  if [ -n "$mirror$keyring" ]; then
    signer=$keyring
    for file in /usr/share/keyrings/debian-archive-keyring.[gp][gp][gp]; do
      [ ! -e "$file" ] || signer=${signer:-$file}
    done
    echo "deb ${signer:+[signed-by=$signer] }${mirror:-$archive} $suite main" >"$work/list"
    set -- "$@" -o Dir::Etc::SourceList="$work/list" -o Dir::Etc::SourceParts=-
    package=busybox-static
  fi
  cd "$work"
  apt-get "$@" update
  apt-get "$@" download "$package"
  dpkg-deb --extract busybox-static_*.deb tree
  name=busybox libc=glibc from="Debian's busybox-static $(dpkg-deb --field busybox-static_*.deb Version)"
}

from_alpine() {
  [ -n "$mirror" ] ||
    mirror=$(sed -n "s|^\(https*://[^@]*\)/$branch/$repository/*\$|\1|p" /etc/apk/repositories | head -n 1)
  echo "${mirror:-$archive}/$branch/$repository" >"$work/list"
  mkdir "$work/keys" "$work/tree"
  if [ -z "$keyring" ]; then cp /etc/apk/keys/* "$work/keys/"; else add_key; fi
  apk add --root "$work/tree" --initdb --no-scripts --keys-dir "$work/keys" --repositories-file "$work/list" \
    --no-cache busybox-static
  name=busybox.static libc=musl from="Alpine's busybox-static-$(cat "$work"/tree/lib/apk/db/installed "$work"/tree/usr/lib/apk/db/installed \
    2>/dev/null | sed -n '/^P:busybox-static$/,/^$/s/^V://p')"
}

# apk believes a key by its file's name, which may have been lost on the way here: the signature of the index tells it.
add_key() {
  key=$(wget -q -O - "$(cat "$work/list")/$(apk --print-arch)/APKINDEX.tar.gz" | tar -tzf - |
    sed -n 's/^\.SIGN\.RSA[0-9]*\.\([^/]*\)$/\1/p' | head -n 1) || key=''
  cp "$keyring" "$work/keys/${key:-${keyring##*/}}"
}

# --- make: the program becomes a tree ---

make_tree() {
  for folder in bin dev etc home proc root run sbin sys tmp usr/bin usr/sbin var/log var/spool var/tmp; do
    mkdir -p "$rootfs/$folder"
  done
  chmod 700 "$rootfs/root"
  chmod 1777 "$rootfs/tmp" "$rootfs/var/tmp"
  chmod 555 "$rootfs/proc" "$rootfs/sys"
  cp "$program" "$rootfs/bin/busybox"
  chmod 755 "$rootfs/bin/busybox"
  "$program" --list-full | while read -r path; do
    [ "$path" = bin/busybox ] || ln -s /bin/busybox "$rootfs/$path"
  done
}

write_files() {
  cd "$rootfs/etc"
  echo root:x:0:0:root:/root:/bin/sh >passwd
  printf '%s:/bin/false\n' daemon:x:1:1:daemon:/usr/sbin mail:x:8:8:mail:/var/spool/mail \
    www-data:x:33:33:www-data:/var/www nobody:x:65534:65534:nobody:/home >>passwd
  printf '%s:\n' root:x:0 daemon:x:1 mail:x:8 www-data:x:33 users:x:100 nobody:x:65534 >group
  sed 's/:.*/:*:::::::/' passwd >shadow
  chmod 640 shadow
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >hosts
  printf 'hosts: files dns\n' >nsswitch.conf
  printf 'NAME="BusyBox"\nID=busybox\nVERSION_ID="%s"\nVARIANT_ID=%s\nPRETTY_NAME="BusyBox %s"\n# From %s.\n' \
    "$found" "$libc" "$version" "$from" >os-release
}

main "$@" </dev/null >&2
