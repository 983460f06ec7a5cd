#!/usr/bin/env bash
# A place where a newer Podman runs: a namespace of mounts, in which /usr is that of newer-podman.sh and nearly all else
# is this machine's. DIR/bin/podman enters it, in the same folder and with the same environment.
#
#   scripts/podman-root.sh up DIR FOLDER   FOLDER: what newer-podman.sh prints
#   scripts/podman-root.sh down DIR
#
# A process, DIR/holder, keeps the namespace; when the last process in it ends, so do the mounts. Needs root.
set -euo pipefail

main() {
  case ${1:-} in
    up) up "$2" "$3" ;;
    down) down "$2" ;;
    *) fail "usage: podman-root.sh up DIR FOLDER | down DIR" ;;
  esac
}

up() {
  local dir=$1 folder=$2 holder
  # shellcheck disable=SC2016
  setsid unshare --mount --propagation slave bash -c 'exec -a "$0" sleep infinity' "$dir/holder" \
    </dev/null >/dev/null 2>&1 &
  holder=$!
  wait_for "$holder" "$dir"
  if ! mount_all "$dir" "$folder" "/proc/$holder/ns/mnt"; then
    down "$dir"
    fail "the mounts could not be made"
  fi
  write_client "$dir" "$holder"
}

wait_for() {
  local until=$((SECONDS + 10))
  until [[ $(arguments_of "$1") == "$2/holder "* ]]; do
    [ $SECONDS -lt $until ] || fail "a namespace of mounts could not be made"
    sleep 0.05
  done
}

# What a Podman keeps in /run and /dev/shm is not for another one of this machine. Control groups are shown as most
# machines have them today, of version 2 alone. /usr comes last: after it the programs are the newer ones, and mount is
# not among them.
mount_all() {
  local dir=$1 folder=$2 space=$3 names
  names=$(realpath -m /etc/resolv.conf)
  [ ! -e "$names" ] || cp "$names" "$dir/resolv.conf"
  nsenter --mount="$space" mount -t overlay -o "ro,lowerdir=$folder/etc:/etc" overlay /etc &&
    nsenter --mount="$space" mount -t tmpfs tmpfs /run &&
    nsenter --mount="$space" mount -t tmpfs tmpfs /dev/shm &&
    nsenter --mount="$space" mount -t cgroup2 cgroup2 /sys/fs/cgroup || return 1
  # On some machines /etc/resolv.conf is a link into /run.
  if [[ $names == /run/* && -e $dir/resolv.conf ]]; then
    nsenter --mount="$space" install -D -m 644 "$dir/resolv.conf" "$names" || return 1
  fi
  nsenter --mount="$space" mount --bind "$folder/usr" /usr
}

# When the holder has ended, its number may be another process's.
write_client() {
  local dir=$1 space=/proc/$2/ns/mnt
  mkdir -p "$dir/bin"
  cat >"$dir/bin/podman" <<END
#!/bin/sh
[ "\$(readlink $space)" = '$(readlink "$space")' ] || { echo "the newer Podman of $dir has stopped" >&2 && exit 125; }
exec nsenter --mount=$space --wdns="\$PWD" /usr/bin/podman "\$@"
END
  chmod +x "$dir/bin/podman"
}

# Any process in the namespace that names DIR tells which namespace it is, also where the holder was killed.
down() {
  local dir=$1 process space here
  here=$(space_of self)
  for process in $(processes); do
    [[ $(arguments_of "$process") == *"$dir/"* ]] || continue
    space=$(space_of "$process")
    [ -z "$space" ] || [ "$space" = "$here" ] || end_all "$space"
    # One that has not come to its namespace yet.
    [[ $(arguments_of "$process") != *"$dir/holder"* ]] || kill -KILL "$process" 2>/dev/null || true
  done
  rm -f "$dir/bin/podman" "$dir/resolv.conf"
}

# Twice, for what one of them started meanwhile.
end_all() {
  local process
  for process in $(processes) $(processes); do
    [ "$(space_of "$process")" = "$1" ] || continue
    kill_children "$process"
    kill -KILL "$process" 2>/dev/null || true
  done
}

# The first process of a container is a child of its conmon, with mounts of its own.
kill_children() {
  local child
  { grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status || true; } | cut -d/ -f3 | while read -r child; do
    kill -KILL "$child" 2>/dev/null || true
  done
}

processes() {
  local process
  for process in /proc/[0-9]*; do echo "${process#/proc/}"; done
}

space_of() {
  readlink "/proc/$1/ns/mnt" 2>/dev/null || true
}

arguments_of() {
  { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true
}

fail() {
  echo "podman-root.sh: $1" >&2
  exit 1
}

main "$@"
