#!/bin/sh
# Makes a Debian or Ubuntu root filesystem in a folder, from nothing but the distribution's own packages.
#
#   docker run --interactive --name maker BUILDER sh -s -- OPTIONS < bootstrap.sh
#   docker start --attach --interactive maker < pack.sh > rootfs.tar
#
# On Linux without a container: sudo debootstrap SUITE DIR, then sudo sh bootstrap.sh --only-finish --rootfs DIR.
# With --updates the tree's own apt brings what has come since the release, from those --source that there are.
# With --lock it takes the versions that a packages.lock names, as far as they are to be had; without that file it says so.
# With --only-choose it looks for the release, and makes nothing.
# It says "T: what is done now", "M: the mirror that is taken" and "Z: the tree's size in bytes, and after what"; the
# rest is debootstrap's.
set -eu
umask 022

main() {
  read_options "$@"
  take_login
  if [ -z "$only_finish" ]; then choose_mirror; else recall_mirror; fi
  # Before anything is made: what is wrong here would be wrong after it too.
  chosen=$(choose_sources)
  [ -z "$only_choose" ] || return 0
  read_lock
  [ -n "$only_finish" ] || make
  [ -z "$updates$lock" ] || update
  forget_login
  finish
  [ -z "$lock" ] || tell_lock
}

read_options() {
  rootfs=/rootfs suite='' variant=minbase include='' components='' keyring='' slim='' updates='' lock='' progress=''
  only_choose='' only_finish='' origin='' script=''
  mirror='' near='' archive='' moved='' fetched='' given='' ended='' sources=''
  while [ $# -gt 0 ]; do
    case $1 in
      --slim) slim=yes && shift && continue ;;
      --updates) updates=yes && shift && continue ;;
      --only-choose) only_choose=yes && shift && continue ;;
      --only-finish) only_finish=yes && shift && continue ;;
      --progress) progress=yes && shift && continue ;;
    esac
    case ${2:---} in --*) wrong "$1 is not an option of this script, or has no value" ;; esac
    case $1 in
      --rootfs) rootfs=$2 ;;
      --suite) suite=$2 ;;
      --variant) variant=$2 ;;
      --include) include=$2 ;;
      --components) components=$2 ;;
      --lock) lock=$2 ;;
      --keyring) keyring=$(readlink -f "$2") || wrong "$2 is not there" ;;
      --mirror) mirror=${2%/} given=yes ;;
      --near) near=${2%/} ;;
      --archive) archive=${2%/} ;;
      --moved) moved=${2%/} ;;
      --fetched-from) fetched=${2%/} ;;
      --origin) origin=$2 ;;
      --script) script=$2 ;;
      --source) sources="$sources
always $2" ;;
      --source-if-there) sources="$sources
if-there $2" ;;
      *) wrong "$1 is not an option of this script" ;;
    esac
    shift 2
  done
  [ -n "$suite$only_finish" ] || wrong '--suite is missing'
}

wrong() {
  echo "bootstrap.sh: $1" >&2
  exit 2
}

# A mirror's user and password may come by stdin, in lines before this script: no list of processes or containers shows
# them. wget, and so debootstrap, reads them from a file.
take_login() {
  [ -n "${mirror_user:-}" ] || return 0
  WGETRC=$(mktemp)
  export WGETRC
  trap forget_login EXIT
  {
    printf 'user = %s\n' "$mirror_user"
    [ -z "$mirror_password" ] || printf 'password = %s\n' "$mirror_password"
  } >"$WGETRC"
}

forget_login() { [ -z "${mirror_user:-}" ] || rm -f "$WGETRC"; }

say() { echo "T: $*"; }

# --- choose: where the packages come from ---

# A mirror that was asked for is never replaced. Else the one that this machine uses comes first, then the
# builder's own: they may be the nearest.
choose_mirror() {
  if [ -n "$mirror" ]; then check_mirror; else find_mirror; fi
  echo "M: $(without_secret "$mirror")"
}

find_mirror() {
  check_origin "$archive"
  for mirror in $near $(own_mirrors); do
    ! is_distribution "$mirror" || return 0
  done
  mirror=$archive
  if [ -n "$moved" ] && ! has "$archive" "$suite" && has "$moved" "$suite"; then
    say "$suite has moved to $moved"
    mirror=$moved ended=yes
    check_origin "$moved"
  fi
}

