#!/usr/bin/env bash
# Makes a test engine reachable over ssh, by an sshd of its own with keys of its own.
#
#   scripts/ssh-engine.sh start [DIR]   DOCKER_HOST names the engine; DIR: a new temporary folder
#   scripts/ssh-engine.sh env DIR
#   scripts/ssh-engine.sh stop DIR
#
# start and env print lines for the shell: CBI_ENGINE_SSH (for DOCKER_HOST), CBI_SSH_PATH (to be put first on PATH:
# its ssh knows the key) and CBI_SSH_DIR. Needs root, openssh-server and openssh-client.
set -euo pipefail

HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
readonly HERE
readonly MARK=.create-base-image-ssh

main() {
  local verb=${1:-}
  case $verb in
    start) start "${2:-}" ;;
    env) print_env "$(folder_of "${2:-}")" ;;
    stop) stop "$(folder_of "${2:-}")" ;;
    *) fail "usage: ssh-engine.sh start [DIR] | env DIR | stop DIR" ;;
  esac
}

start() {
  local dir
  check_machine
  dir=$(make_folder "$1")
  if ! answers "$dir"; then
    STARTING=$dir
    trap 'stop "$STARTING"; exit 130' INT TERM HUP
    "$HERE/end-processes.sh" "$dir" sshd
    make_keys "$dir"
    write_client "$dir"
    if ! start_sshd "$dir"; then
      tail -n 15 "$dir"/{sshd,client}.log >&2 || true
      stop "$dir"
      fail "the engine could not be reached over ssh"
    fi
    trap - INT TERM HUP
  fi
  print_env "$dir"
}

check_machine() {
  local program
  [ "$(id -u)" = 0 ] || fail "root is needed to start an sshd"
  [[ ${DOCKER_HOST:-} == unix://* ]] || fail "DOCKER_HOST must name the engine's unix socket"
  for program in ssh ssh-keygen docker setsid; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
  [ -x /usr/sbin/sshd ] || fail "sshd is not installed"
}

# A folder is used only when it is new, empty or marked as ours, because stop removes it.
make_folder() {
  local dir=$1
  [ -n "$dir" ] || dir=$(mktemp -d "${TMPDIR:-/tmp}/cbi-ssh.XXXXXX")
  mkdir -p "$dir" && dir=$(realpath "$dir")
  [ -e "$dir/$MARK" ] || [ -z "$(ls -A "$dir")" ] || fail "$dir holds something else"
  touch "$dir/$MARK"
  echo "$dir"
}

make_keys() {
  local key
  for key in host_key user_key; do
    [ -s "$1/$key" ] || ssh-keygen -q -t ed25519 -N '' -C test -f "$1/$key"
  done
}

# The docker client runs whatever is called ssh on PATH; this one adds our configuration.
write_client() {
  local dir=$1 ssh
  ssh=$(PATH=${PATH//"$dir/bin:"/} command -v ssh)
  mkdir -p "$dir/bin"
  printf '#!/bin/sh\nexec %q -F %q "$@"\n' "$ssh" "$dir/ssh_config" >"$dir/bin/ssh"
  chmod +x "$dir/bin/ssh"
  cat >"$dir/ssh_config" <<END
IdentityFile "$dir/user_key"
IdentitiesOnly yes
BatchMode yes
UserKnownHostsFile "$dir/known_hosts"
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
LogLevel ERROR
END
}

start_sshd() {
  local dir=$1 port
  mkdir -p /run/sshd
  for _ in 1 2 3; do
    port=$((20000 + RANDOM % 12000))
    echo "$port" >"$dir/port"
    echo "[127.0.0.1]:$port $(cat "$dir/host_key.pub")" >"$dir/known_hosts"
    write_server "$dir" "$port"
    setsid /usr/sbin/sshd -D -e -f "$dir/sshd_config" </dev/null >"$dir/sshd.log" 2>&1 &
    echo $! >"$dir/sshd.pid"
    wait_for "$dir" && return
    grep -q 'Address already in use' "$dir/sshd.log" || return 1
  done
  return 1
}

# Without PAM sshd refuses a locked account, with it a container may refuse a session: it is on only where needed.
write_server() {
  local dir=$1 port=$2 pam=no
  ! grep -q '^root:!' /etc/shadow || pam=yes
  cat >"$dir/sshd_config" <<END
ListenAddress 127.0.0.1:$port
HostKey "$dir/host_key"
AuthorizedKeysFile "$dir/user_key.pub"
PidFile none
StrictModes no
UsePAM $pam
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
SetEnv "DOCKER_HOST=$DOCKER_HOST"
END
}

wait_for() {
  local dir=$1 pid until=$((SECONDS + 30))
  pid=$(cat "$dir/sshd.pid")
  until answers "$dir"; do
    kill -0 "$pid" 2>/dev/null || return 1
    [ $SECONDS -lt $until ] || return 1
    sleep 0.2
  done
}

answers() {
  [ -s "$1/port" ] && PATH="$1/bin:$PATH" DOCKER_HOST=$(address "$1") timeout 15 docker version >/dev/null 2>>"$1/client.log"
}

address() {
  echo "ssh://root@127.0.0.1:$(cat "$1/port")"
}

stop() {
  local dir=$1
  [ -d "$dir" ] || return 0
  [ -e "$dir/$MARK" ] || fail "$dir is not a folder of ours; nothing was removed"
  "$HERE/end-processes.sh" "$dir" sshd
  rm -rf "$dir"
}

print_env() {
  if [ ! -e "$1/$MARK" ] || ! answers "$1"; then fail "no engine answers over ssh in $1"; fi
  printf 'export CBI_ENGINE_SSH=%q\n' "$(address "$1")"
  printf 'export CBI_SSH_PATH=%q\n' "$1/bin"
  printf 'export CBI_SSH_DIR=%q\n' "$1"
}

folder_of() {
  [ -n "$1" ] || fail "which folder?"
  realpath -m "$1"
}

fail() {
  echo "ssh-engine.sh: $1" >&2
  exit 1
}

main "$@"
