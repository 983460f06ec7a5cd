#!/bin/sh
# Makes a Debian or Ubuntu root filesystem in a folder, from nothing but the distribution's own packages.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# On Linux without a container: sudo debootstrap SUITE DIR, then sudo sh bootstrap.sh --only-finish --rootfs DIR.
# It says "T: what is done now" and "Z: the tree's size in bytes, and after what"; the rest is debootstrap's.
set -eu
umask 022

main() {
  read_options "$@"
  [ -n "$only_finish" ] || make
  finish
}

read_options() {
  rootfs=/rootfs suite='' variant=minbase include='' components='' keyring='' slim='' only_finish='' progress=''
  mirror='' near='' archive='' moved='' given='' ended='' sources=''
  while [ $# -gt 0 ]; do
    case $1 in
      --slim) slim=yes && shift && continue ;;
      --only-finish) only_finish=yes && shift && continue ;;
      --progress) progress=yes && shift && continue ;;
    esac
    case ${2:---} in --*) wrong "$1 is no option of this script, or has no value" ;; esac
    case $1 in
      --rootfs) rootfs=$2 ;;
      --suite) suite=$2 ;;
      --variant) variant=$2 ;;
      --include) include=$2 ;;
      --components) components=$2 ;;
      --keyring) keyring=$(readlink -f "$2") || wrong "$2 is not there" ;;
      --mirror) mirror=${2%/} given=yes ;;
      --near) near=${2%/} ;;
      --archive) archive=${2%/} ;;
      --moved) moved=${2%/} ;;
      --source) sources="$sources
always $2" ;;
      --source-if-there) sources="$sources
if-there $2" ;;
      *) wrong "$1 is no option of this script" ;;
    esac
    shift 2
  done
  [ -n "$suite$only_finish" ] || wrong '--suite is missing'
}

wrong() {
  echo "bootstrap.sh: $1" >&2
  exit 2
}

say() { echo "T: $*"; }

# --- make: packages become a tree ---

make() {
  mkdir -p "$rootfs"
  be_patient
  stand_in_for_mknod
  choose_mirror
  say "bootstrap $suite"
  # Without --force-check-gpg a missing key would only be a warning, and anybody's packages would do.
  set -- --force-check-gpg
  # So it tells its progress in lines for programs, on file descriptor 3.
  [ -z "$progress" ] || set -- "$@" --debian-installer
  [ "$variant" = standard ] || set -- "$@" "--variant=$variant"
  [ -z "$keyring" ] || set -- "$@" "--keyring=$keyring"
  [ -z "$include" ] || set -- "$@" "--include=$include"
  [ -z "$components" ] || set -- "$@" "--components=$components"
  debootstrap "$@" "$suite" "$rootfs" "$mirror" 3>&2
}

# One name that is not found for a moment would be the end of it: debootstrap asks wget once for each package.
be_patient() {
  ! wget --help | grep -q retry-on-host-error || {
    printf '%s = on\n' retry_on_host_error retry_connrefused >/tmp/wgetrc
    echo 'tries = 4' >>/tmp/wgetrc
    export WGETRC=/tmp/wgetrc
  }
}

# debootstrap makes /dev/null and its like with mknod, which rootless engines and Podman refuse. Plain files do
# while packages are configured; later the engine supplies the real ones. No terminal is better than a false one.
stand_in_for_mknod() {
  probe=$rootfs/probe
  if mknod "$probe" c 1 3 && echo >"$probe"; then
    rm "$probe"
    return
  fi 2>/dev/null
  rm -f "$probe"
  say 'this engine refuses mknod: plain files stand in for devices while packages are configured'
  cat >/usr/local/sbin/mknod <<'END'
#!/bin/sh
for file; do
  case $file in
    */zero | */random | */urandom) head -c 65536 "/dev/${file##*/}" >"$file" ;;
    */null | */full) : >"$file" && chmod 666 "$file" ;;
  esac
done
END
  chmod 755 /usr/local/sbin/mknod
  PATH=/usr/local/sbin:$PATH
}

# A mirror that was asked for is never replaced. Else the one that this machine uses comes first, then the
# builder's own: they may be the nearest.
choose_mirror() {
  if [ -n "$mirror" ]; then
    check_mirror
    return
  fi
  for mirror in $near $(own_mirrors); do
    ! is_distribution "$mirror" || return 0
  done
  mirror=$archive
  if [ -n "$moved" ] && ! has "$archive" "$suite" && has "$moved" "$suite"; then
    say "$suite has moved to $moved"
    mirror=$moved ended=yes
  fi
}

