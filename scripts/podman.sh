#!/usr/bin/env bash
# Gives tests a Podman with files and settings of its own, apart from any other of this user.
#
#   scripts/podman.sh start [--newer FOLDER] [DIR]   DIR: a new temporary folder
#   scripts/podman.sh stop DIR
#
# start prints lines for the shell:  lines=$(scripts/podman.sh start) && eval "$lines"
# It finds settings that work on this machine and brings ubuntu:20.04. What it needs besides podman: stand-in.sh says.
# --newer FOLDER runs the Podman that newer-podman.sh put there, as root, with a network of its own; it comes first in
# PATH. Everything else it says goes to stderr.
set -euo pipefail

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
readonly HERE
readonly IMAGE=docker.io/library/ubuntu:20.04
readonly MARK=.create-base-image-podman

main() {
  case ${1:-} in
    start) start "${@:2}" ;;
    stop) stop "${2:?which folder?}" ;;
    *) fail "usage: podman.sh start [--newer FOLDER] [DIR] | stop DIR" ;;
  esac
}

start() {
  local newer='' dir
  if [ "${1:-}" = --newer ]; then
    [ -x "${2:-}/usr/bin/podman" ] || fail "--newer needs the folder that newer-podman.sh prints"
    newer=$2 && shift 2
  fi
  dir=${1:-}
  [ -n "$newer" ] || command -v podman >/dev/null || fail "podman is not installed"
  [ -n "$dir" ] || dir=$(mktemp -d "${TMPDIR:-/tmp}/cbi-podman.XXXXXX")
  mkdir -p "$dir" && dir=$(realpath "$dir")
  [ -e "$dir/$MARK" ] || [ -z "$(ls -A "$dir")" ] || fail "$dir holds something else"
  touch "$dir/$MARK"
  STARTING=$dir
  trap interrupted INT TERM HUP
  [ -z "$newer" ] || take_newer "$dir" "$newer" || { stop "$dir" && fail "$REASON"; }
  settle "$dir" || { stop "$dir" && fail "$REASON"; }
  trap - INT TERM HUP
  print_env "$dir"
}

interrupted() {
  trap '' INT TERM HUP
  stop "$STARTING"
  exit 130
}

# A Podman that was started so is known by its folder's file "newer". The network is unmanaged, because what Podman's own rules
# would leave on this machine stays after it.
take_newer() {
  local dir=$1 bridge subnet
  [ "$(id -u)" = 0 ] || { REASON="root is needed for a newer Podman" && return 1; }
  PATH=$dir/bin:$PATH
  [ ! -x "$dir/bin/podman" ] || return 0
  echo "$2" >"$dir/newer"
  "$HERE/podman-root.sh" up "$dir" "$2" || { REASON="the newer Podman has no place to run" && return 1; }
  "$HERE/engine-network.sh" up "$dir/network" || { REASON="the network could not be made" && return 1; }
  read -r bridge subnet <"$dir/network"
  mkdir -p "$dir/net"
  cat >"$dir/net/podman.json" <<END
{
  "name": "podman",
  "id": "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9",
  "driver": "bridge",
  "network_interface": "$bridge",
  "created": "2026-01-01T00:00:00Z",
  "subnets": [{ "subnet": "$subnet.0/24", "gateway": "$subnet.1" }],
  "ipv6_enabled": false,
  "internal": false,
  "dns_enabled": false,
  "options": { "mode": "unmanaged" },
  "ipam_options": { "driver": "host-local" }
}
END
}

# Limits: a container would get more open files than a machine like this one may give, or be counted by a control group
# that only version 1 has here. runc: crun refuses control groups of both versions at once.
settle() {
  local dir=$1 limits runtime
  local few='default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]'
  write_storage "$dir"
  write_settings "$dir" '' ''
  bring_image "$dir" || return 1
  for runtime in '' 'runtime = "runc"'; do
    for limits in '' "$few" 'pids_limit = 0' "pids_limit = 0"$'\n'"$few"; do
      write_settings "$dir" "$limits" "$runtime"
      ! runs "$dir" || return 0
    done
  done
  REASON="no container runs: $(tail -n 1 "$dir/log")"
  return 1
}

