# shellcheck shell=bash
# To be sourced after mirrors.sh: verified packages of a Debian suite, unpacked into a folder that is kept for later runs.
# What uses it says who it is by its file name.

readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/create-base-image-tests

# A folder to work in, gone at the end.
start_work() {
  mkdir -p "$CACHE"
  WORK=$(mktemp -d "$CACHE/partial.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
  mkdir -p "$WORK"/{lists/partial,debs/partial,parts,tree}
  chmod 755 "$WORK" "$WORK"/debs
}

# Lists of its own, so that the machine's apt stays as it is. A mirror that is kept at one day has old indexes of suites
# that go on, whose signature still counts.
apt() {
  apt-get -qq -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root \
    -o Dir::Etc::sourcelist="$WORK/sources.list" -o Dir::Etc::sourceparts="$WORK/parts" \
    -o Dir::State::lists="$WORK/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@" >&2
}

# The packages of a suite without what they depend on, in WORK/tree.
fetch_alone() {
  name_source "$1"
  apt update && (cd "$WORK/debs" && apt download "${@:2}") && unpack
}

# The packages of a suite with all that they depend on, as if nothing were installed, in WORK/tree.
fetch_whole() {
  local folder
  name_source "$1"
  touch "$WORK/status"
  apt update && apt install --yes --no-install-recommends --download-only -o Debug::NoLocking=true \
    -o Dir::State::status="$WORK/status" -o Dir::Cache::archives="$WORK/debs" "${@:2}" || return 1
  for folder in bin sbin lib lib64; do
    mkdir -p "$WORK/tree/usr/$folder"
    ln -s "usr/$folder" "$WORK/tree/$folder"
  done
  unpack
}

name_source() {
  local mirror
  mirror=$(first_mirror "$1") || fail "no http(s) Debian mirror among this machine's apt sources has $1"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" >"$WORK/sources.list"
}

unpack() {
  local deb
  for deb in "$WORK"/debs/*.deb; do dpkg-deb --extract "$deb" "$WORK/tree"; done
}

# Moves WORK/tree to where it is kept, unless another run was first; PROOF is a file that a whole one has.
take_place() {
  local folder=$1 proof=$2
  mv -T "$WORK/tree" "$folder" 2>/dev/null || [ -e "$folder/$proof" ]
}

fail() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}
