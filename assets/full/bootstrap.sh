#!/bin/sh
# Makes a Debian or Ubuntu root filesystem in a folder, from nothing but the distribution's own packages.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# On Linux it also works without a container: sudo debootstrap SUITE DIR, then
# sudo sh bootstrap.sh --only-finish --rootfs DIR OPTIONS.
# It prints "T: what is done now" and "Z: the tree's size in bytes, after what"; the rest is debootstrap's.
set -eu
umask 022
newline='
'

main() {
  read_options "$@"
  [ -n "$only_finish" ] || make
  finish
}

read_options() {
  rootfs=/rootfs suite='' variant=minbase include='' components='' keyring='' slim='' only_finish=''
  mirror='' archive='' moved='' ended='' own_key='' sources=''
  while [ $# -gt 0 ]; do
    case $1 in
      --slim) slim=yes && shift && continue ;;
      --only-finish) only_finish=yes && shift && continue ;;
    esac
    case ${2:---} in --*) wrong "$1 is no option of this script, or has no value" ;; esac
    case $1 in
      --rootfs) rootfs=$2 ;;
      --suite) suite=$2 ;;
      --variant) variant=$2 ;;
      --include) include=$2 ;;
      --components) components=$2 ;;
      --keyring) keyring=$(readlink -f "$2") ;;
      --mirror) mirror=${2%/} ;;
      --archive) archive=${2%/} ;;
      --moved) moved=${2%/} ;;
      --source) sources="${sources}always $2$newline" ;;
      --source-if-there) sources="${sources}if-there $2$newline" ;;
      *) wrong "$1 is no option of this script" ;;
    esac
    shift 2
  done
  case $variant in minbase | standard | buildd) ;; *) wrong "--variant is minbase, standard or buildd" ;; esac
  [ -n "$suite$only_finish" ] || wrong "--suite is missing"
  [ -n "$mirror$archive$only_finish" ] || wrong "--mirror or --archive is missing"
  # A key of one's own goes into the image only for the mirror it came with.
  [ -z "$keyring" ] || own_key=$mirror
}

wrong() {
  echo "bootstrap.sh: $1" >&2
  exit 2
}

say() {
  echo "T: $*"
}

# --- make: packages become a tree ---

make() {
  mkdir -p "$rootfs"
  stand_in_for_mknod
  choose_mirror
  say "bootstrap $suite"
  # --debian-installer makes debootstrap tell its progress, on file descriptor 3. Without --force-check-gpg
  # a missing key would only be a warning, and anybody's packages would do.
  set -- --debian-installer --force-check-gpg
  [ "$variant" = standard ] || set -- "$@" "--variant=$variant"
  [ -z "$keyring" ] || set -- "$@" "--keyring=$keyring"
  [ -z "$include" ] || set -- "$@" "--include=$include"
  [ -z "$components" ] || set -- "$@" "--components=$components"
  debootstrap "$@" "$suite" "$rootfs" "$mirror" 3>&2
}

# Rootless engines and Podman refuse mknod, which debootstrap makes /dev/null and its like with. Plain files
# do while packages are configured, and the engine supplies the real /dev. A terminal is better not there.
stand_in_for_mknod() {
  if mknod "$rootfs/probe" c 1 3 2>/dev/null && (: >"$rootfs/probe") 2>/dev/null; then
    rm "$rootfs/probe"
    return
  fi
  rm -f "$rootfs/probe"
  say "this engine refuses mknod: plain files stand in for the devices while packages are configured"
  cat >/usr/local/sbin/mknod <<'END'
#!/bin/sh
for file; do
  case $file in
    */zero | */random | */urandom) head -c 65536 "/dev/${file##*/}" >"$file" ;;
    */null | */full | */test-dev-null) : >"$file" && chmod 666 "$file" ;;
  esac
done
END
  chmod 755 /usr/local/sbin/mknod
  PATH=/usr/local/sbin:$PATH
}

