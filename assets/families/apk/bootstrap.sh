#!/bin/sh
# Makes an Alpine root filesystem in a folder with apk, from nothing but the distribution's own signed packages.
#
#   docker run --interactive --name maker alpine:3.20 sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# It says "T: what is done now", "P: done total bytes words", "M: the mirror that is taken" and "Z: the tree's size in
# bytes, and after what"; the rest is apk's.
set -eu
umask 022

main() {
  read_options "$@"
  choose_mirror
  choose_keys
  make
  finish
}

read_options() {
  rootfs=/rootfs branch='' version='' arch='' repositories='' packages='' keyring=''
  mirror='' archive='' given=''
  while [ $# -gt 0 ]; do
    case ${2:---} in --*) wrong "$1 is not an option of this script, or has no value" ;; esac
    case $1 in
      --rootfs) rootfs=$2 ;;
      --branch) branch=$2 ;;
      --version) version=$2 ;;
      --arch) arch=$2 ;;
      --repository) repositories="$repositories $2" ;;
      --packages) packages="$packages $(echo "$2" | tr , ' ')" ;;
      --keyring) keyring=$(readlink -f "$2") || wrong "$2 is not there" ;;
      --mirror) mirror=${2%/} given=yes ;;
      --archive) archive=${2%/} ;;
      *) wrong "$1 is not an option of this script" ;;
    esac
    shift 2
  done
  [ -n "$branch" ] || wrong '--branch is missing'
  [ -n "$packages" ] || wrong '--packages is missing'
  [ -n "$mirror$archive" ] || wrong '--mirror or --archive is missing'
  # A mirror's user and password come by stdin, in lines before this script: no list of processes or containers shows them.
  [ -z "${mirror_login:-}" ] || mirror=${mirror%%://*}://$mirror_login${mirror#*://}
  work=$(mktemp -d)
  # Nothing stays in the builder, whatever ends this.
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
}

wrong() {
  echo "bootstrap.sh: $1" >&2
  exit 2
}

say() { echo "T: $*"; }

without_secret() { echo "$1" | sed 's|//[^/@]*@|//|'; }

# fail CODE SUBJECT FORMAT: an error in debootstrap's own form.
fail() {
  printf 'E: %s\nEA: %s\nEF: %s\n' "$1" "$(without_secret "$2")" "$3" >&2
  exit 1
}

# --- choose: where the packages come from, and who is believed ---

# A mirror that was asked for is never replaced. Else the builder's own comes first: it may be the nearest.
choose_mirror() {
  [ -n "$mirror" ] || mirror=$(own_mirror)
  [ -n "$mirror" ] || mirror=$archive
  written=$mirror
  [ -n "$given" ] || written=$archive
  first=yes
  for repository in $repositories; do
    # A mirror of one's own may lack all but the first.
    if [ -z "$first" ] && [ -n "$given" ] && ! has "$repository"; then
      say "the mirror has no $repository, so apk in the image will not look for it"
      continue
    fi
    first=''
    echo "$mirror/$branch/$repository" >>"$work/fetched"
    # What is written has no user and password.
    without_secret "$written/$branch/$repository" >>"$work/written"
  done
  echo "M: $(without_secret "$mirror")"
}

has() { index_of "$mirror/$branch/$1" /dev/null; }

# index_of REPOSITORY FILE: its index, whoever signed it. wget would show a login among its arguments, so apk asks then.
index_of() {
  if [ -z "${mirror_login:-}" ]; then
    wget -q -T 20 -O - "$1/${arch:-$(apk --print-arch)}/APKINDEX.tar.gz" >"$2" 2>/dev/null
    return
  fi
  rm -rf "$work/look"
  mkdir "$work/look"
  echo "$1" >"$work/looked"
  file=$2
  set -- --root "$work/look" --arch "${arch:-$(apk --print-arch)}" --keys-dir /etc/apk/keys --allow-untrusted
  apk add "$@" --initdb --repositories-file /dev/null >/dev/null 2>&1 || true
  apk update "$@" --repositories-file "$work/looked" >/dev/null 2>&1 || return 1
  cat "$work/look/var/cache/apk"/APKINDEX.*.tar.gz >"$file"
}

