#!/usr/bin/env bash
# Puts a small mirror of a distribution of Debian's family into a folder; makes it the first time, and keeps it as a tar.
#
#   scripts/deb-mirror.sh ubuntu|kali|devuan DIR
#
# DIR/NAME            ubuntu: focal, with main and universe; kali: kali-rolling, with all four components;
#                     devuan: daedalus and excalibur, with main. Where the real one has SUITE-updates and SUITE-security,
#                     they are here too: empty, but devuan's -security, which has a newer devuan-keyring
# DIR/expired/NAME    the same, but its Release files were valid until 2020
# DIR/stranger/NAME   the same, signed with a key that is not in the keyring
# DIR/tampered/NAME   the same, changed after it was signed
# DIR/foreign/NAME    the same, and its Release files say that they are Debian's
# DIR/keyring.gpg, .asc   the key of all but the stranger's; DIR/stranger.gpg has that one
#
# The packages are what debootstrap's minbase takes of a release of Debian, from a mirror of this machine's own apt
# sources: bullseye for focal, which has its glibc, bookworm for daedalus, trixie for the others. Four are our own:
# base-files and the package of keys say whose they are, and there is hello-include (with a doc file, a man page and a
# locale, for tests of --include and --slim) and what it depends on; all but Ubuntu's also have hello, for verify.sh.
# Needs root, debootstrap, wget and gpg with its agent the first time. The secret keys are not kept.
set -euo pipefail

SELF=$(realpath "${BASH_SOURCE[0]}")
HERE=$(dirname "$SELF")
readonly SELF HERE
# shellcheck source=scripts/mirrors.sh
source "$HERE/mirrors.sh"
readonly DEBIAN_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/create-base-image-tests
readonly LONG_AGO='Thu, 30 Apr 2020 00:00:00 UTC'

main() {
  NAME=${1:-} DIR=${2:?which folder?}
  about
  local archive
  archive=$CACHE/$NAME-$(dpkg --print-architecture)-$(cksum <"$SELF" | cut -d' ' -f1).tar
  mkdir -p "$DIR"
  [ -s "$archive" ] || make "$archive"
  tar -C "$DIR" -xf "$archive"
}

# ORIGIN is as in the real index; RELEASES has a release of its own, Debian's that its packages are of, and its version.
# EPOCH is a day of the release: equal files, whenever they are made. INCLUDED is the component of hello-include.
about() {
  NEWER=(-updates -security) COMPONENTS=(main) INCLUDED=main
  case $NAME in
    ubuntu)
      ORIGIN=Ubuntu KEYRING=ubuntu-keyring EPOCH=1587600000
      RELEASES=('focal bullseye 20.04') COMPONENTS=(main universe) INCLUDED=universe
      ;;
    kali)
      ORIGIN=Kali KEYRING=kali-archive-keyring EPOCH=1767225600
      RELEASES=('kali-rolling trixie 2026.3') NEWER=() COMPONENTS=(main contrib non-free non-free-firmware)
      ;;
    devuan)
      ORIGIN=Devuan KEYRING=devuan-keyring EPOCH=1767225600
      RELEASES=('daedalus bookworm 5' 'excalibur trixie 6')
      ;;
    *) fail "usage: deb-mirror.sh ubuntu|kali|devuan DIR" ;;
  esac
}

# What the real base-files says of a release.
os_release() {
  case $NAME in
    ubuntu)
      cat <<'END'
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
      ;;
    kali)
      cat <<END
PRETTY_NAME="Kali GNU/Linux Rolling"
NAME="Kali GNU/Linux"
VERSION_ID="$VERSION"
VERSION="$VERSION"
VERSION_CODENAME=$SUITE
ID=kali
ID_LIKE=debian
HOME_URL="https://www.kali.org/"
ANSI_COLOR="1;31"
END
      ;;
    devuan)
      cat <<END