# A mirror that was asked for is never replaced. Else the builder's own comes first: the owner of this
# machine may have set it.
choose_mirror() {
  [ -z "$mirror" ] || return 0
  for mirror in $(own_mirrors); do
    ! is_distribution "$mirror" || return 0
  done
  mirror=$archive
  if [ -n "$moved" ] && ! has "$archive" "$suite" && has "$moved" "$suite"; then
    say "$suite has moved to $moved"
    mirror=$moved ended=yes
  fi
}

# Both forms of apt's sources: deb822 files and one-line lists.
own_mirrors() {
  sed -n -e 's/^URIs://p' -e 's/^deb[[:space:]]\(.*\]\)*//p' /etc/apt/sources.list \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    tr -s ' \t' '\n' | sed -n 's|^\(https*://.*[^/]\)/*$|\1|p'
}

# A third party's repository may have a dists/SUITE too; its origin is another.
is_distribution() {
  wget -q -T 20 -t 2 -O - "$1/dists/$suite/InRelease" | grep -Eq '^Origin: (Debian|Ubuntu)$'
}

has() {
  wget -q -T 20 -t 2 --spider "$1/dists/$2/InRelease" || wget -q -T 20 -t 2 --spider "$1/dists/$2/Release"
}

# --- finish: a tree becomes the files of an image ---

finish() {
  [ -x "$rootfs/usr/bin/dpkg" ] || wrong "$rootfs holds no root filesystem of Debian or Ubuntu"
  cd "$rootfs"
  size "as debootstrap made it"
  drop_downloads
  drop_lists
  drop_traces
  [ -z "$slim" ] || make_slim
  write_settings
  write_sources
}

size() {
  echo "Z: $(du -sx --apparent-size -B1 . | cut -f1) $*"
}

drop_downloads() {
  say "remove the packages that are unpacked by now"
  find var/cache/apt -type f -delete
  size "without downloaded packages"
}

drop_lists() {
  say "remove the package lists: they age, and apt-get update brings new ones"
  find var/lib/apt/lists -type f -delete
  size "without package lists"
}