# debootstrap says the same of a wrong address, a wrong suite and a network that is down.
check_mirror() {
  code=0
  wget -q -T 20 -O "$rootfs/index" "$mirror/dists/$suite/InRelease" || code=$?
  begins=$(head -c 512 "$rootfs/index" | tr -d '\0')
  rm -f "$rootfs/index"
  case $code$begins in
    0-----BEGIN\ PGP*) ;;
    0*) fail PORTAL "$mirror" 'What %s answers is no index of packages' ;;
    8*)
      ! has "$mirror" "$suite" || return 0
      ! has "$mirror" sid && ! has "$mirror" devel && ! wget -q -T 20 --spider "$mirror/dists/" ||
        fail NOSUITE "$suite" 'The mirror has no release %s'
      fail NOARCHIVE "$mirror" 'There is no archive at %s'
      ;;
    *) fail NOANSWER "$mirror" 'No answer from %s' ;;
  esac
}

# fail CODE ARGUMENT FORMAT: an error in debootstrap's own form.
fail() {
  printf 'E: %s\nEA: %s\nEF: %s\n' "$1" "$2" "$3" >&2
  exit 1
}

# apt's sources come in two forms: stanzas and lines.
own_mirrors() {
  sed -n -e 's/^URIs://p' -e 's/^deb[[:space:]]\(.*\]\)*//p' /etc/apt/sources.list \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    tr -s ' \t' '\n' | sed -n 's|^\(https*://.*[^/]\)/*$|\1|p'
}

# Other people's repositories may have a dists/SUITE too, of another origin.
is_distribution() {
  wget -q -T 20 -O - "$1/dists/$suite/Release" | grep -Eq '^Origin: (Debian|Ubuntu)$'
}

# A mirror that has no such suite says so; one that does not answer must not be taken for that.
has() {
  code=0
  wget -q -T 20 --spider "$1/dists/$2/Release" || code=$?
  case $code in 0 | 8) return "$code" ;; esac
  fail NOANSWER "$1" 'No answer from %s'
}

# --- finish: the tree becomes fit to be an image ---

finish() {
  [ -x "$rootfs/usr/bin/dpkg" ] || wrong "$rootfs holds no root filesystem of Debian or Ubuntu"
  cd "$rootfs"
  size 'as debootstrap made it'
  say 'remove the downloaded packages, which are unpacked'
  empty var/cache/apt -type f
  size 'without downloaded packages'
  say 'remove the package lists; apt-get update brings new ones'
  empty var/lib/apt/lists -type f
  size 'without package lists'
  drop_traces
  [ -z "$slim" ] || make_slim
  write_settings
  write_sources
}

size() { echo "Z: $(du -sx --apparent-size -B1 . | cut -f1) $*"; }

# empty FOLDER [TEST...]: deletes what is in the folder and passes find's tests; a mounted one keeps what it has.
empty() {
  [ -d "$1" ] || return 0
  folder=$1
  shift
  find "$folder" -xdev -mindepth 1 "$@" -delete
}