# By the origin the builder's own mirrors are judged: were it another's, they would give another distribution. An archive
# that does not answer is told of later.
check_origin() {
  [ -n "$origin" ] || return 0
  found=$(wget -q -T 20 -t 2 -O - "$1/dists/$suite/Release" | origin_of) || found=''
  [ -z "$found" ] || is_origin "$found" || fail WRONGORIGIN "$found" "The archive has Origin: %s, and not Origin: $origin"
}

origin_of() { grep -a '^Origin: ' | head -n 1 | sed 's/^Origin: *//'; }

is_origin() {
  if [ -n "$origin" ]; then [ "$1" = "$origin" ]; else [ "$1" = Debian ] || [ "$1" = Ubuntu ]; fi
}

# Where debootstrap has run already, it is known where it found the release.
recall_mirror() {
  [ -z "$fetched" ] || [ "$fetched" != "$moved" ] || [ "$fetched" = "$archive" ] || ended=yes
}

# debootstrap says the same of a wrong address, a wrong suite and a network that is down.
check_mirror() {
  index=$(mktemp)
  # It may not stay on somebody's machine, whatever ends this.
  trap 'rm -f "$index" && forget_login' EXIT
  trap 'exit 1' HUP INT TERM
  there=yes
  fetch "$mirror" "dists/$suite/InRelease" "$index" || there=''
  begins=$(head -c 512 "$index" | tr -d '\0')
  found=$(origin_of <"$index")
  until=$(valid_until <"$index")
  rm -f "$index"
  trap forget_login EXIT
  trap - HUP INT TERM
  case $there$begins in
    yes-----BEGIN\ PGP*)
      is_current "$until" || fail EXPIRED "$mirror" "The index of %s expired on $until"
      # Whoever makes a mirror of one's own may give it another name: its key proves it.
      [ -z "$origin" ] || is_origin "$found" || say "the mirror has Origin: $found, and not $origin"
      return
      ;;
    yes*) fail PORTAL "$mirror" 'What %s answers is no index of packages' ;;
  esac
  ! has "$mirror" "$suite" || return 0
  ! has "$mirror" sid && ! has "$mirror" devel && ! fetch "$mirror" dists/ /dev/null ||
    fail NOSUITE "$suite" 'The mirror has no release %s'
  fail NOARCHIVE "$mirror" 'There is no archive at %s'
}

has() { fetch "$1" "dists/$2/Release" /dev/null; }

valid_until() { sed -n 's/^Valid-Until: *\([[:alnum:],: +-]*\).*/\1/p' | head -n 1; }

# debootstrap does not look at this date. A snapshot is old by intent; what is no date is for apt to judge.
is_current() {
  case $mirror in */[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9]*Z*) return ;; esac
  [ -n "$1" ] && expires=$(date -d "$1" +%s 2>/dev/null) || return 0
  [ "$expires" -ge "$(date +%s)" ]
}

# fetch MIRROR PATH FILE: 1 when the mirror says that it has no such file. Nothing else that goes wrong, such as a
# server that is busy, may be taken for that.
fetch() {
  code=0
  said=$(LC_ALL=C wget -q -S -T 20 -t 4 --retry-connrefused --waitretry=3 $(other_patience) -O "$3" "$1/$2" 2>&1) ||
    code=$?
  case $code in
    0) return 0 ;;
    5) fail NOTLS "$1" 'The certificate could not be checked of %s' ;;
    6) fail NOLOGIN "$1" 'A user and a password are wanted by %s' ;;
    8) ;;
    *) fail NOANSWER "$1" 'No answer from %s' ;;
  esac
  status=$(echo "$said" | sed -n 's|^ *HTTP/[0-9.]* \([0-9]*\).*|\1|p' | tail -n 1)
  # 403 is what some stores say of a file that is not there.
  case $status in 403 | 404 | 410) return 1 ;; esac
  case $status in
    [34]*) [ "$status" = 429 ] || fail REFUSED "$1" "A request was refused ($status) by %s" ;;
  esac
  fail BUSY "$1" "An error ($status) came from the server of %s"
}

# What an old wget does not know.
other_patience() {
  ! wget --help | grep -q retry-on-http-error || echo --retry-on-http-error=429,500,502,503,504
  ! wget --help | grep -q retry-on-host-error || echo --retry-on-host-error
}

