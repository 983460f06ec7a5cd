#!/usr/bin/env bash
# Puts a small mirror of "Ubuntu 20.04" into a folder; makes it the first time, and keeps it as a tar.
#
#   scripts/ubuntu-mirror.sh DIR
#
# DIR/ubuntu              focal, focal-updates and focal-security (both empty), with main and universe
# DIR/expired/ubuntu      the same, but its Release file was valid until 2020
# DIR/stranger/ubuntu     the same, signed with a key that is not in the keyring
# DIR/tampered/ubuntu     the same, changed after it was signed
# DIR/keyring.gpg, .asc   the key of all but the stranger's
#
# The packages are what debootstrap's minbase takes from Debian bullseye, which has focal's glibc, from a mirror of
# this machine's own apt sources. Four are our own: base-files and ubuntu-keyring say Ubuntu, and universe has
# hello-include (with a doc file, a man page and a locale, for tests of --include and --slim) and what it depends on.
# Needs root, debootstrap, wget and gpg with its agent the first time. The secret keys are not kept.
set -euo pipefail

SELF=$(realpath "${BASH_SOURCE[0]}")
readonly SELF
# shellcheck source=scripts/mirrors.sh
source "$(dirname "$SELF")/mirrors.sh"
readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/create-base-image-tests
readonly EPOCH=1587600000 # 2020-04-23, the day of the release: equal files, whenever they are made

main() {
  local dir=${1:?which folder?} archive
  archive=$CACHE/ubuntu-focal-$(dpkg --print-architecture)-$(cksum <"$SELF" | cut -d' ' -f1).tar
  mkdir -p "$dir"
  [ -s "$archive" ] || make "$archive"
  tar -C "$dir" -xf "$archive"
}

make() {
  local program
  for program in debootstrap wget gpg gpg-agent dpkg-deb; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
  ARCH=$(dpkg --print-architecture)
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/cbi-mirror.XXXXXX")
  TREE=$WORK/tree
  trap clean_up EXIT
  say "making a small Ubuntu mirror from Debian bullseye; it is kept in $CACHE"
  export SOURCE_DATE_EPOCH=$EPOCH GNUPGHOME=$WORK/gnupg
  mkdir -p "$TREE/ubuntu/pool" "$CACHE" && mkdir -m 700 "$GNUPGHOME"
  make_keys
  fetch
  add_own_packages
  make_suites
  make_faulty_roots
  # Two runs at once may both get here: each writes a file of its own and the last rename wins.
  PARTIAL=$(mktemp "$CACHE/partial.XXXXXX")
  tar --numeric-owner --owner=0 --group=0 -C "$TREE" -cf "$PARTIAL" .
  mv "$PARTIAL" "$1"
}

clean_up() {
  gpgconf --kill all 2>/dev/null || true
  rm -rf "$WORK" "${PARTIAL:-}"
}

make_keys() {
  local key
  for key in archive stranger; do
    gpg --batch --quiet --pinentry-mode loopback --passphrase '' \
      --quick-gen-key "$key of a test <$key@ubuntu.example>" rsa3072 sign never 2>"$WORK/gpg.log" ||
      fail "no key could be made: $(tail -n 1 "$WORK/gpg.log")"
  done
  gpg --export archive@ubuntu.example >"$TREE/keyring.gpg"
  gpg --armor --export archive@ubuntu.example >"$TREE/keyring.asc"
}