PRETTY_NAME="Devuan GNU/Linux $VERSION ($SUITE)"
NAME="Devuan GNU/Linux"
VERSION_ID="$VERSION"
VERSION="$VERSION ($SUITE)"
VERSION_CODENAME="$SUITE"
ID=devuan
ID_LIKE=debian
HOME_URL="https://www.devuan.org/"
END
      ;;
  esac
}

make() {
  local program release
  for program in debootstrap wget gpg gpg-agent gpgv dpkg-deb; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
  ARCH=$(dpkg --print-architecture)
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/cbi-mirror.XXXXXX")
  TREE=$WORK/tree
  trap clean_up EXIT
  say "making a small mirror of $ORIGIN from Debian's packages; it is kept in $CACHE"
  export SOURCE_DATE_EPOCH=$EPOCH GNUPGHOME=$WORK/gnupg
  mkdir -p "$TREE/$NAME/pool" "$CACHE" && mkdir -m 700 "$GNUPGHOME"
  make_keys
  for release in "${RELEASES[@]}"; do
    read -r SUITE BASE VERSION <<<"$release"
    INDEX=$WORK/$SUITE
    mkdir "$INDEX"
    fetch
    add_own_packages
    make_suites
  done
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
      --quick-gen-key "$key of a test <$key@$NAME.example>" rsa3072 sign never 2>"$WORK/gpg.log" ||
      fail "no key could be made: $(tail -n 1 "$WORK/gpg.log")"
  done
  gpg --export "archive@$NAME.example" >"$TREE/keyring.gpg"
  gpg --armor --export "archive@$NAME.example" >"$TREE/keyring.asc"
  gpg --export "stranger@$NAME.example" >"$TREE/stranger.gpg"
}

# What the stand-in for an image of that release has installed: it was made by debootstrap.
fetch() {
  local mirror list=main/binary-$ARCH/Packages.gz component
  mirror=$(first_mirror "$BASE") || fail "no http(s) Debian mirror among this machine's apt sources has $BASE"
  tar -xOf "$("$HERE/stand-in.sh" "$WORK" "$BASE")" ./var/lib/dpkg/status | sed -n 's/^Package: //p' >"$WORK/names"
  get -P "$INDEX" "$mirror/dists/$BASE/InRelease" "$mirror/dists/$BASE/$list"
  gpgv --quiet --keyring "$DEBIAN_KEYS" --output "$INDEX/Release" "$INDEX/InRelease" 2>"$WORK/gpg.log" ||
    fail "the index of $BASE is not signed by Debian: $(tail -n 1 "$WORK/gpg.log")"
  grep -q " $(sum "$INDEX/Packages.gz") .* $list\$" "$INDEX/Release" || fail "the list of packages in $BASE is not the signed one"
  for component in "${COMPONENTS[@]}"; do : >"$INDEX/$component"; done
  gzip -dc "$INDEX/Packages.gz" |
    awk -v RS= -v ORS='\n\n' 'NR == FNR { wanted[$1]; next } $2 in wanted' RS='\n' "$WORK/names" RS= - >"$INDEX/main"
  take_packages "${mirror%/}"
}

get() { wget -q -T 20 -t 4 "$@" </dev/null || fail "the packages of $BASE could not be fetched"; }

take_packages() {
  local path=${1#*://*/}
  [ "$path" != "$1" ] || path=''
  sed -n "s|^Filename: |$1/|p" "$INDEX/main" >"$WORK/addresses"
  get -x -nH --cut-dirs="$(awk -F/ '{ print ($0 == "") ? 0 : NF }' <<<"$path")" -P "$TREE/$NAME" -i "$WORK/addresses"
  awk -v RS= -v FS='\n' '{
    for (i = 1; i <= NF; i++) if (split($i, pair, ": ") == 2) field[pair[1]] = pair[2]
    print field["SHA256"] "  " field["Filename"]
  }' "$INDEX/main" >"$WORK/sums"
  (cd "$TREE/$NAME" && sha256sum --quiet --check "$WORK/sums") || fail "a package of $BASE is not what the index names"
}