# An image is started many times: nothing in it may tell of the machine that made it or be the same secret
# for everybody. Folders and empty files stay, because packages made them with the owner they need.
drop_traces() {
  say "remove logs, old copies and all that belongs to one machine"
  rm -rf debootstrap run/mount
  find var/log -xdev -type f -size +0 -delete
  find run -xdev ! -type d -delete
  find dev tmp var/tmp -xdev -mindepth 1 -delete 2>/dev/null || true
  rm -f etc/passwd- etc/group- etc/shadow- etc/gshadow- etc/subuid- etc/subgid- var/lib/dpkg/*-old \
    var/cache/debconf/*-old var/cache/ldconfig/aux-cache \
    etc/ssh/ssh_host_*_key* var/lib/systemd/random-seed var/lib/urandom/random-seed
  # Empty, not gone: systemd fills an empty machine-id, and engines mount over the other two.
  for file in etc/machine-id var/lib/dbus/machine-id etc/hostname etc/resolv.conf; do
    [ ! -f "$file" ] || [ -L "$file" ] || : >"$file"
  done
  # An empty password would let anybody become root.
  sed -i 's/^root::/root:*:/' etc/shadow
  size "without logs and traces"
}

# dpkg keeps out what it is told to; what is here already goes the same way. Licences stay, and so do the
# folders of man pages: packages with alternatives, such as Java's, fail without them.
make_slim() {
  put etc/dpkg/dpkg.cfg.d/docker <<'END'
# A slim image: packages install without these files.
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
END
  say "remove man pages, info and lintian files, and keep them out"
  for section in 1 2 3 4 5 6 7 8 9; do mkdir -p "usr/share/man/man$section"; done
  empty usr/share/man ! -path 'usr/share/man/man[1-9]'
  empty usr/share/info
  empty usr/share/lintian
  size "without man pages"
  say "remove documentation, and keep it out"
  empty usr/share/doc ! -type d ! -type l ! -name copyright
  for pass in links folders; do
    find usr/share/doc -xtype l -delete
    find usr/share/doc -mindepth 1 -type d -empty -delete
  done
  size "without documentation"
  say "remove translations, and keep them out"
  empty usr/share/locale ! -name locale.alias
  size "without translations"
}

# empty FOLDER [TEST...]: deletes what is in it and passes the tests.
empty() {
  [ -d "$1" ] || return 0
  folder=$1
  shift
  find "$folder" -xdev -mindepth 1 "$@" -delete
}

# put FILE < TEXT
put() {
  mkdir -p "${1%/*}"
  cat >"$1"
}

# apt and dpkg as a container wants them. The names are those of the official images, so that recipes which
# remove or change one of these files work here too.
write_settings() {
  say "set up apt and dpkg for containers"
  put usr/sbin/policy-rc.d <<'END'
#!/bin/sh
# No service is started when its package is installed: a container runs the one program it is made for.
exit 101
END
  chmod 755 usr/sbin/policy-rc.d
  put etc/dpkg/dpkg.cfg.d/docker-apt-speedup <<'END'
# A build that loses power starts again: no need to wait for the disk after each file.
force-unsafe-io
END
  put etc/apt/apt.conf.d/docker-clean <<'END'
# Downloaded packages and caches would only make a layer larger.
APT::Keep-Downloaded-Packages "false";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
END
  put etc/apt/apt.conf.d/docker-gzip-indexes <<'END'
# Package lists stay compressed on disk.
Acquire::GzipIndexes "true";
END
  put etc/apt/apt.conf.d/docker-no-languages <<'END'
# No translated package descriptions.
Acquire::Languages "none";
END
  put etc/apt/apt.conf.d/docker-autoremove-suggests <<'END'
# A package that is only suggested by another does not stay for that.
APT::AutoRemove::SuggestsImportant "false";
END
}

# Without a source to write, debootstrap's line stays.
write_sources() {
  lines=$(chosen_sources)
  [ -n "$lines" ] || return 0
  say "write where apt fetches from"
  [ -z "$own_key" ] || put "etc/apt/keyrings/${keyring##*/}" <"$keyring"
  apt=$(chroot . dpkg-query --show --showformat '${Version}' apt)
  if chroot . dpkg --compare-versions "$apt" ge 2.4; then
    rm -f etc/apt/sources.list
    echo "$lines" | stanzas | put "etc/apt/sources.list.d/$(sed -n 's/^ID=//p' etc/os-release).sources"
  else
    echo "$lines" | one_liners | put etc/apt/sources.list
  fi
}

chosen_sources() {
  printf %s "$sources" | while read -r when url name components; do
    url=${url%/}
    [ -z "$ended" ] || [ "$url" != "$archive" ] || url=$moved
    [ "$when" = always ] || has "$url" "$name" || continue
    echo "$url $name $components"
  done
}

one_liners() {
  while read -r url rest; do
    [ "$url" != "$own_key" ] || url="[signed-by=$(key_for "$url")] $url"
    echo "deb $url $rest"
  done
}

# Suites from one place with the same components share a stanza.
stanzas() {
  place='' suites=''
  while read -r url name components; do
    if [ "$place" != "$url $components" ]; then
      stanza
      place="$url $components" suites=''
    fi
    suites="$suites $name"
  done
  stanza
}

stanza() {
  [ -n "$place" ] || return 0
  printf 'Types: deb\nURIs: %s\nSuites:%s\nComponents: %s\n' "${place%% *}" "$suites" "${place#* }"
  key=$(key_for "${place%% *}")
  printf "${key:+Signed-By: %s}\n\n" "$key"
}

# Prints the key that a source is to be checked with, as a path in the image.
key_for() {
  if [ "$1" = "$own_key" ]; then
    echo "/etc/apt/keyrings/${keyring##*/}"
    return
  fi
  for key in debian-archive-keyring.pgp debian-archive-keyring.gpg ubuntu-archive-keyring.gpg; do
    [ ! -e "usr/share/keyrings/$key" ] || { echo "/usr/share/keyrings/$key" && return; }
  done
}

# In one piece and without input, so that no program started above reads the rest of this script.
main "$@" </dev/null >&2
