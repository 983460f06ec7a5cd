#!/bin/sh
# Makes a root filesystem of Arch Linux in a folder, by the distribution's own pacman.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# It says "T: what is done now", "P: done total unit words" and "Z: the tree's size in bytes, and after what"; the rest is pacman's.
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

repositories='' machine=x86_64
own_option() {
  case $1 in
    --repository) repositories="$repositories $2" ;;
    --machine) machine=$2 ;;
    *) return 1 ;;
  esac
}

# --- make ---

prepare() {
  : >"$log"
  command -v pacman >/dev/null || fail NOTOOL pacman
  # pacman wants these to be there.
  mkdir -p "$rootfs/var/lib/pacman" /packages
  fake_devices
  trust
  write_settings
}

trust() {
  say 'make a ring of trusted keys'
  if [ -n "$keyring" ]; then
    trust_keyring
    return
  fi
  gpg=/etc/pacman.d/gnupg
  [ -e "$gpg/pubring.gpg" ] || [ -e "$gpg/pubring.kbx" ] || watch plain pacman-key --gpgdir "$gpg" --init
  watch plain pacman-key --gpgdir "$gpg" --populate
}

# By gpg itself: pacman-key would first make a key of 4096 bits to sign these with, which can take seconds.
trust_keyring() {
  gpg=/keys
  mkdir -p -m 700 "$gpg"
  watch plain gpg --homedir "$gpg" --batch --import "$keyring"
  [ "$code" = 0 ] || fail BADKEY "$keyring"
  gpg --homedir "$gpg" --with-colons --show-keys "$keyring" 2>/dev/null | awk -F: '/^pub/{want=1} /^fpr/ && want {print $10 ":6:"; want=0}' >/tmp/trusted
  watch plain gpg --homedir "$gpg" --batch --import-ownertrust /tmp/trusted
}

write_settings() {
  {
    printf '[options]\nArchitecture = %s\nSigLevel = Required DatabaseOptional\nCheckSpace\n' "$machine"
    # The sandbox of pacman 7 needs a kernel that not every engine has.
    ! pacman --help --sync 2>&1 | grep -q disable-sandbox || echo DisableSandbox
    [ -z "$slim" ] || echo 'NoExtract = usr/share/man/* usr/share/doc/* usr/share/info/* usr/share/gtk-doc/* usr/share/locale/* !usr/share/locale/locale.alias'
    for repository in $repositories; do
      printf '[%s]\n' "$repository"
      if [ -n "$mirror" ]; then
        printf 'Server = %s/$repo/os/$arch\n' "$mirror"
      else
        echo 'Include = /etc/pacman.d/mirrorlist'
      fi
    done
  } >/pacman.conf
  [ -z "$mirror" ] || echo "M: $(without_secret "$mirror")"
}

install() {
  say "install $(echo $packages | wc -w) packages and what they need"
  # Into a pipe pacman writes block by block, and nothing would be seen for long.
  watch read_pacman stdbuf -oL pacman -Sy --root "$rootfs" --noconfirm --noprogressbar --config /pacman.conf \
    --gpgdir "$gpg" --cachedir /packages $packages
}

# Downloads are the first half, installing the second.
read_pacman() {
  total=0 done=0 installed=0
  while IFS= read -r line; do
    case $line in
      'Packages ('*) total=${line#*(} && total=${total%%)*} ;;
      *' downloading...') done=$((done + 1)) && progress "$done" "${line# }" ;;
      'installing '*) installed=$((installed + 1)) && progress $((total + installed)) "$line" ;;
    esac
    echo "$line"
  done
}

progress() {
  case $total in 0 | *[!0-9]*) return ;; esac
  echo "P: $1 $((total * 2)) packages ${2%...}"
}