# All who start the image share what is in it: no secret and no name of this machine may stay. Folders and empty
# logs do, because packages made them with the owner they need.
drop_traces() {
  say 'remove logs, old copies and traces of this machine'
  empty var/log -type f -size +0
  empty run ! -type d
  empty tmp
  empty var/tmp
  empty dev 2>/dev/null || true
  rm -rf debootstrap run/mount etc/passwd- etc/group- etc/shadow- etc/gshadow- etc/subuid- etc/subgid- \
    var/lib/dpkg/*-old var/cache/debconf/*-old var/cache/ldconfig/aux-cache \
    etc/ssh/ssh_host_*_key* var/lib/systemd/random-seed var/lib/urandom/random-seed
  # Empty, not gone: systemd fills an empty machine-id, and engines mount over the other two.
  for file in etc/machine-id var/lib/dbus/machine-id etc/hostname etc/resolv.conf; do
    [ ! -f "$file" ] || [ -L "$file" ] || { rm "$file" && : >"$file"; }
  done
  # With an empty password anybody could become root.
  sed -i 's/^root::/root:*:/' etc/shadow
  size 'without logs and traces'
}

# dpkg keeps out what these rules say, from now on; what is here already goes the same way. Licences stay, and so
# do the folders of man pages, without which some packages, such as Java's, fail to install.
make_slim() {
  cat >etc/dpkg/dpkg.cfg.d/docker <<'END'
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
END
  say 'remove man pages, and keep them out'
  empty usr/share/man ! -path 'usr/share/man/man[1-9]'
  empty usr/share/info
  empty usr/share/lintian
  size 'without man pages'
  say 'remove documentation, and keep it out'
  empty usr/share/doc ! -type d ! -type l ! -name copyright
  # A link may point into a folder that is empty now, and be all that another one holds.
  for pass in 1 2; do
    empty usr/share/doc -xtype l
    empty usr/share/doc -type d -empty
  done
  size 'without documentation'
  say 'remove translations, and keep them out'
  empty usr/share/locale ! -name locale.alias
  size 'without translations'
}

# The names of these files are those of the official images: recipes that change them work here too.
write_settings() {
  say 'set up apt and dpkg for containers'
  # A container runs the one program it is made for, so installing a service must not start it.
  printf '#!/bin/sh\nexit 101\n' >usr/sbin/policy-rc.d
  chmod 755 usr/sbin/policy-rc.d
  # A build that loses power starts again: dpkg need not wait for the disk after each file.
  echo force-unsafe-io >etc/dpkg/dpkg.cfg.d/docker-apt-speedup
  # Every layer keeps what is in it: so no downloads, no caches, package lists compressed and in one language.
  apt_setting clean 'APT::Keep-Downloaded-Packages "false"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
  apt_setting gzip-indexes 'Acquire::GzipIndexes "true";'
  apt_setting no-languages 'Acquire::Languages "none";'
  # What another package merely suggests goes with apt-get autoremove.
  apt_setting autoremove-suggests 'APT::AutoRemove::SuggestsImportant "false";'
}

apt_setting() { echo "$2" >"etc/apt/apt.conf.d/docker-$1"; }

# Where the image's apt fetches from. When nothing is given, debootstrap's line stays.
write_sources() {
  chosen=$(choose_sources)
  [ -n "$chosen" ] || return 0
  say "write apt's sources"
  distribution=$(sed -n 's/^ID=//p' etc/os-release)
  choose_key
  apt=$(chroot . dpkg-query --show --showformat '${Version}' apt)
  if chroot . dpkg --compare-versions "$apt" ge 2.4; then
    echo "$chosen" | stanzas >"etc/apt/sources.list.d/$distribution.sources"
    rm -f etc/apt/sources.list
  else
    echo "$chosen" | sed "s|^|deb ${own_key:+[signed-by=$own_key] }|" >etc/apt/sources.list
  fi
}

choose_sources() {
  # What is written has no user and password; asked is with them.
  open=$(echo "$mirror" | sed 's|//[^/@]*@|//|')
  echo "$sources" | while read -r when url name components; do
    url=${url%/}
    [ -z "$ended" ] || case $url in *-security) url=$moved-security ;; *) url=$moved ;; esac
    case $when in
      always) echo "$url $name $components" ;;
      if-there) ! has "$mirror${url#"$open"}" "$name" || echo "$url $name $components" ;;
    esac
  done
}

# apt trusts the distribution's key, or the one that came with the mirror.
choose_key() {
  key='' own_key=''
  for file in "usr/share/keyrings/$distribution-archive-keyring".[gp][gp][gp]; do
    [ ! -e "$file" ] || key=/$file
  done
  [ -n "$keyring" ] && [ -n "$given" ] || return 0
  own_key=/etc/apt/keyrings/${keyring##*/} key=$own_key
  mkdir -p etc/apt/keyrings
  cat "$keyring" >".$own_key"
}

# Suites from one place, with the same components, share a stanza.
stanzas() {
  place=''
  while read -r url name components; do
    if [ "$place" != "$url $components" ]; then
      [ -z "$place" ] || printf '\n\n'
      place="$url $components"
      printf 'Types: deb\nURIs: %s\nComponents: %s\n' "$url" "$components"
      [ -z "$key" ] || echo "Signed-By: $key"
      printf 'Suites:'
    fi
    printf ' %s' "$name"
  done
  echo
}

# In one piece and without input, so that nothing started above reads the rest of this script.
main "$@" </dev/null >&2
