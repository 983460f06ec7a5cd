# --- what every bootstrap.sh of this kind shares ---

rootfs=/rootfs log=/tmp/bootstrap.log

# rpm and pacman note when a package was installed: the builder's own day, so that two images of it are the same.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -L -c %Y /etc/os-release 2>/dev/null || echo 0)}

wrong() {
  echo "bootstrap.sh: $1" >&2
  exit 2
}

# What one script alone has, its own_option reads.
read_options() {
  release='' packages='' include='' expect='' mirror='' keyring='' slim=''
  while [ $# -gt 0 ]; do
    case $1 in --slim) slim=yes && shift && continue ;; esac
    case ${2:---} in --*) wrong "$1 is not an option of this script, or has no value" ;; esac
    case $1 in
      --release) release=$2 ;;
      --packages) packages=$2 ;;
      --include) include=$2 ;;
      --expect) expect=$2 ;;
      --expect-in) expect_in=$2 ;;
      --mirror) mirror=${2%/} ;;
      --keyring) keyring=$2 ;;
      *) own_option "$1" "$2" || wrong "$1 is not an option of this script" ;;
    esac
    shift 2
  done
  [ -n "$release" ] || wrong '--release is missing'
  packages=$(echo "$packages,$include" | tr ',' ' ')
  add_login
}

say() { echo "T: $*"; }

# fail CODE SUBJECT: a failure that has a remedy, in debootstrap's own form. REFUSED has the status before its subject.
fail() {
  code=$1
  shift
  case $code in
    NOANSWER) words='No answer from %s' ;;
    NOTLS) words='The certificate could not be checked of %s' ;;
    NOLOGIN) words='A user and a password are wanted by %s' ;;
    REFUSED) words="A request was refused ($1) by %s" && shift ;;
    NOINDEX) words='The index could not be read of %s' ;;
    BUSY) words='An error (%s) came from the server' ;;
    PORTAL) words='What %s answers is no index of packages' ;;
    NOSUITE) words='The mirror has no release %s' ;;
    UNKNOWNRELSIG) words='What is signed comes from a key that is not known here: %s' ;;
    UNSIGNED) words='There is no signature where one must be: %s' ;;
    NOPACKAGE) words='The release has no package %s' ;;
    NODEPENDENCY) words='No package here gives what another needs: %s' ;;
    PACKAGEGONE) words='The index names a package that the mirror does not have: %s' ;;
    PACKAGEBAD) words='A package came damaged: %s' ;;
    SCRIPT) words="A package's script failed: %s" ;;
    WRONGRELEASE) words='What came is another release: %s' ;;
    NOROOM) words='There is too little room: %s' ;;
    NOTOOL) words='The builder has no %s' ;;
    BADKEY) words='The keys were not taken: %s' ;;
    RIGHTS) words='The engine refuses a right that is needed: %s' ;;
    *) words='It ended with an error: %s' ;;
  esac
  printf 'E: %s\nEA: %s\nEF: %s\n' "$code" "$*" "$words"
  exit 1
}

size() { echo "Z: $(du -sx --apparent-size -B1 "$rootfs" | cut -f1) $*"; }