# pacman ends with 0 when scripts of packages have failed.
check() {
  ! said 'command failed to execute correctly' || fail SCRIPT "$(grep -m 1 -B 1 'command failed to execute' "$log" | sed 's/^installing //; s/\.\.\.$//; q')"
  if [ "$code" = 0 ]; then
    check_release
    return
  fi
  where=$(archive)
  ! said 'switching to sandbox user' || fail RIGHTS "what the sandbox of pacman needs"
  # One of many mirrors may fail without harm, so faults that no mirror explains come first.
  ! said 'target not found' || fail NOPACKAGE "${found##*: }"
  ! said 'could not satisfy dependencies' || fail NODEPENDENCY "$(sed -n "s/.*unable to satisfy dependency '\([^']*\)'.*/\1/p" "$log" | head -n 1)"
  ! said 'too full' || fail NOROOM "$(echo "$found" | sed 's/.*full: \([0-9]*\) blocks needed.*/\1 blocks/')"
  check_connection
  ! said 'GPGME error: No data' || fail PORTAL "$where"
  ! said 'error: 401' || fail NOLOGIN "$(place)"
  ! said 'error: (429|5[0-9]{2})' || fail BUSY "$(status)"
  ! said "\.db'.* (403|404|410)" || fail NOSUITE "$release ($(database))"
  ! said '\.sig.* 404|\.sig.*error: 404|missing required signature' || fail UNSIGNED "$(echo "$found" | sed "s/.*file '\([^']*\)\.sig'.*/\1/; s/^error: \([^:]*\):.*/\1/")"
  ! said 'required key missing|key .* is unknown|could not be looked up|is of unknown trust' || fail UNKNOWNRELSIG "$where"
  ! said 'is corrupted|invalid or corrupted package' || fail PACKAGEBAD "$(echo "$found" | sed 's|.*/\([^/ ]*\) is corrupted.*|\1|')"
  ! said 'returned error: (404|410)' || fail PACKAGEGONE "$(package_in) at $(place)"
  ! said 'returned error: [34]' || fail REFUSED "$(status)" "$(place)"
  ! said 'failed to retrieve some files|download library error' || {
    said 'failed retrieving' || true
    fail NOANSWER "$(place)"
  }
  fail TOOL "pacman $code"
}

# database: the index that the line names, by its address where the mirror is known.
database() {
  name=${found#*file \'} && name=${name%%.db\'*}
  if [ -n "$mirror" ]; then echo "$where/$name/os/$machine/$name.db"; else place; fi
}

# --- finish ---

finish() {
  size 'as pacman made it'
  say 'remove what pacman keeps for itself'
  empty var/lib/pacman/sync var/cache/pacman/pkg
  remove var/log/pacman.log
  # The day of the installation is no part of what is installed. One sed for all: there are hundreds of packages.
  find "$rootfs/var/lib/pacman/local" -name desc -exec sed -i "/^%INSTALLDATE%\$/{n;s/.*/$SOURCE_DATE_EPOCH/}" {} +
  size 'without caches'
  write_own_settings
  drop_traces
}

# The image fetches from where it came from, and keeps out what was left out.
write_own_settings() {
  [ ! -d "$rootfs/etc/pacman.d/gnupg" ] || {
    gpgconf --homedir "$rootfs/etc/pacman.d/gnupg" --kill all 2>/dev/null || true
    remove etc/pacman.d/gnupg
  }
  [ -z "$mirror" ] || {
    mkdir -p "$rootfs/etc/pacman.d"
    echo "Server = $(without_secret "$mirror")/\$repo/os/\$arch" >"$rootfs/etc/pacman.d/mirrorlist"
  }
  [ -z "$slim" ] || [ ! -f "$rootfs/etc/pacman.conf" ] || grep -q '^NoExtract' "$rootfs/etc/pacman.conf" ||
    sed -i "s|^\[options\]|&\n$(grep '^NoExtract' /pacman.conf)|" "$rootfs/etc/pacman.conf"
}

# In one piece and without input, so that nothing started above reads the rest of this script.
main "$@" </dev/null >&2
