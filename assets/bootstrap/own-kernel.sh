#!/bin/sh
# Configures a root filesystem on this machine's own kernel, without an engine: in namespaces with IDs of their own, no
# network, and a tree in memory that is gone with its last process, whatever ends it.
#
#   OWN_TEXT=$(cat own-kernel.sh) sh -c "$OWN_TEXT" sh probe
#   OWN_TEXT=… sh -c "$OWN_TEXT" sh make BYTES EPOCH [OPTIONS OF configure.sh] < staged.tar > tree.tar
#
# Progress and logs go to stderr, and "F: code subject" for a failure that has a name.
set -eu
umask 022
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin
export LC_ALL=C PATH
cd /

fail() {
  echo "F: $*" >&2
  exit 1
}

# One process holds a new user namespace until another has entered it, which then has all rights in it and none outside.
# The holder ends by its pipe, whatever ends the others.
enter() {
  exec 7<&0
  unshare --user sh -c 'exec 2>&-; echo $$; while sleep 1; do echo; done' </dev/null 7<&- | {
    read -r holder || fail USERNS
    map_ids "$holder" || fail IDS
    code=0
    nsenter --user --target "$holder" unshare --mount --pid --fork --kill-child --net --ipc --uts \
      sh -c "$OWN_TEXT" sh "$@" <&7 7<&- || code=$?
    kill -PIPE "$holder"
    exit "$code"
  }
}

# Packages want 65536 IDs. Root takes such as nobody has, or where it has no more itself, those.
map_ids() {
  if [ "$(id -u)" = 0 ]; then
    for kind in uid gid; do
      echo 0 1879048192 65536 >"/proc/$1/${kind}_map" || echo 0 0 65536 >"/proc/$1/${kind}_map" || return 1
    done 2>/dev/null
  else
    # shellcheck disable=SC2046
    newuidmap "$1" 0 "$(id -u)" 1 $(range uid) && newgidmap "$1" 0 "$(id -g)" 1 $(range gid)
  fi
}

# The first range that is long enough of those that root has given this user.
range() {
  while IFS=: read -r name start count; do
    [ "$name" = "$(id -un)" ] || [ "$name" = "$(id -u)" ] || continue
    [ "$count" -lt 65535 ] || { echo "1 $start 65535" && return; }
  done <"/etc/sub$1"
}

make() {
  bytes=$1 epoch=$2
  shift 2
  cd /tmp
  tar -xpf - --numeric-owner || fail UNPACK
  hostname localhost 2>/dev/null || :
  ip link set lo up 2>/dev/null || :
  unshare --mount --pid --fork --kill-child sh -c "$OWN_TEXT" sh tree "$epoch" "$@" </dev/null >&2
  in_tree tar --create --numeric-owner --sort=name --one-file-system --exclude=./.create-base-image \
    --xattrs --xattrs-include=security.capability --pax-option=delete=atime,delete=ctime,delete=mtime --file=- . </dev/null
}

# What an engine mounts in a container. It is gone with this namespace.
mount_all() {
  for file in hosts hostname resolv.conf; do [ -e "etc/$file" ] || : >"etc/$file"; done
  mount -t proc proc proc
  mount --bind proc/sys proc/sys
  mount -o remount,bind,ro proc/sys
  mount -t sysfs -o ro sysfs sys || :
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/shm dev/pts
  for file in null zero full random urandom tty; do : >"dev/$file" && mount --bind "/dev/$file" "dev/$file"; done
  ln -s /proc/self/fd dev/fd
  ln -s fd/0 dev/stdin
  ln -s fd/1 dev/stdout
  ln -s fd/2 dev/stderr
}

# The rights of the container that configures. Who may not change the root folder can't leave it.
in_tree() {
  [ -x usr/bin/setpriv ] || fail SETPRIV
  exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root HOSTNAME=localhost \
    SOURCE_DATE_EPOCH="$epoch" setpriv --no-new-privs --inh-caps=-all \
    --bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+setfcap,+setgid,+setuid "$@"
}

case ${OWN_NAMESPACE:-}$1 in
  probe | make)
    export OWN_NAMESPACE=in:
    enter "$@"
    ;;
  in:probe) mount -t tmpfs tmpfs /tmp || fail MOUNT ;;
  in:make)
    shift
    mount -t tmpfs -o "mode=755,size=$1" tmpfs /tmp || fail MOUNT
    make "$@"
    ;;
  in:tree)
    cd /tmp
    epoch=$2
    shift 2
    mount_all
    in_tree /bin/sh /.create-base-image/configure "$@"
    ;;
esac
