#!/bin/sh
# Makes a root filesystem of Fedora, CentOS Stream, Rocky or AlmaLinux in a folder, by the distribution's own dnf.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# It says "T: what is done now", "P: done total unit words" and "Z: the tree's size in bytes, and after what"; the rest is dnf's.
set -eu
umask 022

main() {
  read_options "$@"
  prepare
  install
  check
  finish
}

{{> families/shared/lib.sh}}

{{> families/shared/secrets.sh}}

arch='' key='' paths='' dbpath=''
own_option() {
  case $1 in
    --arch) arch=$2 ;;
    --path) paths="$paths $2" ;;
    --key) key=$2 ;;
    --dbpath) dbpath=$2 ;;
    *) return 1 ;;
  esac
}

# --- make ---

prepare() {
  : >"$log"
  tool=$(command -v dnf5 || command -v dnf || command -v dnf-3) || fail NOTOOL dnf
  mkdir -p "$rootfs" /etc/rpm
  # rpm 4.20 and newer run scripts in namespaces of their own, which a container without rights may not make.
  {
    echo '%__transaction_unshare %{nil}'
    [ -z "$dbpath" ] || echo "%_dbpath $dbpath"
    [ -z "$slim" ] || echo '%_install_langs C.utf8'
  } >/etc/rpm/macros.container
  fake_devices
  [ -z "$mirror" ] || write_repositories
}

# A mirror of one's own stands in for all of the builder's repositories. Packages are always checked, and no repository
# is passed over: without that of the updates an image would be made that lacks them.
write_repositories() {
  echo "M: $(without_secret "$mirror")"
  mkdir -p /repositories
  number=0
  for path in $paths; do
    number=$((number + 1))
    printf '[mirror-%s]\nname=mirror-%s\nbaseurl=%s/%s\nenabled=1\ngpgcheck=1\nskip_if_unavailable=0\ngpgkey=%s\n' "$number" "$number" \
      "$mirror" "$path" "file://${keyring:-$key}"
  done >/repositories/mirror.repo
}

install() {
  say "install $(echo $packages | wc -w) packages and what they need"
  # In one transaction: with a second, the tree's own repositories would be taken.
  set -- --assumeyes --installroot "$rootfs" --releasever "$release" --setopt=install_weak_deps=0
  if [ -n "$mirror" ]; then
    set -- "$@" --setopt=reposdir=/repositories
  elif [ -n "$keyring" ]; then
    # The builder's own repositories name the distribution's keys.
    set -- "$@" "--setopt=*.gpgkey=file://$keyring" '--setopt=*.gpgcheck=1'
  fi
  [ -z "$slim" ] || set -- "$@" --setopt=tsflags=nodocs
  case $tool in
    *dnf5)
      export DNF5_FORCE_COLUMNS=160
      set -- "$@" --use-host-config
      ;;
  esac
  [ -z "$arch" ] || set -- "$@" --forcearch "$arch"
  watch read_dnf "$tool" "$@" install $packages
}

# Downloads are the first half, the transaction the second.
read_dnf() {
  offset=0
  set -f
  while IFS= read -r line; do
    # dnf5 fills its lines up to the width that names in full need.
    case $tool:$line in *dnf5:*'   '*) set -- $line && line=$* ;; esac
    case $line in
      'Running transaction'*) offset=1 ;;
      '['*/*'] '*%*) count "${line#[}" ']' ;;
      '('*/*'): '*) count "${line#(}" ')' ;;
      '  Installing '*/*) installing "$line" ;;
    esac
    echo "$line"
  done
}

# By the shell alone: other programs for each of hundreds of lines would cost seconds.
count() {
  numbers=${1%%"$2"*}
  words=${1#*"$2"}
  words=${words#:}
  words=${words#"${words%%[! ]*}"}
  words=${words%%  *}
  case $words in
    *[0-9]'% '*)
      words=${words%%'% '*}
      words=${words%"${words##*[!0-9]}"}
      words=${words%"${words##*[! ]}"}
      ;;
  esac
  progress "${numbers%/*}" "${numbers#*/}" "$words"
}