write_storage() {
  cat >"$1/storage.conf" <<END
[storage]
driver = "${CBI_PODMAN_DRIVER:-overlay}"
graphroot = "$1/data"
runroot = "$1/run"
END
}

# The capabilities are those that distributions set, without MKNOD.
write_settings() {
  cat >"$1/containers.conf" <<END
[containers]
default_capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"]
$2
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$1/tmp"
$3
[network]
network_config_dir = "$1/net"
END
}

bring_image() {
  local tar
  ! ours "$1" podman image exists "$IMAGE" || return 0
  tar=$("$HERE/stand-in.sh" "$1") || { REASON="there is no stand-in for $IMAGE" && return 1; }
  ours "$1" podman import --change 'CMD ["bash"]' --message 'stand-in: Debian' "$tar" "$IMAGE" >"$1/log" 2>&1 ||
    { REASON="the image could not be imported: $(tail -n 1 "$1/log")" && return 1; }
}

# Without --rm, because crun leaves the control group of a container that it could not start.
runs() {
  local dir=$1 container code=0
  ours "$dir" timeout 60 podman run --cidfile "$dir/container" --pull never --network none "$IMAGE" true >"$dir/log" 2>&1 ||
    code=$?
  container=$(cat "$dir/container" 2>/dev/null) || return 1
  rm -f "$dir/container"
  ours "$dir" podman rm --force "$container" >/dev/null 2>&1 || true
  [ "$code" = 0 ] || remove_group "$container"
  return "$code"
}

ours() {
  local dir=$1
  shift
  env -u CONTAINER_HOST -u CONTAINER_CONNECTION \
    CONTAINERS_CONF="$dir/containers.conf" CONTAINERS_STORAGE_CONF="$dir/storage.conf" "$@"
}

# Files of a rootless Podman belong to its user numbers, which only podman unshare may remove.
stop() {
  local dir
  dir=$(realpath -m "$1")
  [ -d "$dir" ] || return 0
  [ -e "$dir/$MARK" ] || fail "$dir is not a Podman's folder of ours; nothing was removed"
  PATH=$dir/bin:$PATH
  ours "$dir" timeout 60 podman rm --force --all --time 0 >/dev/null 2>&1 || true
  [ "$(id -u)" = 0 ] || ours "$dir" podman unshare rm -rf "$dir/data" || true
  umount "$dir/data/overlay" 2>/dev/null || true
  if [ -e "$dir/newer" ]; then
    "$HERE/podman-root.sh" down "$dir"
    remove_groups "$dir"
    "$HERE/engine-network.sh" down "$dir/network"
  fi
  rm -rf --one-file-system "$dir"
}

# Of containers that were ended here rather than by Podman, as when its place was gone.
remove_groups() {
  local container
  for container in "$1"/data/overlay-containers/*/; do
    [ ! -d "$container" ] || remove_group "$(basename "$container")"
  done
}

remove_group() {
  find /sys/fs/cgroup -depth -type d -path "*/libpod_parent/*$1*" -exec rmdir {} + 2>/dev/null || true
}

print_env() {
  [ ! -e "$1/newer" ] || printf 'export PATH=%q:"$PATH"\n' "$1/bin"
  printf 'unset CONTAINER_HOST CONTAINER_CONNECTION\n'
  printf 'export CONTAINERS_CONF=%q\n' "$1/containers.conf"
  printf 'export CONTAINERS_STORAGE_CONF=%q\n' "$1/storage.conf"
  printf 'export CBI_PODMAN_DIR=%q\n' "$1"
}

fail() {
  echo "podman.sh: $1" >&2
  exit 1
}

main "$@"