add_own_packages() {
  own_base_files
  own_keyring 1 main
  own_includes
  # What verify.sh installs as a test.
  [ "$NAME" = ubuntu ] || own_hello
  [ "$NAME" != devuan ] || own_keyring 2 security
}

own_base_files() {
  local root=$WORK/own/base-files
  unpack_base_files "$root"
  os_release >"$root/usr/lib/os-release"
  sed -i '/ usr\/lib\/os-release$/d' "$root/DEBIAN/md5sums"
  sed -i "s/^Version: .*/&$NAME${VERSION%%.*}/" "$root/DEBIAN/control"
  [ "$NAME" != ubuntu ] || own_lsb_release "$root"
  pack "$root" main
}

unpack_base_files() {
  local file
  rm -rf "$1"
  mkdir -p "${1%/*}"
  file=$(sed -n '/^Filename: .*\/base-files_/s/^Filename: //p' "$INDEX/main")
  dpkg-deb -R "$TREE/$NAME/$file" "$1"
  rm "$TREE/$NAME/$file"
  awk -v RS= -v ORS='\n\n' '$2 != "base-files"' "$INDEX/main" >"$INDEX/others"
  mv "$INDEX/others" "$INDEX/main"
}

own_lsb_release() {
  cat >"$1/etc/lsb-release" <<'END'
DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=20.04
DISTRIB_CODENAME=focal
DISTRIB_DESCRIPTION="Ubuntu 20.04 LTS"
END
  echo /etc/lsb-release >>"$1/DEBIAN/conffiles"
}

own_keyring() {
  local root=$WORK/own/$KEYRING
  rm -rf "$root"
  mkdir -p "$root/usr/share/keyrings" "$root/etc/apt/trusted.gpg.d"
  cp "$TREE/keyring.gpg" "$root/usr/share/keyrings/$NAME-archive-keyring.gpg"
  cp "$TREE/keyring.gpg" "$root/etc/apt/trusted.gpg.d/$KEYRING-archive.gpg"
  control "$root" "$KEYRING" "$1" required
  pack "$root" "$2"
}

own_includes() {
  local root=$WORK/own/hello-include
  local share=$root/usr/share
  rm -rf "$WORK/own/hello"*
  mkdir -p "$root/usr/bin" "$share"/doc/hello-include "$share"/man/{man1,de/man1} "$share"/locale/de/LC_MESSAGES
  printf '#!/bin/sh\necho "Hello from a package that was included."\n' >"$root/usr/bin/hello-include"
  chmod 755 "$root/usr/bin/hello-include"
  echo 'This package may be copied by everybody.' >"$share/doc/hello-include/copyright"
  echo 'Nobody needs to read this in an image.' >"$share/doc/hello-include/README"
  echo '.TH hello-include 1' | gzip -n | tee "$share/man/man1/hello-include.1.gz" >"$share/man/de/man1/hello-include.1.gz"
  echo 'not really a catalogue of messages' >"$share/locale/de/LC_MESSAGES/hello-include.mo"
  control "$root" hello-include 1 optional 'Depends: hello-needed'
  pack "$root" "$INCLUDED"
  root=$WORK/own/hello-needed
  mkdir -p "$root/usr/share/hello-needed"
  echo 'hello-include depends on this.' >"$root/usr/share/hello-needed/here"
  control "$root" hello-needed 1 optional
  pack "$root" "$INCLUDED"
}

own_hello() {
  local root=$WORK/own/hello
  mkdir -p "$root/usr/share/hello"
  echo 'Hello.' >"$root/usr/share/hello/here"
  control "$root" hello 1 optional
  pack "$root" "$INCLUDED"
}

# For all architectures, with the fields that debootstrap and apt look at.
control() {
  local root=$1 package=$2 version=$3 priority=$4
  shift 4
  mkdir -p "$root/DEBIAN"
  printf '%s\n' "Package: $package" "Version: $version" 'Architecture: all' "Priority: $priority" 'Section: misc' \
    "Maintainer: Nobody <nobody@$NAME.example>" "$@" 'Description: made for a test' >"$root/DEBIAN/control"
}