# `  Installing  : bash-5.2-1.x86_64   3/8`, perhaps with a blank at its end.
installing() {
  numbers=${1%"${1##*[! ]}"}
  numbers=${numbers##* }
  words=${1#*:}
  words=${words#"${words%%[! ]*}"}
  progress "${numbers%/*}" "${numbers#*/}" "Installing ${words%% *}"
}

progress() {
  case $1,$2 in *[!0-9\ ,]* | ,* | *,) return ;; esac
  echo "P: $(($1 + offset * $2)) $(($2 * 2)) packages $3"
}

# dnf 4 ends with 0 when scripts of packages have failed.
check() {
  ! said 'unshare with flags|private mounts in chroot' || fail RIGHTS "namespaces for scripts of packages"
  ! said 'Unable to change root directory|chroot: Operation not permitted' || fail RIGHTS SYS_CHROOT
  ! said 'cap_set_file failed' || fail RIGHTS SETFCAP
  ! said 'more space (needed )?on the' || fail NOROOM "$(echo "$found" | sed 's/.*needs \([0-9A-Za-z]*\).*/\1/; s/.*least \([0-9A-Za-z]*\).*/\1/')"
  ! said 'scriptlet failed|Error in [A-Z]+ scriptlet' || fail SCRIPT "$(echo "$found" | sed 's/.*(\([^)]*\)).*/\1/; s/.*package //')"
  if [ "$code" = 0 ]; then
    check_release
    return
  fi
  where=$(archive)
  # One of many mirrors may fail without harm, so faults that no mirror explains come first.
  ! said 'Curl error \(37\)' || fail BADKEY "$(echo "$found" | sed 's|.*file://\(/[^ ]*\).*|\1|')"
  ! said 'GPG signature verification error|Public key for .* is not installed|wrong key' || fail UNKNOWNRELSIG "$where"
  ! said 'is not signed' || fail UNSIGNED "$(echo "$found" | sed 's/.*Package \([^ ]*\) is not.*/\1/; s/.*package "\([^"]*\)".*/\1/')"
  ! said 'Error unpacking' || fail PACKAGEBAD "${found##* }"
  check_connection
  ! said "checksum doesn't match" || fail PACKAGEBAD "$(echo "$found" | sed 's/.*\] \([^:]*\):.*/\1/; s|.*/||')"
  ! said 'repomd.xml parser error|Parse error at line' || fail PORTAL "$where"
  ! said 'Status code: 401' || fail NOLOGIN "$(place)"
  ! said 'Status code: (404|410) for [^ ]*\.d?rpm' || fail PACKAGEGONE "$(package_in) at $(place)"
  ! said 'Status code: (403|404|410) for [^ ]*(repomd\.xml|mirrorlist|metalink\?)|No URLs in mirrorlist' || fail NOSUITE "$release$(address)"
  ! said 'Status code: (404|410)' || fail NOINDEX "$(place)"
  ! said 'Status code: (429|5)' || fail BUSY "$(status)"
  ! said 'Status code: [34]' || fail REFUSED "$(status)" "$(place)"
  ! said 'Curl error' || fail NOANSWER "$(place)"
  ! said 'nothing provides' || fail NODEPENDENCY "$(echo "$found" | sed 's/.*nothing provides \(.*\) needed.*/\1/')"
  ! said 'Unable to find a match: |No match for argument: ' || fail NOPACKAGE "${found##*: }"
  fail TOOL "dnf $code"
}

# --- finish ---

finish() {
  size 'as dnf made it'
  say 'remove what dnf and rpm keep for themselves'
  # The folders are packages' own.
  empty var/cache/dnf var/cache/libdnf5 var/lib/dnf
  remove 'usr/lib/sysimage/libdnf5/transaction_history.sqlite*' \
    'var/lib/rpm/*-shm' 'var/lib/rpm/*-wal' var/lib/rpm/.rpm.lock var/lib/rpm/.keyring.lock \
    'usr/lib/sysimage/rpm/*-shm' 'usr/lib/sysimage/rpm/*-wal' usr/lib/sysimage/rpm/.rpm.lock usr/lib/sysimage/rpm/.keyring.lock
  size 'without caches'
  [ -z "$slim" ] || keep_slim
  [ -z "$mirror" ] || keep_repositories
  drop_traces
}

# What is left out now stays out at each later install.
keep_slim() {
  mkdir -p "$rootfs/etc/rpm" "$rootfs/etc/dnf"
  echo '%_install_langs C.utf8' >"$rootfs/etc/rpm/macros.image-language-conf"
  [ -e "$rootfs/etc/dnf/dnf.conf" ] || echo '[main]' >"$rootfs/etc/dnf/dnf.conf"
  grep -q '^tsflags=' "$rootfs/etc/dnf/dnf.conf" || echo 'tsflags=nodocs' >>"$rootfs/etc/dnf/dnf.conf"
}

# The image fetches from where it came from, without a login; what --keyring has is among rpm's own keys by now.
keep_repositories() {
  repos=$rootfs/etc/yum.repos.d
  mkdir -p "$repos"
  sed -i 's/^enabled *=.*/enabled=0/' "$repos"/*.repo 2>/dev/null || true
  sed "s|//[^/@]*@|//|${keyring:+; /^gpgkey=/d}" /repositories/mirror.repo >"$repos/mirror.repo"
}

# In one piece and without input, so that nothing started above reads the rest of this script.
main "$@" </dev/null >&2