own_mirror() {
  sed -n "s|^\(https*://[^@]*\)/$branch/main/*\$|\1|p" /etc/apk/repositories 2>/dev/null | head -n 1
}

# A keyring that was asked for replaces the builder's. The name of its file may have been lost on the way here: the
# signature of the index tells it.
choose_keys() {
  mkdir "$work/keys"
  if [ -z "$keyring" ]; then
    cp /etc/apk/keys/* "$work/keys/"
    return
  fi
  index_of "$(head -n 1 "$work/fetched")" "$work/index" || true
  name=$(tar -tzf "$work/index" 2>/dev/null |
    sed -n 's/^\.SIGN\.RSA[0-9]*\.\([^/]*\)$/\1/p' | head -n 1) || name=''
  cat "$keyring" >"$work/keys/${name:-${keyring##*/}}"
}

# --- make: packages become a tree ---

make() {
  mkdir -p "$rootfs/dev" "$rootfs/etc/apk"
  stand_in_for_devices
  say "bootstrap $branch"
  : >"$work/log"
  run_apk add --root "$rootfs" --initdb --keys-dir "$work/keys" --repositories-file "$work/fetched" \
    --no-cache ${arch:+--arch "$arch"} --progress-fd 3 $packages
  [ "$(cat "$work/code")" = 0 ] || explain
  # It ends well even when a script could not do its work.
  ! grep -Eq ': Operation not permitted$|script exited with error' "$work/log" ||
    fail SCRIPT "$(grep -E ': Operation not permitted$|script exited with error' "$work/log" | head -n 1)" \
      "A package's script failed: %s"
}

# Scripts write to /dev/null, which nobody else has made: plain files do, and later the engine supplies the real ones.
stand_in_for_devices() {
  for name in null full; do
    : >"$rootfs/dev/$name"
    chmod 666 "$rootfs/dev/$name"
  done
  for name in zero random urandom; do head -c 65536 "/dev/$name" >"$rootfs/dev/$name"; done
}

# apk tells its bytes on file descriptor 3; what it says to people is shown and kept.
run_apk() {
  { { apk "$@" 3>&4 4>&- || code=$?; echo "${code:-0}" >"$work/code"; } 2>&1 | tee "$work/log" >&2 4>&-; } 4>&1 |
    tell_progress >&2
}

# A line for each percent is enough.
tell_progress() {
  before=''
  while IFS=/ read -r bytes total; do
    case $bytes$total in '' | *[!0-9]*) continue ;; esac
    [ "$total" -gt 0 ] || continue
    percent=$((bytes * 100 / total))
    [ "$percent" = "$before" ] || echo "P: $bytes $total bytes"
    before=$percent
  done
}