# fail CODE MIRROR-OR-SUITE FORMAT: an error in debootstrap's own form.
fail() {
  printf 'E: %s\nEA: %s\nEF: %s\n' "$1" "$(without_secret "$2")" "$3" >&2
  exit 1
}

without_secret() { echo "$1" | sed 's|//[^/@]*@|//|'; }

# apt's sources come in two forms: stanzas and lines. Those by https need certificates here, and would bring them into
# the image too; those with a user and a password are not ours to use.
own_mirrors() {
  sed -n -e 's/^URIs://p' -e 's/^deb[[:space:]]\(.*\]\)*//p' /etc/apt/sources.list \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    tr -s ' \t' '\n' | sed -n 's|^\(http://[^@]*[^/@]\)/*$|\1|p'
}

# Other people's repositories may have a dists/SUITE too, of another origin; and one that expired is no longer kept.
is_distribution() {
  release=$(wget -q -T 20 -t 2 -O - "$1/dists/$suite/Release" | grep -aE '^(Origin|Valid-Until): ') || return 1
  is_origin "$(echo "$release" | origin_of)" && is_current "$(echo "$release" | valid_until)"
}

# What the image's apt fetches from, a line each; nothing when debootstrap's line shall stay.
choose_sources() {
  # What is written has no user and password; asked is with them.
  open=$(without_secret "$mirror")
  echo "$sources" | while read -r when url name components; do
    url=${url%/}
    [ -z "$ended" ] || case $url in *-security) url=$moved-security ;; *) url=$moved ;; esac
    case $when in
      always) echo "$url $name $components" ;;
      if-there)
        if has "$mirror${url#"$open"}" "$name"; then echo "$url $name $components"; else
          say "the mirror has no $name, so apt in the image will not look for it" >&2
        fi
        ;;
    esac
  done
}

# --- lock: the packages of an image that create-base-image has made ---

# Its packages become lines of name and version.
read_lock() {
  [ -n "$lock" ] || return 0
  if [ ! -e "$lock" ]; then
    say 'there is no packages.lock here, so the packages are those of today'
    lock=''
    return 0
  fi
  # Whatever has formatted it, a line for each thing in braces.
  flat=$(tr -d ' \t\r\n' <"$lock" | sed 's/{/\n&/g')
  echo "$flat" | sed -n 's/^{"name":"\([^"]*\)","version":"\([^"]*\)".*/\1 \2/p' >"$lock.list"
  head='^{"lock":1,.*"codename":"\([^"]*\)".*"variant":"\([^"]*\)","include":\[\([^]]*\)\].*'
  of=$(in_order $(echo "$flat" | sed -n "s/$head/\1 \2 \3/p" | tr -d '"'))
  asked=$(in_order "$suite" "$variant" "$include")
  [ "$of" = "$asked" ] || wrong "packages.lock is of another image: of ${of:-nothing known}, and this is $asked"
  [ -s "$lock.list" ] || wrong 'packages.lock names no packages'
}

in_order() { echo ${1:-} ${2:-} $(echo "${3:-}" | tr , '\n' | sort); }

# A priority over 1000 takes a version even where a newer one is installed.
write_pins() {
  [ -z "$lock" ] ||
    sed 's/^\([^ ]*\) \(.*\)/Package: \1\nPin: version \2\nPin-Priority: 1001\n/' "$lock.list"
}

# What a lock names, the tree lacks, and apt still knows.
add_locked() {
  [ -n "$lock" ] || return 0
  chroot . dpkg-query --show --showformat '${Package}\n' >tmp/updates.here &&
    apt_inside apt-cache pkgnames >tmp/updates.known || return 1
  more=$(cut -d ' ' -f 1 "$lock.list" | grep -vxFf tmp/updates.here | grep -xFf tmp/updates.known) || return 0
  apt_inside apt-get install $more
}

tell_lock() {
  chroot . dpkg-query --show --showformat '${Package} ${Version}\n' >"$lock.here"
  awk 'NR == FNR { locked[$1] = $2; order[++total] = $1; next }
    { here[$1] = $2 }
    locked[$1] == $2 { same++; next }
    { others = others "\n  " $1 " " $2 ($1 in locked ? ", not " locked[$1] : ", which it has not") }
    END {
      for (i = 1; i <= total; i++) if (!(order[i] in here)) others = others "\n  no " order[i]
      printf "T: %d of the %d packages in packages.lock are here by name and version%s\n", same, total, \
        others == "" ? "" : "; these are others:" others
    }' "$lock.list" "$lock.here"
}