# Verified by debootstrap itself, with Debian's keyring of this machine.
fetch() {
  local mirror
  mirror=$(first_mirror bullseye) || fail "no http(s) Debian mirror among this machine's apt sources has bullseye"
  debootstrap --download-only --variant=minbase --force-check-gpg bullseye "$WORK/debian" "$mirror" >"$WORK/log" 2>&1 || {
    tail -n 5 "$WORK/log" >&2
    fail "the packages of bullseye could not be fetched"
  }
  : >"$WORK/main" && : >"$WORK/universe"
  take_packages "$WORK/debian/var/lib/apt/lists"/*_main_binary-"$ARCH"_Packages
}

# What the archive says of a package may differ from what the package says of itself (its priority), so it is copied.
take_packages() {
  local package version arch file deb
  awk -v RS= -v FS='\n' '{
    for (i = 1; i <= NF; i++) if (split($i, pair, ": ") == 2) field[pair[1]] = pair[2]
    print field["Package"], field["Version"], field["Architecture"], field["Filename"]
  }' "$1" | while read -r package version arch file; do
    deb=$WORK/debian/var/cache/apt/archives/${package}_${version/:/%3a}_$arch.deb
    [ -e "$deb" ] && [ "$package" != base-files ] || continue
    mkdir -p "$TREE/ubuntu/$(dirname "$file")"
    cp "$deb" "$TREE/ubuntu/$file"
    echo "$package"
  done >"$WORK/taken"
  awk -v RS= -v ORS='\n\n' 'NR == FNR { taken[$1]; next } $2 in taken' RS='\n' "$WORK/taken" RS= "$1" >"$WORK/main"
}

add_own_packages() {
  own_base_files
  own_keyring
  own_includes
}

own_base_files() {
  local root=$WORK/base-files
  dpkg-deb -R "$WORK"/debian/var/cache/apt/archives/base-files_*.deb "$root"
  cat >"$root/usr/lib/os-release" <<'END'
NAME="Ubuntu"
VERSION="20.04 LTS (Focal Fossa)"
ID=ubuntu
ID_LIKE=debian
PRETTY_NAME="Ubuntu 20.04 LTS"
VERSION_ID="20.04"
HOME_URL="https://www.ubuntu.com/"
VERSION_CODENAME=focal
UBUNTU_CODENAME=focal
END
  cat >"$root/etc/lsb-release" <<'END'
DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=20.04
DISTRIB_CODENAME=focal
DISTRIB_DESCRIPTION="Ubuntu 20.04 LTS"
END
  echo /etc/lsb-release >>"$root/DEBIAN/conffiles"
  sed -i '/ usr\/lib\/os-release$/d' "$root/DEBIAN/md5sums"
  sed -i 's/^Version: .*/&ubuntu1/' "$root/DEBIAN/control"
  pack "$root" main
}

own_keyring() {
  local root=$WORK/ubuntu-keyring
  mkdir -p "$root/usr/share/keyrings" "$root/etc/apt/trusted.gpg.d"
  cp "$TREE/keyring.gpg" "$root/usr/share/keyrings/ubuntu-archive-keyring.gpg"
  cp "$TREE/keyring.gpg" "$root/etc/apt/trusted.gpg.d/ubuntu-keyring-2018-archive.gpg"
  control "$root" ubuntu-keyring required
  pack "$root" main
}

own_includes() {
  local root=$WORK/hello-include share=$WORK/hello-include/usr/share
  mkdir -p "$root/usr/bin" "$share"/doc/hello-include "$share"/man/{man1,de/man1} "$share"/locale/de/LC_MESSAGES
  printf '#!/bin/sh\necho "Hello from a package that was included."\n' >"$root/usr/bin/hello-include"
  chmod 755 "$root/usr/bin/hello-include"
  echo 'This package may be copied by everybody.' >"$share/doc/hello-include/copyright"
  echo 'Nobody needs to read this in an image.' >"$share/doc/hello-include/README"
  echo '.TH hello-include 1' | gzip -n | tee "$share/man/man1/hello-include.1.gz" >"$share/man/de/man1/hello-include.1.gz"
  echo 'not really a catalogue of messages' >"$share/locale/de/LC_MESSAGES/hello-include.mo"
  control "$root" hello-include optional 'Depends: hello-needed'
  pack "$root" universe
  root=$WORK/hello-needed
  mkdir -p "$root/usr/share/hello-needed"
  echo 'hello-include depends on this.' >"$root/usr/share/hello-needed/here"
  control "$root" hello-needed optional
  pack "$root" universe
}