# Of all that apk says, the first warning is the cause: it goes on after it, and what follows is noise.
explain() {
  warning=$(sed -n 's/^WARNING: fetching \([^ ]*: \)/\1/p' "$work/log" | head -n 1)
  reason=${warning#*: }
  case $reason in
    'could not connect'* | DNS* | 'temporary error'* | *'timed out'* | *refused* | *reset* | *unreachable*)
      fail NOANSWER "$mirror" 'No answer from %s'
      ;;
    'No such file'* | *'not found'*) fail NOSUITE "$branch (${warning%%: *})" 'The mirror has no release %s for this architecture' ;;
    UNTRUSTED*)
      ! unsigned || fail UNSIGNED "$mirror" 'There is no signature where one must be: the index of %s'
      fail UNKNOWNRELSIG "$mirror" 'The index of %s is not signed by a key that is known here'
      ;;
    'IO ERROR'* | *'format error'*) fail PORTAL "$mirror" 'What %s answers is no index of packages' ;;
    *TLS* | *certificate*) fail NOTLS "$mirror" 'The certificate could not be checked of %s' ;;
    *denied* | *authori*) fail NOLOGIN "$mirror" 'A user and a password are wanted by %s' ;;
    ?*) fail NOINDEX "$mirror ($reason)" 'The index could not be read of %s' ;;
  esac
  missing=$(sed -n 's/^ *\([^ ]*\) (no such package):$/\1/p' "$work/log" | head -n 1)
  [ -z "$missing" ] || fail NOPACKAGE "$missing" 'The release has no package %s'
  gone=$(sed -n 's/^ERROR: \([^ ]*\): package mentioned in index not found.*/\1/p' "$work/log" | head -n 1)
  [ -z "$gone" ] || fail PACKAGEGONE "$gone" 'The mirror’s index names a package that it does not have: %s'
  broken=$(sed -n 's/^ERROR: \([^ ]*\): \(IO ERROR\|BAD\|UNTRUSTED\|v2 package\).*/\1/p' "$work/log" | head -n 1)
  [ -z "$broken" ] || fail PACKAGEBAD "$broken" 'The package %s is not the one that the index promises'
  ! grep -q 'No space left on device' "$work/log" || fail NOROOM "$rootfs" 'There is no room left in %s'
  script=$(sed -n 's/^ERROR: \([^ ]*\): script exited with error.*/\1/p' "$work/log" | head -n 1)
  [ -z "$script" ] || fail SCRIPT "$script" "A package's script failed: %s"
  fail APK "$(grep '^ERROR' "$work/log" | head -n 1)" 'apk could not install the packages: %s'
}

# apk says the same of a stranger's signature and of none. What can't be looked at counts as signed.
unsigned() {
  index_of "$(head -n 1 "$work/fetched")" "$work/index" && names=$(tar -tzf "$work/index" 2>/dev/null) || return 1
  case $names in *.SIGN.*) return 1 ;; esac
}

# --- finish: the tree becomes fit to be an image ---

finish() {
  cd "$rootfs"
  check_release
  size 'as apk made it'
  say 'write where packages and keys are from'
  cat "$work/written" >etc/apk/repositories
  if [ -n "$keyring" ] && [ -n "$given" ]; then
    mkdir -p etc/apk/keys
    cp "$work/keys/"* etc/apk/keys/
  fi
  drop_traces
  get_tar
}

# The mirror may have another release under this one's name.
check_release() {
  [ -n "$version" ] && [ -f etc/alpine-release ] || return 0
  found=$(cat etc/alpine-release)
  case $found in "$version" | "$version".* | "$version"_*) ;; *) fail WRONGRELEASE "$found" "The mirror's $branch is Alpine %s" ;; esac
}

size() {
  echo "Z: $(find . -xdev -type f -exec stat -c %s {} + | awk '{ sum += $1 } END { printf "%.0f", sum }') $*"
}

# All who start the image share what is in it: no cache, no old copy, no lock, no password may stay.
drop_traces() {
  say 'remove caches, old copies and stand-ins'
  rm -rf dev/* var/cache/apk/* tmp/* var/tmp/* lib/apk/db/lock etc/passwd- etc/group- etc/shadow-
  drop_secrets
  sed -i 's/^root::/root:*:/' etc/shadow
  size 'without caches and traces'
}

{{> families/shared/secrets.sh}}

# BusyBox's tar would lose the rights that some programs have from their files: then GNU's packs.
get_tar() {
  grep -Eq '^a:[0-9]+:[0-9]+:[0-7]+:Q' lib/apk/db/installed || return 0
  ! tar --version 2>/dev/null | grep -q GNU || return 0
  say 'some programs have rights of their own, which only GNU tar packs: get it for the builder'
  apk add --no-cache --keys-dir "$work/keys" --repositories-file "$work/fetched" tar >&2 ||
    fail NOTAR "$mirror" 'GNU tar could not be fetched from %s'
}

# In one piece and without input, so that nothing started above reads the rest of this script.
main "$@" </dev/null >&2