# --- make: packages become a tree ---

make() {
  mkdir -p "$rootfs"
  be_patient
  stand_in_for_mknod
  say "bootstrap $suite"
  # Without --force-check-gpg a missing key would only be a warning, and anybody's packages would do.
  set -- --force-check-gpg
  # So it tells its progress in lines for programs, on file descriptor 3.
  [ -z "$progress" ] || set -- "$@" --debian-installer
  [ "$variant" = standard ] || set -- "$@" "--variant=$variant"
  [ -z "$keyring" ] || set -- "$@" "--keyring=$keyring"
  # What a lock names apt puts in, because only it knows versions.
  [ -z "$include" ] || [ -n "$lock" ] || set -- "$@" "--include=$include"
  [ -z "$components" ] || set -- "$@" "--components=$components"
  ended_with=0
  debootstrap "$@" "$suite" "$rootfs" "$mirror" $script 3>&2 || ended_with=$?
  [ "$ended_with" = 0 ] || ! is_network_gone || fail NOANSWER "$mirror" 'No answer from %s'
  return "$ended_with"
}

# One name that is not found for a moment, or a server that is busy, would be the end of it: debootstrap asks wget once
# for each package.
be_patient() {
  [ -n "${mirror_user:-}" ] || WGETRC=${TMPDIR:-/tmp}/wgetrc
  export WGETRC
  # Without a time-out wget waits a quarter of an hour for a server that fell silent, and that twenty times.
  printf 'timeout = 30\ntries = 4\nwaitretry = 3\nretry_connrefused = on\n' >>"$WGETRC"
  other_patience | sed 's/^--//; s/-/_/g; /=/!s/$/=on/' >>"$WGETRC"
  give_up_at_last
}

# A network that is gone stays so for each of a hundred packages: after one the next get one try, after three none.
give_up_at_last() {
  tools=${TMPDIR:-/tmp}/cbi-wget
  mkdir -p "$tools"
  CBI_WGET=$(command -v wget) CBI_SILENT=$tools/silent
  export CBI_WGET CBI_SILENT
  : >"$CBI_SILENT"
  cat >"$tools/wget" <<'END'
#!/bin/sh
failed=$(wc -l <"$CBI_SILENT") once=''
[ "$failed" -lt 3 ] || exit 4
[ "$failed" = 0 ] || once=--tries=1
"$CBI_WGET" $once "$@" && : >"$CBI_SILENT" && exit 0
code=$?
[ "$code" != 4 ] || echo >>"$CBI_SILENT"
exit "$code"
END
  chmod 755 "$tools/wget"
  PATH=$tools:$PATH
}

is_network_gone() { [ "$(wc -l <"$CBI_SILENT")" -ge 3 ]; }

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

# --- update: what has come since the release, or what a lock names, by the tree's own apt ---

update() {
  # A release of one source has nothing newer.
  [ -n "$lock" ] || [ "$(echo "$chosen" | wc -l)" -gt 1 ] || return 0
  [ -x "$rootfs/usr/bin/apt-get" ] || wrong "$rootfs holds no apt-get that could install updates"
  what='updates and security updates'
  [ -z "$lock" ] || what='versions that packages.lock names'
  say "install the $what"
  cd "$rootfs"
  distribution=$(sed -n 's/^ID=//p' etc/os-release)
  choose_key
  open=$(without_secret "$mirror")
  # A service that a package starts would run here.
  printf '#!/bin/sh\nexit 101\n' >usr/sbin/policy-rc.d
  chmod 755 usr/sbin/policy-rc.d
  hosts=''
  [ -e etc/hosts ] || { cp /etc/hosts etc/hosts && hosts=etc/hosts; }
  update_sources >tmp/updates.list
  write_pins >tmp/updates.pins
  (umask 077 && write_login >tmp/updates.auth)
  code=0
  { said=$(apt_inside apt-get update) && is_whole && apt_inside apt-get dist-upgrade && add_locked; } || code=$?
  rm -f tmp/updates.* $hosts
  cd - >/dev/null
  [ "$code" = 0 ] && return
  echo "$said" | tail -n 15
  fail NOUPDATES "$suite" 'The updates could not be installed of %s'
}