# Version 1 for all architectures, with the fields that debootstrap and apt look at.
control() {
  local root=$1 package=$2 priority=$3
  shift 3
  mkdir -p "$root/DEBIAN"
  printf '%s\n' "Package: $package" 'Version: 1' 'Architecture: all' "Priority: $priority" 'Section: misc' \
    'Maintainer: Nobody <nobody@ubuntu.example>' "$@" 'Description: made for a test' >"$root/DEBIAN/control"
}

pack() {
  local root=$1 component=$2 name file
  name=$(basename "$root")
  file=pool/$component/${name:0:1}/$name/$name.deb
  mkdir -p "$(dirname "$TREE/ubuntu/$file")"
  dpkg-deb --root-owner-group -Zgzip --build "$root" "$TREE/ubuntu/$file" >/dev/null
  {
    dpkg-deb -f "$TREE/ubuntu/$file"
    echo "Filename: $file"
    echo "Size: $(stat -c %s "$TREE/ubuntu/$file")"
    echo "SHA256: $(sum "$TREE/ubuntu/$file")"
    echo
  } >>"$WORK/$component"
}

make_suites() {
  local dists=$TREE/ubuntu/dists suite component folder
  for suite in focal focal-updates focal-security; do
    for component in main universe; do
      folder=$dists/$suite/$component/binary-$ARCH
      mkdir -p "$folder"
      [ "$suite" = focal ] && cp "$WORK/$component" "$folder/Packages" || : >"$folder/Packages"
      gzip -9nk "$folder/Packages"
    done
    release "$dists/$suite" "$(date -u -R -d "@$EPOCH" | sed 's/+0000/UTC/')"
    sign "$dists/$suite" archive
  done
}

release() {
  local folder=$1 suite file
  suite=$(basename "$folder")
  shift
  {
    printf '%s\n' 'Origin: Ubuntu' 'Label: Ubuntu' "Suite: $suite" 'Version: 20.04' 'Codename: focal' "Date: $1"
    [ -z "${2:-}" ] || echo "Valid-Until: $2"
    printf '%s\n' "Architectures: $ARCH" 'Components: main universe' 'Description: made for a test' 'SHA256:'
    (cd "$folder" && find main universe -type f | LC_ALL=C sort) | while read -r file; do
      echo " $(sum "$folder/$file") $(stat -c %s "$folder/$file") $file"
    done
  } >"$folder/Release"
}

sign() {
  local folder=$1 key=$2@ubuntu.example
  rm -f "$folder"/{InRelease,Release.gpg}
  gpg --batch --quiet --digest-algo SHA512 -u "$key" -o "$folder/InRelease" --clearsign "$folder/Release"
  gpg --batch --quiet --digest-algo SHA512 -u "$key" -o "$folder/Release.gpg" --armor --detach-sign "$folder/Release"
}

make_faulty_roots() {
  local root
  for root in expired stranger tampered; do
    mkdir -p "$TREE/$root/ubuntu"
    cp -r "$TREE/ubuntu/dists" "$TREE/$root/ubuntu/dists"
    ln -s ../../ubuntu/pool "$TREE/$root/ubuntu/pool"
  done
  release "$TREE/expired/ubuntu/dists/focal" 'Thu, 23 Apr 2020 00:00:00 UTC' 'Thu, 30 Apr 2020 00:00:00 UTC'
  sign "$TREE/expired/ubuntu/dists/focal" archive
  sign "$TREE/stranger/ubuntu/dists/focal" stranger
  sed -i 's/^Description: .*/Description: changed on the way/' "$TREE"/tampered/ubuntu/dists/focal/{InRelease,Release}
}

sum() {
  sha256sum <"$1" | cut -d' ' -f1
}

say() {
  echo "ubuntu-mirror.sh: $1" >&2
}

fail() {
  say "$1"
  exit 1
}

main "$@"