# pack ROOT COMPONENT: into the release; `security` is no component, but the first one of the suite of that name.
pack() {
  local root=$1 component=$2 name file
  name=$(basename "$root")
  file=pool/$component/$SUITE/$name.deb
  mkdir -p "$(dirname "$TREE/$NAME/$file")"
  dpkg-deb --root-owner-group -Zgzip --build "$root" "$TREE/$NAME/$file" >/dev/null
  {
    dpkg-deb -f "$TREE/$NAME/$file"
    echo "Filename: $file"
    echo "Size: $(stat -c %s "$TREE/$NAME/$file")"
    echo "SHA256: $(sum "$TREE/$NAME/$file")"
    echo
  } >>"$INDEX/$component"
}

make_suites() {
  local suite component folder list
  for suite in "$SUITE" "${NEWER[@]/#/$SUITE}"; do
    for component in "${COMPONENTS[@]}"; do
      folder=$TREE/$NAME/dists/$suite/$component/binary-$ARCH
      mkdir -p "$folder"
      list=$INDEX/$component
      [ "$suite" = "$SUITE" ] || list=$INDEX/${suite#"$SUITE"-}
      if [ -e "$list" ]; then cp "$list" "$folder/Packages"; else : >"$folder/Packages"; fi
      gzip -9nk "$folder/Packages"
    done
    release "$TREE/$NAME/dists/$suite" "$ORIGIN"
    sign "$TREE/$NAME/dists/$suite" archive
  done
}

# release FOLDER ORIGIN [VALID-UNTIL]
release() {
  local folder=$1 file
  {
    printf '%s\n' "Origin: $2" "Label: $2" "Suite: $(basename "$folder")" "Version: $VERSION" "Codename: $SUITE"
    echo "Date: $(date -u -R -d "@$EPOCH" | sed 's/+0000/UTC/')"
    [ -z "${3:-}" ] || echo "Valid-Until: $3"
    printf '%s\n' "Architectures: $ARCH" "Components: ${COMPONENTS[*]}" 'Description: made for a test' 'SHA256:'
    (cd "$folder" && find "${COMPONENTS[@]}" -type f | LC_ALL=C sort) | while read -r file; do
      echo " $(sum "$folder/$file") $(stat -c %s "$folder/$file") $file"
    done
  } >"$folder/Release"
}

sign() {
  local folder=$1 key=$2@$NAME.example
  rm -f "$folder"/{InRelease,Release.gpg}
  gpg --batch --quiet --digest-algo SHA512 -u "$key" -o "$folder/InRelease" --clearsign "$folder/Release"
  gpg --batch --quiet --digest-algo SHA512 -u "$key" -o "$folder/Release.gpg" --armor --detach-sign "$folder/Release"
}

make_faulty_roots() {
  local root release
  for root in expired stranger tampered foreign; do
    mkdir -p "$TREE/$root/$NAME"
    cp -r "$TREE/$NAME/dists" "$TREE/$root/$NAME/dists"
    ln -s "../../$NAME/pool" "$TREE/$root/$NAME/pool"
    for release in "${RELEASES[@]}"; do
      read -r SUITE BASE VERSION <<<"$release"
      spoil "$root" "$TREE/$root/$NAME/dists/$SUITE"
    done
  done
}

spoil() {
  case $1 in
    expired) release "$2" "$ORIGIN" "$LONG_AGO" && sign "$2" archive ;;
    stranger) sign "$2" stranger ;;
    tampered) sed -i 's/^Description: .*/Description: changed on the way/' "$2"/{InRelease,Release} ;;
    foreign) release "$2" Debian && sign "$2" archive ;;
  esac
}

sum() {
  sha256sum <"$1" | cut -d' ' -f1
}

say() {
  echo "deb-mirror.sh: $1" >&2
}

fail() {
  say "$1"
  exit 1
}

main "$@"