# To apt an index that can't be fetched is only a warning, and the updates would be missed.
is_whole() { ! echo "$said" | grep -q '^[EW]: .*ailed to '; }

# The user and password in apt's form: by the name of the host alone, it would send them by https only.
write_login() {
  if [ -z "${mirror_user:-}" ] && [ -n "${WGETRC:-}" ]; then
    mirror_user=$(sed -n 's/^user = //p' "$WGETRC") mirror_password=$(sed -n 's/^password = //p' "$WGETRC")
  fi
  [ -z "${mirror_user:-}" ] ||
    printf 'machine %s login %s password %s\n' "$(echo "$open" | sed 's|^\([^:]*://[^:/]*\).*|\1|')" \
      "$mirror_user" "$mirror_password"
}

apt_inside() {
  program=$1
  shift
  LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot . "$program" --quiet \
    -o APT::Get::Assume-Yes=true -o APT::Install-Recommends=false ${lock:+-o APT::Get::allow-downgrades=true} \
    -o Dir::Etc::Preferences=/tmp/updates.pins -o Dir::Etc::PreferencesParts=- \
    -o Dir::Etc::SourceList=/tmp/updates.list -o Dir::Etc::SourceParts=- -o Dir::Etc::netrc=/tmp/updates.auth \
    -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 -o Acquire::Languages=none -o Acquire::Retries=3 \
    -o APT::Get::Always-Include-Phased-Updates=true ${ended:+-o Acquire::Check-Valid-Until=false} "$@" 2>&1
}

# As in the image, but from where the release was found: it may be nearer. Without --updates the release is all.
update_sources() {
  from=${mirror:-${fetched:-$archive}}
  how_many='$'
  [ -n "$updates" ] || how_many=1
  echo "$chosen" | sed -n "1,${how_many}p" | while read -r url name components; do
    if [ -n "$given" ]; then url=$from${url#"$open"}; else url=$(nearest "$url" "$name"); fi
    echo "deb ${key:+[signed-by=$key] }$url $name $components"
  done
}

nearest() {
  for place in "$from-security" "$from"; do
    case $1 in *-security | *security.*) ;; *) [ "$1" != "$archive" ] || place=$from ;; esac
    [ "$from" = "$archive" ] || ! (has "$place" "$2") 2>/dev/null || { echo "$place" && return; }
  done
  echo "$1"
}

# --- finish: the tree becomes fit to be an image ---

finish() {
  [ -x "$rootfs/usr/bin/dpkg" ] || wrong "$rootfs holds no root filesystem of Debian or Ubuntu"
  cd "$rootfs"
  set_day
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

# A new account's password is as of today: with the day of the newest index the tree is the same tomorrow.
set_day() {
  epoch=${SOURCE_DATE_EPOCH:-$(index_times | sort -n | tail -n 1)}
  [ -n "$epoch" ] || return 0
  accounts=$(awk -F: -v OFS=: -v day="$((epoch / 86400))" '$3 > day { $3 = day } 1' etc/shadow)
  echo "$accounts" >etc/shadow
}

index_times() {
  sed -n 's/^Date: //p' var/lib/apt/lists/*Release 2>/dev/null | while read -r day; do
    date -d "$day" +%s 2>/dev/null || true
  done
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
    var/lib/dpkg/*-old var/cache/debconf/*-old var/cache/ldconfig/aux-cache
  drop_secrets
  # Empty, not gone: systemd fills an empty machine-id, and engines mount over the other two.
  for file in etc/machine-id var/lib/dbus/machine-id etc/hostname etc/resolv.conf; do
    [ ! -f "$file" ] || [ -L "$file" ] || { rm "$file" && : >"$file"; }
  done
  # With an empty password anybody could become root.
  sed -i 's/^root::/root:*:/' etc/shadow
  size 'without logs and traces'
}

{{> families/shared/secrets.sh}}

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
  for section in 1 2 3 4 5 6 7 8 9; do mkdir -p "usr/share/man/man$section"; done
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
  # What has ended is signed no more, and the dates until which its lists are good have passed.
  [ -z "$ended" ] && [ "${archive:-here}" != "$moved" ] ||
    apt_setting ended 'Acquire::Check-Valid-Until "false";'
}

apt_setting() { echo "$2" >"etc/apt/apt.conf.d/docker-$1"; }

# Where the image's apt fetches from. When nothing is given, debootstrap's line stays.
write_sources() {
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
