#!/usr/bin/env bash
# Ends the programs of a test engine, in the order given, and nothing else.
#
#   scripts/end-processes.sh DIR PROGRAM...   DIR/PROGRAM.pid holds the process id
#
# A process id may have been given to another program since, so a process counts only if its arguments name DIR.
set -euo pipefail

main() {
  local dir=$1 program
  shift
  for program in "$@"; do
    end "$dir" "$program"
    rm -f "$dir/$program.pid"
  done
  kill_containers "$dir"
}

# Containers are killed at once, because dockerd would wait ten seconds for each that does not heed SIGTERM.
end() {
  local dir=$1 program=$2 pid tries
  pid=$(cat "$dir/$program.pid" 2>/dev/null) || return 0
  is_ours "$pid" "$dir" || return 0
  kill_children "$pid"
  kill -TERM "$pid" 2>/dev/null || true
  kill_containers "$dir"
  for ((tries = 0; tries < 200; tries++)); do
    is_ours "$pid" "$dir" || return 0
    [ $tries -ne 150 ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
  echo "end-processes.sh: $program ($pid) does not end" >&2
}

is_ours() {
  [[ $(arguments_of "$1") == *"$2/"* ]]
}

arguments_of() {
  { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true
}

# A container's first process is a child of a shim that has the engine's socket among its arguments.
kill_containers() {
  local process shim
  for process in /proc/[0-9]*; do
    shim=${process#/proc/}
    [[ $(arguments_of "$shim") == *containerd-shim*" -address $1/containerd.sock "* ]] || continue
    kill_children "$shim"
    kill -KILL "$shim" 2>/dev/null || true
  done
}

kill_children() {
  local child
  { grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status || true; } | cut -d/ -f3 | while read -r child; do
    kill -KILL "$child" 2>/dev/null || true
  done
}

main "$@"
