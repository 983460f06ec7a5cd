#!/usr/bin/env bash
# Gives tests a Docker engine of their own, apart from any engine of this machine.
#
#   scripts/engine.sh start [--small MB] [--no-images] [--with SUITE,SUITE] [--newer FOLDER] [DIR]   DIR: a new temporary folder
#   scripts/engine.sh env DIR
#   scripts/engine.sh stop DIR
#
# start and env print lines for the shell:  lines=$(scripts/engine.sh start) && eval "$lines"
# --small MB puts the engine's data on a file system of that size; --no-images leaves it empty.
# --with bookworm,trixie adds debian:bookworm-slim and debian:trixie-slim, to an engine that already runs as well.
# --newer FOLDER runs the engine that newer-engine.sh put there, with the containerd store; its client comes first in PATH.
# Needs root, dockerd, containerd, iproute2 and, the first time, debootstrap. Everything else it says goes to stderr.
set -euo pipefail

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
readonly HERE
readonly IMAGE=ubuntu:20.04
readonly MARK=.create-base-image-engine

main() {
  local verb=${1:-}
  [ $# -eq 0 ] || shift
  case $verb in
    start) start "$@" ;;
    env) print_env "$(folder_of "$@")" ;;
    stop) stop "$(folder_of "$@")" ;;
    *) fail "usage: engine.sh start [--small MB] [--no-images] [--with SUITE,SUITE] [DIR] | env DIR | stop DIR" ;;
  esac
}

start() {
  local small='' images=yes with='' newer='' dir=''
  while [ $# -gt 0 ]; do
    case $1 in
      --small)
        [[ ${2:-} =~ ^[0-9]+$ ]] || fail "--small needs a number of MB"
        small=$2 && shift 2
        ;;
      --no-images) images=no && shift ;;
      --newer)
        [ -x "${2:-}/usr/sbin/dockerd" ] || fail "--newer needs the folder that newer-engine.sh prints"
        newer=$2 && shift 2
        ;;
      --with)
        [[ ${2:-} =~ ^[a-z]+(,[a-z]+)*$ ]] || fail "--with needs suites of Debian, with commas between"
        with=${2//,/ } && shift 2
        ;;
      -*) fail "unknown option $1" ;;
      *) dir=$1 && shift ;;
    esac
  done
  check_machine
  dir=$(make_folder "$dir")
  [ -z "$newer" ] || take_newer "$dir" "$newer"
  if answers "$dir"; then
    trap interrupted INT TERM HUP
    load_suites "$dir" "$with" || fail "$REASON"
    trap - INT TERM HUP
    print_env "$dir"
    return
  fi
  STARTING=$dir
  trap interrupted INT TERM HUP
  if ! bring_up "$dir" "$small" "$images" "$with"; then
    answers "$dir" || tail -n 15 "$dir"/{containerd,dockerd}.log >&2 2>/dev/null || true
    stop "$dir"
    fail "${REASON:-the engine could not be started}"
  fi
  trap - INT TERM HUP
  print_env "$dir"
}

# An engine that was started so is known by its folder's file "newer".
take_newer() {
  echo "$2" >"$1/newer"
  mkdir -p "$1/config"
  echo "{\"cliPluginsExtraDirs\": [\"$2/usr/libexec/docker/cli-plugins\"]}" >"$1/config/config.json"
  export PATH=$2/usr/bin:$2/usr/sbin:$PATH
}

interrupted() {
  trap '' INT TERM HUP
  [ -z "${MAKING:-}" ] || kill -TERM -- "-$MAKING" 2>/dev/null || true
  [ -z "${STARTING:-}" ] || stop "$STARTING"
  exit 130
}

bring_up() {
  local dir=$1 small=$2 images=$3 with=$4
  end_processes "$dir" && "$HERE/engine-network.sh" down "$dir/network"
  mount_data "$dir" "$small" && mount_cgroups && "$HERE/engine-network.sh" up "$dir/network" || because "the network could not be made" || return 1
  start_containerd "$dir" && start_dockerd "$dir" || return 1
  [ "$images" = no ] || load_stand_in "$dir" "$IMAGE" bullseye || return 1
  load_suites "$dir" "$with"
}

check_machine() {
  local program
  [ "$(id -u)" = 0 ] || fail "root is needed to start an engine"
  for program in dockerd containerd docker ip setsid; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
}

