#!/bin/sh
# Makes a root filesystem of openSUSE in a folder, by the distribution's own zypper.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# It says "T: what is done now", "P: done total unit words" and "Z: the tree's size in bytes, and after what"; the rest is zypper's.
set -eu
umask 022

main() {
  read_options "$@"
  prepare
  repositories
  install
  check
  get_tar
  finish
}

{{> families/shared/lib.sh}}

{{> families/shared/secrets.sh}}

keys='' paths=''
own_option() {
  case $1 in
    --path) paths="$paths $2" ;;
    --keys) keys=$2 ;;
    *) return 1 ;;
  esac
}

# --- make ---

prepare() {
  [ -n "$mirror" ] || wrong '--mirror is missing'
  : >"$log"
  command -v zypper >/dev/null || fail NOTOOL zypper
  mkdir -p "$rootfs" /etc/rpm /etc/zypp
  # rpm 4.20 and newer run scripts in namespaces of their own, which a container without rights may not make.
  echo '%__transaction_unshare %{nil}' >/etc/rpm/macros.container
  # zypper reads its settings from the builder, not from the tree.
  {
    printf '[main]\nsolver.onlyRequires = true\n'
    [ -z "$slim" ] || echo 'rpm.install.excludedocs = yes'
  } >/etc/zypp/zypp.conf
  fake_devices
  trust
}

# The keys go in first, and zypper takes none by itself: it would take the one that lies beside the packages.
trust() {
  for file in ${keyring:-$keys}; do
    [ -e "$file" ] || continue
    rpm --root "$rootfs" --import "$file" || fail BADKEY "$file"
  done
}

repositories() {
  echo "M: $(without_secret "$mirror")"
  number=0
  for path in $paths; do
    number=$((number + 1))
    # As a file: an address among the arguments would show its password to who lists processes.
    printf '[repo-%s]\nname=repo-%s\nbaseurl=%s/%s\nenabled=1\n' "$number" "$number" "$mirror" "$path" >"/tmp/repo-$number.repo"
    watch read_zypper zypper --xmlout --root "$rootfs" --non-interactive addrepo --gpgcheck "/tmp/repo-$number.repo"
  done
  watch read_zypper zypper --xmlout --root "$rootfs" --non-interactive refresh
  [ "$code" = 0 ] || check
}

install() {
  say "install $(echo $packages | wc -w) packages and what they need"
  watch read_zypper zypper --xmlout --root "$rootfs" --non-interactive install --no-recommends $packages
}

# Of its XML only what a person wants to see. A message may have several lines.
read_zypper() {
  while IFS= read -r line; do
    case $line in
      *'<progress id="install-resolvable" name="('*/*) resolvable "$line" ;;
      *'<message type="'*) message "$line" ;;
      '<'* | '&lt;'*) ;;
      *) message "$line" ;;
    esac
  done
}

# By the shell alone where it can be, for a program for each line would cost seconds.
message() {
  text=${1#*<message type=\"*\">}
  text=${text%%</*}
  case $text in
    *'&'*) echo "$text" | sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' ;;
    *) echo "$text" ;;
  esac
}

resolvable() {
  name=${1#*name=\"}
  name=${name%%\"*}
  numbers=${name%%)*}
  numbers=${numbers#(}
  case $numbers in *[!0-9/]*) return ;; esac
  echo "P: ${numbers%/*} ${numbers#*/} packages ${name#*) }"
}

