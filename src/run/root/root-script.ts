// Runs "$@" and ends everything that it started when stdin closes or when it has ended itself. As process 1 of its namespace
// it reaches every process by `kill -1`, and the kernel ends what is left. Where no namespace may be made (root in a
// container) it finds its own by their group and by a mark in their environment; a daemon that clears its environment
// and leaves the group escapes there. Descriptor 3 is stderr: debootstrap tells its progress on it, and sudo closes
// what we would hand down. A signal can come before a `wait` begins, so that its trap must do all the work.
// TERM is said again each time, for those that were just being started.
const WATCH = `
exec 9<&0 </dev/null
mark=CREATE_BASE_IMAGE_ROOT=$(cat /proc/sys/kernel/random/uuid)
tell() {
  if [ $$ = 1 ]
  then kill "-$1" -1
  else
    set -- "$1" "-$command" $(grep -lsF "$mark" /proc/[0-9]*/environ | cut -d/ -f3)
    signal=$1 none=1
    shift
    for process
    do kill "-$signal" "$process" && none=0
    done
    return $none
  fi
} 2>/dev/null
finish() {
  trap "" USR1 TERM
  kill "$watcher" 2>/dev/null
  for step in TERM TERM TERM TERM TERM TERM TERM TERM TERM TERM KILL KILL KILL
  do
    tell "$step"
    sleep 0.1
    tell 0 || break
  done
  exit "$1"
}
trap "finish 143" USR1 TERM
env "$mark" setsid "$@" 3>&2 9<&- &
command=$!
(
  while read -r _; do :; done
  kill -USR1 $$
) <&9 9<&- &
watcher=$!
wait "$command"
finish $?
`

/**
 * The shell text that runs a program as root: `sh -c TEXT sh BELOW PROGRAM ARGS…`. The program's stdin is empty; its
 * stdout, stderr and exit code are the script's. When the script's own stdin closes, the program and everything that it
 * started are ended (SIGTERM, after a second SIGKILL) and the exit code is 143. In the end nothing stays mounted below
 * the folder BELOW, lazily where it is busy; what is mounted on BELOW itself stays, and a BELOW that leads to the root
 * directory is left alone. The program gets process and mount namespaces of its own where the kernel allows it.
 * wget gives a server that falls silent half a minute, and four tries: its own bound is hours. The file that says so
 * is open and has no name, so that it can't be left. Stdin begins with lines that no list of processes and no log
 * of sudo may show, up to an empty one: `env NAME=VALUE` goes into the environment, all others into that file. A
 * terminal's signals do not reach the program: it is we who decide when it ends. It needs a POSIX shell and util-linux.
 */
export const ROOT_SCRIPT = `
PATH=$PATH:/usr/sbin:/sbin
trap "" HUP INT QUIT
below=$1
shift
patience=$(mktemp) && {
  while IFS= read -r line && [ -n "$line" ]
  do
    case $line in
      "env "*) export "\${line#env }" ;;
      *) printf "%s\\n" "$line" ;;
    esac
  done
  cat "\${WGETRC:-\${HOME:-/root}/.wgetrc}" 2>/dev/null
  printf "%s\\n" "timeout = 30" "tries = 4" "waitretry = 3" "retry_connrefused = on"
} >"$patience" && exec 8<"$patience" && rm "$patience" && export WGETRC=/proc/self/fd/8
set -- sh -c '${WATCH}' sh "$@"
if unshare --pid --mount --fork true </dev/null 2>/dev/null
then unshare --pid --mount --fork "$@"
else "$@"
fi
code=$?
below=$(cd -P -- "$below" 2>/dev/null && pwd -P) && [ "$below" != / ] || exit $code
cut -d" " -f5 /proc/self/mountinfo | sort -r | while read -r point
do
  point=$(printf %b_ "$point")
  point=\${point%_}
  case $point in
    "$below"/*) umount "$point" 2>/dev/null || umount -l "$point" ;;
  esac
done
exit $code
`