# A folder is used only when it is new, empty or marked as ours, because stop removes it.
make_folder() {
  local dir=$1
  [ -n "$dir" ] || dir=$(mktemp -d "${TMPDIR:-/tmp}/cbi-engine.XXXXXX")
  mkdir -p "$dir" && dir=$(realpath "$dir")
  [ -e "$dir/$MARK" ] || [ -z "$(ls -A "$dir")" ] || fail "$dir holds something else"
  [ ${#dir} -le 60 ] || fail "$dir is too long a path for the sockets in it"
  touch "$dir/$MARK"
  echo "$dir"
}

mount_data() {
  local dir=$1 small=$2
  mkdir -p "$dir/data"
  [ -n "$small" ] && ! mountpoint -q "$dir/data" || return 0
  truncate -s "${small}M" "$dir/data.img"
  mkfs.ext4 -qF -m 0 "$dir/data.img" 2>/dev/null && mount -o loop "$dir/data.img" "$dir/data" 2>/dev/null && return
  rm -f "$dir/data.img"
  say "no loop device here: the engine's data is on a tmpfs"
  mount -t tmpfs -o "size=${small}m" tmpfs "$dir/data" || because "no file system of $small MB could be mounted"
}

mount_cgroups() {
  ! grep -q ' cgroup2\? ' /proc/mounts || return 0
  say "control groups were not mounted: mounting them"
  mount -t cgroup2 cgroup2 /sys/fs/cgroup || because "control groups could not be mounted"
}

# A containerd of our own: dockerd would otherwise join one that already runs on the machine.
start_containerd() {
  local dir=$1
  cat >"$dir/containerd.toml" <<END
version = 2
root = "$dir/data/containerd"
state = "$dir/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$dir/containerd.sock"
END
  launch "$dir" containerd --config "$dir/containerd.toml" --log-level warn
  wait_for "$dir" containerd test -S "$dir/containerd.sock"
}

start_dockerd() {
  local dir=$1 bridge
  read -r bridge _ <"$dir/network"
  echo '{}' >"$dir/daemon.json"
  [ ! -e "$dir/newer" ] || echo '{"features": {"containerd-snapshotter": true}}' >"$dir/daemon.json"
  for _ in 1 2 3; do
    echo $((20000 + RANDOM % 12000)) >"$dir/port"
    launch "$dir" dockerd --config-file "$dir/daemon.json" --containerd "$dir/containerd.sock" \
      --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/docker.pid" \
      --host "unix://$dir/docker.sock" --host "tcp://127.0.0.1:$(cat "$dir/port")" --tls=false \
      --bridge "$bridge" --iptables=false --ip6tables=false \
      --exec-opt native.cgroupdriver=cgroupfs --shutdown-timeout 3
    wait_for "$dir" dockerd answers "$dir" && return
    grep -q 'address already in use' "$dir/dockerd.log" || return 1
  done
  return 1
}

launch() {
  local dir=$1 program=$2
  shift
  setsid "$@" </dev/null >"$dir/$program.log" 2>&1 &
  echo $! >"$dir/$program.pid"
}

wait_for() {
  local dir=$1 program=$2 pid until=$((SECONDS + 30))
  pid=$(cat "$dir/$program.pid")
  shift 2
  until "$@"; do
    kill -0 "$pid" 2>/dev/null || because "$program ended: $(tail -n 1 "$dir/$program.log")" || return 1
    [ $SECONDS -lt $until ] || because "$program did not answer within 30 seconds" || return 1
    sleep 0.1
  done
}

answers() {
  client "$1" timeout 10 docker version >/dev/null 2>&1
}

client() {
  local dir=$1
  shift
  env -u DOCKER_CONTEXT -u DOCKER_TLS_VERIFY DOCKER_HOST="unix://$dir/docker.sock" "$@"
}

load_suites() {
  local dir=$1 suite
  for suite in $2; do
    load_stand_in "$dir" "debian:$suite-slim" "$suite" || return 1
  done
}

# In a session of its own, so that an interruption can end all of debootstrap.
load_stand_in() {
  local dir=$1 image=$2 suite=$3
  ! client "$dir" docker image inspect "$image" >/dev/null 2>&1 || return 0
  setsid "$HERE/stand-in.sh" "$dir" "$suite" >"$dir/stand-in" &
  MAKING=$!
  wait "$MAKING" || because "there is no stand-in for $image" || return 1
  MAKING=''
  client "$dir" docker import --change 'CMD ["bash"]' --message 'stand-in: Debian' - "$image" \
    <"$(cat "$dir/stand-in")" >/dev/null || because "the image $image could not be imported (is there room?)"
}

stop() {
  local dir=$1
  [ -d "$dir" ] || return 0
  [ -e "$dir/$MARK" ] || fail "$dir is not an engine's folder of ours; nothing was removed"
  end_processes "$dir"
  "$HERE/engine-network.sh" down "$dir/network"
  unmount_below "$dir"
  rm -rf --one-file-system "$dir"
}

end_processes() {
  "$HERE/end-processes.sh" "$1" dockerd containerd
  rm -f "$1/docker.pid"
}

unmount_below() {
  local target
  awk '{print $5}' /proc/self/mountinfo | sort -r | while read -r target; do
    target=$(printf %b "$target")
    [[ $target != "$1"/* ]] || umount "$target" 2>/dev/null || umount -l "$target" 2>/dev/null || true
  done
}

print_env() {
  if [ ! -e "$1/$MARK" ] || ! answers "$1"; then fail "no engine answers in $1"; fi
  printf 'export DOCKER_HOST=%q\n' "unix://$1/docker.sock"
  printf 'export CBI_ENGINE_TCP=%q\n' "tcp://127.0.0.1:$(cat "$1/port")"
  printf 'export CBI_ENGINE_DIR=%q\n' "$1"
  [ -e "$1/newer" ] || return 0
  printf 'export PATH=%q:"$PATH"\n' "$(cat "$1/newer")/usr/bin"
  printf 'export DOCKER_CONFIG=%q\n' "$1/config"
}

folder_of() {
  [ -n "${1:-}" ] || fail "which folder?"
  realpath -m "$1"
}

because() {
  REASON=$1
  return 1
}

say() {
  echo "engine.sh: $1" >&2
}

fail() {
  say "$1"
  exit 1
}

main "$@"