check() {
  # In its XML a name stands between two of these.
  sed -i "s/&apos;/'/g" "$log"
  ! said 'unshare with flags' || fail RIGHTS "namespaces for scripts of packages"
  ! said 'Unable to change root directory|chroot: Operation not permitted' || fail RIGHTS SYS_CHROOT
  ! said 'cap_set_file failed' || fail RIGHTS SETFCAP
  ! said 'more space on the' || fail NOROOM "$(echo "$found" | sed 's/.*needs \([0-9A-Za-z]*\).*/\1/')"
  ! said 'scriptlet failed' || fail SCRIPT "$(echo "$found" | sed 's/.*(\([^)]*\)).*/\1/')"
  if [ "$code" = 0 ]; then
    check_release
    return
  fi
  where=$(archive)
  ! said 'Authentication required|Login failed|error: 401' || fail NOLOGIN "$(place)"
  ! said '(error|response): (429|5[0-9]{2})' || fail BUSY "$(status)"
  # libzypp says this of 502 and 503 alike, without the number.
  ! said 'temporarily unaccess' || fail BUSY '502 or 503'
  ! said 'Permission to access .*\.d?rpm|\.d?rpm \[.*error: 403' || fail REFUSED 403 "$(place)"
  ! said 'Permission to access|URL is forbidden' || fail NOSUITE "$release$(address)"
  check_connection
  ! said 'is unsigned' || fail UNSIGNED "$where"
  ! said 'signed with an unknown key|Signature verification failed' || fail UNKNOWNRELSIG "$where"
  ! said "doesn.{1,8}t contain public key data" || fail PORTAL "$where"
  ! said "Repository type can.{1,8}t be determined" || fail NOSUITE "$release$(address)"
  ! said 'corrupted during transfer' || fail PACKAGEBAD "$(echo "$found" | sed 's/.*Package \([^ ]*\) .*/\1/')"
  ! said "\.d?rpm. not found on medium|\.d?rpm \[.*error: (404|410)" || fail PACKAGEGONE "$(package_in) at $(place)"
  ! said 'not found on medium|error: (404|410)' || fail NOINDEX "$(place)"
  ! said '(error|response): [34][0-9]{2}' || fail REFUSED "$(status)" "$(place)"
  ! said 'Curl error' || fail NOANSWER "$(place)"
  ! said 'nothing provides' || fail NODEPENDENCY "$(echo "$found" | sed 's/.*nothing provides .\([^ ]*\). needed.*/\1/')"
  ! said 'No provider of' || fail NOPACKAGE "$(echo "$found" | sed "s/.*No provider of [^A-Za-z0-9]*\([A-Za-z0-9._+-]*\).*/\1/")"
  fail TOOL "zypper $code"
}

# openSUSE's own images have no tar, which pack.sh needs: it comes from where the tree came.
get_tar() {
  ! command -v tar >/dev/null || return 0
  for file in ${keyring:-$keys}; do rpm --import "$file" 2>/dev/null || true; done
  watch plain zypper --non-interactive --reposd-dir /tmp install --no-recommends tar
  command -v tar >/dev/null || fail NOTOOL tar
}

# --- finish ---

finish() {
  size 'as zypper made it'
  say 'remove what zypper and rpm keep for themselves'
  # The folders are packages' own.
  empty var/cache/zypp var/log/zypp
  remove var/log/zypper.log var/log/lastlog var/lib/zypp/AnonymousUniqueId 'var/lib/rpm/*-shm' \
    'var/lib/rpm/*-wal' var/lib/rpm/.rpm.lock var/lib/rpm/.keyring.lock 'usr/lib/sysimage/rpm/*-shm' \
    'usr/lib/sysimage/rpm/*-wal' usr/lib/sysimage/rpm/.rpm.lock usr/lib/sysimage/rpm/.keyring.lock
  [ ! -f "$rootfs/var/lib/zypp/AutoInstalled" ] || sed -i '/^#/d' "$rootfs/var/lib/zypp/AutoInstalled"
  size 'without caches'
  [ -z "$slim" ] || keep_slim
  open_repositories
  drop_traces
}

# What is left out now stays out at each later install.
keep_slim() {
  mkdir -p "$rootfs/etc/zypp"
  [ -e "$rootfs/etc/zypp/zypp.conf" ] || echo '[main]' >"$rootfs/etc/zypp/zypp.conf"
  grep -q '^rpm.install.excludedocs' "$rootfs/etc/zypp/zypp.conf" || echo 'rpm.install.excludedocs = yes' >>"$rootfs/etc/zypp/zypp.conf"
}

# The repositories stay as the image's own, without a login; zypp keeps one in files of its own.
open_repositories() {
  remove 'etc/zypp/credentials.d/*' etc/zypp/credentials.cat root/.zypp
  for file in "$rootfs"/etc/zypp/repos.d/*.repo; do
    [ ! -f "$file" ] || sed -i 's|//[^/@]*@|//|' "$file"
  done
}

# In one piece and without input, so that nothing started above reads the rest of this script.
main "$@" </dev/null >&2
