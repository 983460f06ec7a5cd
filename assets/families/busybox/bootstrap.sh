#!/bin/sh
# Makes a root filesystem of one program, BusyBox, in a folder. It runs where Debian's busybox-static is installed.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
set -eu
umask 022

main() {
  rootfs=/rootfs version=''
  while [ $# -gt 0 ]; do
    case $1 in
      --rootfs) rootfs=$2 ;;
      --version) version=$2 ;;
      *)
        echo "bootstrap.sh: $1 is not an option of this script" >&2
        exit 2
        ;;
    esac
    shift 2
  done
  program=$(command -v busybox)
  found=$("$program" | sed -n '1s/^BusyBox v\([0-9.]*\).*/\1/p')
  case $found in "$version".*) ;; *)
    printf 'E: WRONGRELEASE\nEA: %s\nEF: The package is BusyBox %%s\n' "$found"
    exit 1
    ;;
  esac
  echo "T: copy BusyBox $found and make its links"
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
  write_files
  echo "Z: $(du -sx --apparent-size -B1 "$rootfs" | cut -f1) as it is in the image"
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
  printf 'NAME="BusyBox"\nID=busybox\nVERSION_ID="%s"\nVARIANT_ID=glibc\nPRETTY_NAME="BusyBox %s"\n# From Debian'"'s busybox-static %s.\n" \
    "$found" "$version" "$(dpkg-query --show --showformat '${Version}' busybox-static)" >os-release
}

main "$@" </dev/null >&2
