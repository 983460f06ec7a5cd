#!/bin/sh
# Configures a root filesystem of Debian or Ubuntu whose packages are unpacked, from inside it, with its own dpkg.
#
#   docker start --attach CONTAINER       (made with: sh /.create-base-image/configure [--slim] [--ended])
#
# Beside it lie the names of the packages (required, base), their first scripts (ci/), the packages that come on top
# (debs/), and what the image's apt fetches from (sources, keyring). It says "T: what is done now", "P: done total unit words" and "F: code subject"; the rest is dpkg's.
set -eu
umask 022
own=/.create-base-image
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true DEBCONF_NOWARNINGS=yes
cd /

main() {
  slim='' ended=''
  for option; do
    case $option in
      --slim) slim=yes ;;
      --ended) ended=yes ;;
      *) fail OPTION "$option" ;;
    esac
  done
  total=$(cat "$own/required" "$own/base" | wc -l) done=0
  architecture=$(dpkg --print-architecture)
  version=$(dpkg-query --show --showformat '${Version}' dpkg)
  say 'prepare the tree'
  stand_in_for_devices
  [ -e etc/fstab ] || echo '# UNCONFIGURED FSTAB FOR BASE SYSTEM' >etc/fstab
  /sbin/ldconfig
  configure_required
  configure_base
  install_extras
  check
  copy_files
  run_hook
  finish
}

say() { echo "T: $*"; }

# fail CODE SUBJECT: what went wrong, for programs; the log says why.
fail() {
  echo "F: $*"
  exit 1
}

# Engines make /dev. Where there is none, plain files do while packages are configured.
stand_in_for_devices() {
  [ -d dev ] || mkdir dev
  for file in null zero full random urandom; do [ -e "dev/$file" ] || : >"dev/$file"; done
}

# As debootstrap does it: first what every script needs, then the rest, in dpkg's own order.
configure_required() {
  say 'configure the base'
  awk_stand_in
  ! listed base-passwd || before_unpack base-passwd
  for package in $(cat "$own/required"); do
    [ "$package" = base-passwd ] || before_unpack "$package"
  done
  for package in base-passwd base-files dpkg libc6 libc6.1 libc0.3 perl-base mawk debconf; do
    listed "$package" || continue
    [ "$package" != mawk ] || remove_awk_stand_in
    dpkg_quietly --force-depends --configure "$package"
    done=$((done + 1))
    # As debootstrap leaves it; tzdata's own choice would be the same.
    [ "$package" != dpkg ] || [ -e etc/localtime ] || ln -s /usr/share/zoneinfo/UTC etc/localtime
  done
  remove_awk_stand_in
  say 'configure the required packages'
  # shellcheck disable=SC2046
  dpkg_quietly --force-configure-any --force-depends --configure $(not_configured required)
  done=$(wc -l <"$own/required")
}

configure_base() {
  [ -s "$own/base" ] || return 0
  say 'configure the rest'
  for package in $(cat "$own/base"); do before_unpack "$package"; done
  dpkg_quietly --force-confold --configure -a
}

listed() { grep -qx "$1" "$own/required"; }

awk_stand_in() {
  [ ! -e usr/bin/mawk ] || [ -e usr/bin/awk ] || { ln -s mawk usr/bin/awk && stand_in=yes; }
}

remove_awk_stand_in() {
  [ -z "${stand_in:-}" ] || rm -f usr/bin/awk
  stand_in=''
}

# A script that a package wants to run before its files come runs after they have come; dpkg's name for its place tells
# debconf whose it is.
before_unpack() {
  [ -f "$own/ci/$1/preinst" ] || return 0
  rm -rf var/lib/dpkg/tmp.ci
  mv "$own/ci/$1" var/lib/dpkg/tmp.ci
  DPKG_MAINTSCRIPT_NAME=preinst DPKG_MAINTSCRIPT_PACKAGE=$1 DPKG_MAINTSCRIPT_ARCH=$architecture \
    DPKG_RUNNING_VERSION=$version DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT=1 \
    DPKG_ADMINDIR=/var/lib/dpkg DPKG_ROOT='' var/lib/dpkg/tmp.ci/preinst install || fail PREINST "$1"
  rm -rf var/lib/dpkg/tmp.ci
}

# What of a list still waits; dpkg fails for a package that it has configured already.
not_configured() {
  dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' | sed -n 's/^unpacked //p' |
    grep -xFf "$own/$1"
}

# Its progress goes to fd 8, which is ours; what it says is the log.
dpkg_quietly() {
  code=0
  { { dpkg --status-fd 8 "$@" </dev/null 8>&1 >&3 2>&3 3>&- || echo "exit: $?"; } | count_progress; } 3>&1 || code=$?
  [ "$code" = 0 ] || fail CONFIGURE "$(first_unfinished)"
}

# In a pipe, so what it counts ends with it: `done` says where it begins.
count_progress() {
  while read -r what name rest; do
    case $what$rest in
      exit:*) return 1 ;;
      status:installed)
        done=$((done + 1))
        echo "P: $done $total packages ${name%:} configured"
        ;;
    esac
  done
}