# A mirror's user and password come by stdin, in lines before this script: no list of processes or containers shows them.
add_login() { [ -z "${mirror_login:-}" ] || mirror=${mirror%%://*}://$mirror_login${mirror#*://}; }

without_secret() { echo "$1" | sed 's|//[^/@]*@|//|'; }

# watch READER COMMAND...: runs the command, keeps all that it says, and passes it through READER line by line.
watch() {
  reader=$1
  shift
  { code=0 && { "$@" 2>&1 || code=$?; } && echo "$code" >"$log.code"; } | tee -a "$log" | "$reader"
  code=$(cat "$log.code")
}

plain() { while IFS= read -r line; do echo "$line"; done; }

# said PATTERN: whether the tool said so; the line is in $found.
said() { found=$(grep -m 1 -E -- "$1" "$log"); }

# archive: where the packages come from. Of the builder's own repositories, which many mirrors have, only the name is known.
archive() {
  if [ -n "$mirror" ]; then without_secret "$mirror"; else
    echo "the mirrors of $(sed -n 's/^NAME="*\([^"]*\).*/\1/p' /etc/os-release)"
  fi
}

# place: the host that the line is about: a proxy's, one of many mirrors', or one that a mirror redirects to; else $where.
place() {
  host=$(echo "$found" | sed -nE 's/.*(resolve (host|proxy): |Failed to connect to )([A-Za-z0-9._-]+).*/\3/p; t
    s|.*https?://([^/@]*@)?([A-Za-z0-9.:_-]+).*|\2|p; t
    s/.* from ([^ ]+) :.*/\1/p')
  case $where/ in *"//$host"[/:]*) host='' ;; esac
  echo "${host:-$where}"
}

# address: the URL that the line names, as an addition.
address() {
  url=$(echo "$found" | grep -oE "https?://[^] '\"]+" | head -n 1)
  [ -z "$url" ] || echo " ($(without_secret "$url"))"
}

# status: what the server answered, by the line.
status() { echo "$found" | sed -nE 's/.*(code|error|response): ([0-9]+).*/\2/p'; }

# check_connection: what curl, which all these tools download with, says when nobody answers or TLS fails. A connection
# that breaks off in between says nothing about certificates.
check_connection() {
  ! said '(code|response|error):? 407' || fail REFUSED 407 'a proxy'
  ! said 'Could not (connect|resolve)|Connection (refused|reset|timed out)|Failed to connect|timed out|Timeout exceeded|SSL_ERROR_SYSCALL' ||
    fail NOANSWER "$(place)"
  ! said 'Curl error \(?(35|51|58|60|77|91)([^0-9]|$)|SSL certificate problem|failed retrieving .* : .*(SSL|TLS|certificate|trust anchors)' ||
    fail NOTLS "$(place)"
}

# package_in: the file of a package that the line names.
package_in() { echo "$found" | grep -oE "[^/' ]+\.(d?rpm|pkg\.tar\.[a-z]+)" | tail -n 1; }

# Scripts of packages redirect to /dev/null and read /dev/urandom. Plain files do while packages are set up; later the
# engine supplies the real ones.
fake_devices() {
  mkdir -p "$rootfs/dev"
  : >"$rootfs/dev/null"
  chmod 666 "$rootfs/dev/null"
  for file in zero random urandom; do head -c 65536 "/dev/$file" >"$rootfs/dev/$file"; done
}

# empty FOLDER...: what is in these folders of the tree goes, the folders stay. Fedora's, Rocky 8's and openSUSE's own images
# have no find.
empty() {
  count=$#
  for folder; do set -- "$@" "$folder/*" "$folder/.[!.]*" "$folder/..?*"; done
  shift "$count"
  remove "$@" || true
}

# remove PATTERN...: what matches in the tree. One rm for all: each further program costs a millisecond.
remove() { (cd "${rootfs:?}" && rm -rf $*); }

# All who start the image share what is in it: no secret and no name of this machine may stay.
drop_traces() {
  say 'remove logs, old copies and traces of this machine'
  empty dev run tmp var/tmp
  grep -rls '' "$rootfs/var/log" | while read -r file; do rm "$file"; done
  # With Berkeley DB, before 4.16, rpm keeps __db and .dbenv.lock.
  remove etc/passwd- etc/group- etc/shadow- etc/gshadow- etc/subuid- etc/subgid- etc/.pwd.lock \
    var/cache/ldconfig/aux-cache 'var/lib/rpm/__db*' var/lib/rpm/.dbenv.lock
  (cd "$rootfs" && drop_secrets)
  for file in etc/machine-id var/lib/dbus/machine-id etc/hostname etc/resolv.conf; do
    [ ! -f "$rootfs/$file" ] || [ -L "$rootfs/$file" ] || { rm "$rootfs/$file" && : >"$rootfs/$file"; }
  done
  # With an empty password anybody could become root.
  [ ! -f "$rootfs/etc/shadow" ] || sed -i 's/^root::/root:*:/' "$rootfs/etc/shadow"
  size 'without logs and traces'
}

# The image must be what was asked for: a mirror may hold another release at that address.
check_release() {
  [ -n "$expect" ] || return 0
  expect_in=${expect_in:-/etc/os-release}
  file=$rootfs$expect_in
  [ -e "$file" ] || fail WRONGRELEASE "it has no $expect_in"
  grep -qxF -e "$expect" "$file" ||
    fail WRONGRELEASE "$expect_in has $(grep -m 1 "^${expect%%=*}=" "$file" || head -n 1 "$file"), not $expect"
}