first_unfinished() {
  dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' | sed -n '/^installed /!{s/.* //p;q;}'
}

# By the real apt where there is one: it knows in which order they go.
install_extras() {
  [ -d "$own/debs" ] || return 0
  say 'install the extra packages'
  if [ -x usr/bin/apt-get ]; then
    mkdir -p "$own/lists/partial"
    apt-get --quiet --yes --no-install-recommends --allow-downgrades \
      -o "Dir::State::Lists=$own/lists" -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \
      install "$own"/debs/*.deb </dev/null || fail EXTRAS "$(first_unfinished)"
  else
    dpkg --install "$own"/debs/*.deb </dev/null || fail EXTRAS "$(first_unfinished)"
  fi
}

# What a person wants in the tree, below copies/ by its path.
copy_files() {
  [ -d "$own/copies" ] || return 0
  say 'copy your files'
  (cd "$own/copies" && find . -type f) | while read -r file; do
    mkdir -p "$(dirname "./$file")" && cp -p "$own/copies/$file" "./$file" || exit 1
  done || fail COPY files
}

# A person's own script, in the finished tree.
run_hook() {
  [ -e "$own/hook" ] || return 0
  say 'run your hook'
  HOME=/root "$own/hook" </dev/null || fail HOOK "exit code $?"
}

check() {
  say 'check every package'
  found=$(dpkg --audit)
  [ -z "$found" ] || { echo "$found" && fail AUDIT "$(first_unfinished)"; }
  found=$(dpkg --verify)
  [ -z "$found" ] || { echo "$found" && fail VERIFY "$(echo "$found" | head -n 1)"; }
}

# All who start the image share what is in it: no key and no identity may be the same for all.
finish() {
  say 'remove logs, old copies and traces of this machine'
  drop_secrets
  rm -f etc/passwd- etc/group- etc/shadow- etc/gshadow- etc/subuid- etc/subgid- \
    var/lib/dpkg/*-old var/cache/debconf/*-old var/cache/ldconfig/aux-cache
  # Folders and empty logs stay, because packages made them with the owner they need.
  empty var/log -type f -size +0
  empty var/cache/apt -type f
  empty var/lib/apt/lists -type f
  empty tmp
  empty var/tmp
  for file in etc/machine-id var/lib/dbus/machine-id; do
    [ ! -f "$file" ] || [ -L "$file" ] || : >"$file"
  done
  # With an empty password anybody could become root.
  [ ! -f etc/shadow ] || sed -i 's/^root::/root:*:/' etc/shadow
  [ -z "$slim" ] || make_slim
  write_settings
  write_sources
}

{{> families/shared/secrets.sh}}

# What dpkg's rules in dpkg.cfg.d/docker keep out from now on goes from here too; licences stay, and so do the folders
# of man pages, without which some packages fail to install.
make_slim() {
  say 'remove man pages, documentation and translations, and keep them out'
  empty usr/share/man ! -path 'usr/share/man/man[1-9]'
  for section in 1 2 3 4 5 6 7 8 9; do mkdir -p "usr/share/man/man$section"; done
  empty usr/share/info
  empty usr/share/lintian
  empty usr/share/doc ! -type d ! -type l ! -name copyright
  # A link may point into a folder that is empty now, and be all that another one holds.
  for pass in 1 2; do
    empty usr/share/doc -xtype l
    empty usr/share/doc -type d -empty
  done
  empty usr/share/locale ! -name locale.alias
}

# empty FOLDER [TEST...]: deletes what is in the folder and passes find's tests.
empty() {
  [ -d "$1" ] || return 0
  folder=$1
  shift
  find "$folder" -xdev -mindepth 1 "$@" -delete
}

# The names of these files are those of the official images: recipes that change them work here too.
write_settings() {
  say 'set up apt and dpkg for containers'
  # A container runs the one program it is made for, so installing a service must not start it.
  printf '#!/bin/sh\nexit 101\n' >usr/sbin/policy-rc.d
  chmod 755 usr/sbin/policy-rc.d
  # A build that loses power starts again: dpkg need not wait for the disk after each file.
  echo force-unsafe-io >etc/dpkg/dpkg.cfg.d/docker-apt-speedup
  [ -z "$slim" ] || keep_out
  [ -d etc/apt/apt.conf.d ] || return 0
  # Every layer keeps what is in it: so no downloads, no caches, package lists compressed and in one language.
  apt_setting clean 'APT::Keep-Downloaded-Packages "false"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
  apt_setting gzip-indexes 'Acquire::GzipIndexes "true";'
  apt_setting no-languages 'Acquire::Languages "none";'
  # What another package merely suggests goes with apt-get autoremove.
  apt_setting autoremove-suggests 'APT::AutoRemove::SuggestsImportant "false";'
  # What has ended is signed no more, and the dates until which its lists are good have passed.
  [ -z "$ended" ] || apt_setting ended 'Acquire::Check-Valid-Until "false";'
}

apt_setting() { echo "$2" >"etc/apt/apt.conf.d/docker-$1"; }

keep_out() {
  cat >etc/dpkg/dpkg.cfg.d/docker <<'END'
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
END
}

# Where the image's apt fetches from.
write_sources() {
  [ -d etc/apt ] && [ -s "$own/sources" ] || return 0
  say "write apt's sources"
  distribution=$(sed -n 's/^ID=//p' etc/os-release)
  choose_key
  if dpkg --compare-versions "$(dpkg-query --show --showformat '${Version}' apt)" ge 2.4; then
    stanzas <"$own/sources" >"etc/apt/sources.list.d/$distribution.sources"
    rm -f etc/apt/sources.list
  else
    sed "s|^|deb ${own_key:+[signed-by=$own_key] }|" "$own/sources" >etc/apt/sources.list
  fi
}

# apt trusts the distribution's key, or the one that came with the mirror.
choose_key() {
  key='' own_key=''
  for file in "usr/share/keyrings/$distribution-archive-keyring".[gp][gp][gp]; do
    [ ! -e "$file" ] || key=/$file
  done
  [ -e "$own/keyring" ] || return 0
  own_key=/etc/apt/keyrings/mirror.gpg key=$own_key
  mkdir -p etc/apt/keyrings
  cat "$own/keyring" >".$own_key"
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

main "$@"
