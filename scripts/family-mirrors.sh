#!/bin/sh
# Makes small signed repositories of the RPM and Arch families; runs in a builder that has their tools.
#
#   family-mirrors.sh rpm OUT      with RELEASE_PACKAGE, OS_RELEASE, PACKAGES and PATHS in the environment
#   family-mirrors.sh arch OUT     with PACKAGES
#   family-mirrors.sh keys OUT     makes the keys that the others sign with: OUT/key.asc, OUT/key.gpg, OUT/stranger.asc
#
# Each repository makes a root with a shell, from busybox-static; every other package of PACKAGES is empty. OUT also
# gets the faults that tests need: below unsigned/ without signatures, below tampered/ with a damaged package. With
# BULK=N there are packages bulk-1 to bulk-N too, of 41 files and 0.7 MB each, and no faults. With REAL=PACKAGES, which
# are Debian packages of the builder, the package manager of the image is theirs and works there; no faults either.
set -eu
export GNUPGHOME=/repository-keys SOURCE_DATE_EPOCH=1700000000
BULK=${BULK:-} REAL=${REAL:-}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

main() {
  verb=$1 OUT=$2
  mkdir -p "$OUT"
  case $verb in
    keys) keys ;;
    rpm) rpm_repository ;;
    arch) arch_repository ;;
  esac
}

keys() {
  mkdir -p -m 700 "$GNUPGHOME"
  for name in key stranger; do
    gpg --batch --quiet --passphrase '' --quick-gen-key "$name <$name@example.org>" rsa3072 sign never
    gpg --armor --export "$name@example.org" >"$OUT/$name.asc"
    gpg --export "$name@example.org" >"$OUT/$name.gpg"
  done
  gpgconf --kill all
}

# --- RPM ---

rpm_repository() {
  real "$WORK/real"
  [ -z "$REAL" ] || [ ! -e "$WORK/real/usr/bin/dnf" ] || ln -s dnf-3 "$WORK/real/usr/bin/microdnf"
  link_busybox "$WORK/real"
  spec >"$WORK/all.spec"
  # The strongest compression would take most of the time.
  rpmbuild -bb --quiet --target "$(uname -m)" -D '_binary_payload w3.zstdio' -D "_rpmdir $WORK/out" -D "_topdir $WORK/top" \
    -D 'debug_package %{nil}' -D '__os_install_post %{nil}' -D '_build_id_links none' -D 'use_source_date_epoch_as_buildtime 1' \
    -D '_buildhost localhost' "$WORK/all.spec" >"$WORK/log" 2>&1 || { cat "$WORK/log" >&2 && exit 1; }
  packages=$WORK/out/$(uname -m)
  for path in $PATHS; do
    [ -n "$BULK$REAL" ] || place "$packages" "$OUT/unsigned/$path"
  done
  rpmsign -D '_gpg_name key@example.org' --addsign "$packages"/*.rpm >/dev/null
  for path in $PATHS; do
    place "$packages" "$OUT/$path" sign
    [ -z "$BULK$REAL" ] || continue
    place "$packages" "$OUT/tampered/$path" sign
    damage "$OUT/tampered/$path"
  done
  gpgconf --kill all
}

# place FROM TO [sign]
place() {
  mkdir -p "$2"
  cp "$1"/*.rpm "$2"
  createrepo_c -q "$2"
  [ -z "${3:-}" ] || {
    gpg --batch --quiet --yes --armor --local-user key@example.org --detach-sign "$2/repodata/repomd.xml"
    gpg --armor --export key@example.org >"$2/repodata/repomd.xml.key"
  }
}

# 64 bytes in the middle of the shell's package, whose size stays.
damage() {
  file=$(ls "$1"/cbi-shell-*.rpm)
  middle=$(($(stat -c %s "$file") / 2))
  head -c 64 /dev/zero | dd of="$file" bs=1 seek="$middle" conv=notrunc status=none
}

# What fills package number $1 of the bulk, in the folder $2.
fill() { mkdir -p "$2/usr/lib/bulk/$1" && head -c 500000 /dev/urandom | base64 | split -b 16k - "$2/usr/lib/bulk/$1/"; }

bulk() { [ -z "$BULK" ] || seq "$BULK"; }

# The files of REAL and of all that it needs, without documents, in the folder $1. The shell and its tools stay BusyBox's.
real() {
  mkdir -p "$1"
  [ -n "$REAL" ] || return 0
  for deb in $(needed_by $REAL); do dpkg -L "$deb"; done | sed -E 's#^/(lib|lib64|bin|sbin)/#/usr/\1/#' |
    grep -vE '^/usr/share/(doc|man|info|locale|lintian|bash-completion|augeas)/|/gconv/|/file/magic|^/\.$' | sort -u |
    while read -r path; do [ -d "$path" ] && [ ! -L "$path" ] || echo "$path"; done |
    tar -C / -c --no-recursion -T - 2>/dev/null | tar -C "$1" -x
}

needed_by() {
  dpkg-query -W -f '${Package}\t${Pre-Depends}, ${Depends}\n' | awk -F '\t' -v roots="$*" '
    { gsub(/\([^)]*\)|:[a-z0-9]+| /, "", $2); gsub(/[|]/, ",", $2); needs[$1] = $2 }
    END {
      n = split(roots, todo, " ")
      for (i = 1; i <= n; i++) {
        if (todo[i] ~ /^(dpkg|perl.*|debconf|tar|base-.*|coreutils|dash|.*-helpers|adduser|passwd)$/) continue
        if (!(todo[i] in needs) || seen[todo[i]]++) continue
        print todo[i]
        m = split(needs[todo[i]], more, ",")
        for (j = 1; j <= m; j++) todo[++n] = more[j]
      }
    }'
}

# link_busybox TREE [REAL]: BusyBox and its links, but for what is real. Its own shell would take its own rpm.
link_busybox() {
  few='sh bash ls cat id true grep sed wc find uname'
  mkdir -p "$1/usr/bin"
  cp /bin/busybox "$1/usr/bin/busybox"
  [ -z "$REAL" ] || { few=$(busybox --list) && ln -s bash "$1/usr/bin/sh"; }
  for name in $few; do
    [ -e "$1/usr/bin/$name" ] || [ -L "$1/usr/bin/$name" ] || [ -e "${2:-$1}/usr/bin/$name" ] || [ -e "${2:-$1}/usr/sbin/$name" ] || ln -s busybox "$1/usr/bin/$name"
  done
}

spec() {
  cat <<END
Name: $RELEASE_PACKAGE
Version: 1
Release: 1
Summary: release
License: MIT
AutoReqProv: no
Requires: cbi-shell
%description
What the image is.
END
  rpm_package cbi-shell 'Provides: /bin/sh'
  rpm_package which
  rpm_package with-documents
  rpm_package failing-script 'Requires: cbi-shell'
  rpm_package lacks-something 'Requires: nobody-has-this'
  rpm_package other-release "Requires: $RELEASE_PACKAGE"
  [ -z "$REAL" ] || rpm_package real-files
  for name in $(others); do
    if is_real "$name"; then rpm_package "$name" 'Requires: real-files'; else rpm_package "$name"; fi
  done
  for i in $(bulk); do rpm_package "bulk-$i"; done
  cat <<END
%post -n failing-script
exit 7
%post -n other-release
sed -i s/=/=other-/ /usr/lib/os-release
%install
cp -a $WORK/real/. %{buildroot}
END
  cat <<'END'
cd %{buildroot}; mkdir -p dev etc proc root run sys tmp usr/bin usr/lib var/lib var/cache/dnf var/cache/zypp var/log/zypp
for l in bin lib lib64; do ln -s usr/$l $l; done
printf 'root:x:0:0:root:/root:/bin/sh\n' >etc/passwd; printf 'root:x:0:\n' >etc/group; printf 'root::::::::\n' >etc/shadow
cp /usr/bin/true usr/bin/pinger; chmod 755 usr/bin/pinger
for name in cbi-shell with-documents; do mkdir -p usr/share/doc/$name; echo documentation >usr/share/doc/$name/README; done
END
  printf "cat >usr/lib/os-release <<'OS'\n%s\nOS\nln -s ../usr/lib/os-release etc/os-release\n" "$OS_RELEASE"
  for i in $(bulk); do
    fill "$i" "$WORK/bulk"
    printf 'mkdir -p usr/lib/bulk && cp -r %s/usr/lib/bulk/%s usr/lib/bulk/\n' "$WORK/bulk" "$i"
  done
  cat <<'END'
%files
/etc/os-release
/usr/lib/os-release
%files -n which
%files -n with-documents
%doc /usr/share/doc/with-documents/README
%files -n failing-script
%files -n lacks-something
%files -n other-release
%files -n cbi-shell
/bin
/lib
/lib64
%dir /dev
%dir %attr(555,root,root) /proc
%dir %attr(550,root,root) /root
%dir /run
%dir %attr(555,root,root) /sys
%dir %attr(1777,root,root) /tmp
%dir /var/cache
%dir /var/log
%config(noreplace) /etc/passwd
%config(noreplace) /etc/group
%attr(0,root,root) %config(noreplace) /etc/shadow
%caps(cap_net_raw=p) /usr/bin/pinger
%doc /usr/share/doc/cbi-shell/README
END
  find "$WORK/real/usr/bin" \( -lname busybox -o -name busybox \) -printf '/usr/bin/%f\n'
  for name in $(others); do
    printf '%%files -n %s\n' "$name"
    ! is_real "$name" || echo "/usr/bin/$name"
  done
  [ -z "$REAL" ] || real_files
  for i in $(bulk); do printf '%%files -n bulk-%s\n/usr/lib/bulk/%s\n' "$i" "$i"; done
}

# rpm_package NAME [LINE]
rpm_package() {
  printf '%%package -n %s\nSummary: %s\nAutoReqProv: no\n%s\n%%description -n %s\nOf the small repository.\n' "$1" "$1" "${2:-}" "$1"
}

# Those that are asked for and have no other section.
others() { printf '%s\n' $PACKAGES | grep -vxF -e "$RELEASE_PACKAGE" -e which; }

is_real() {
  case $1 in dnf | microdnf | zypper) [ -e "$WORK/real/usr/bin/$1" ] ;; *) false ;; esac
}

# As in the real packages, the folders of caches and logs are somebody's: an image without them is not whole.
real_files() {
  printf '%%files -n real-files\n%%dir /var/cache\n'
  for path in /var/cache/dnf /var/cache/zypp /var/log/zypp; do echo "%dir $path"; done
  find "$WORK/real/etc" -type f -printf '%%config(noreplace) /etc/%P\n'
  find "$WORK/real" ! -type d ! -lname busybox ! -name busybox ! -path '*/real/etc/*' ! -path '*/usr/bin/dnf' \
    ! -path '*/usr/bin/microdnf' ! -path '*/usr/bin/zypper' -printf '/%P\n'
}

# --- Arch ---

arch_repository() {
  machine=$(uname -m)
  tree=$WORK/cbi-shell
  mkdir -p "$tree/dev" "$tree/proc" "$tree/run" "$tree/sys" "$tree/etc" "$tree/usr/lib" "$tree/usr/bin" "$tree/var/lib" "$tree/var/log"
  ln -s usr/bin "$tree/bin" && mkdir -m 1777 "$tree/tmp" && mkdir -m 750 "$tree/root"
  printf '%s\n' "$OS_RELEASE" >"$tree/usr/lib/os-release" && ln -s ../usr/lib/os-release "$tree/etc/os-release"
  printf 'root:x:0:0::/root:/bin/sh\n' >"$tree/etc/passwd" && printf 'root:x:0:\n' >"$tree/etc/group"
  printf 'root::14871::::::\n' >"$tree/etc/shadow" && chmod 600 "$tree/etc/shadow"
  real "$WORK/pacman"
  [ -z "$REAL" ] || arch_settings "$WORK/pacman"
  link_busybox "$tree" "$WORK/pacman"
  ln -s usr/lib "$tree/lib" && ln -s usr/lib64 "$tree/lib64"
  mkdir -p "$WORK/failing-script" "$WORK/lacks-something" "$WORK/other-release" "$WORK/which" "$WORK/with-documents/usr/share/doc/with-documents"
  printf 'post_install() {\n  exit 7\n}\n' >"$WORK/failing-script/.INSTALL"
  printf 'post_install() {\n  sed -i s/=/=other-/ /usr/lib/os-release\n}\n' >"$WORK/other-release/.INSTALL"
  echo documentation >"$WORK/with-documents/usr/share/doc/with-documents/README"
  for repository in core extra; do
    R=$OUT/$repository/os/$machine
    mkdir -p "$R" "$OUT/unsigned/$repository/os/$machine" "$OUT/tampered/$repository/os/$machine"
  done
  R=$OUT/core/os/$machine
  arch_package cbi-shell
  for name in $PACKAGES; do
    mkdir -p "$WORK/$name"
    case $REAL,$name in ?*,base) arch_package base cbi-shell pacman ;; *) arch_package "$name" cbi-shell ;; esac
  done
  for i in $(bulk); do fill "$i" "$WORK/bulk-$i" && arch_package "bulk-$i" cbi-shell; done
  for name in failing-script other-release which with-documents; do arch_package "$name" cbi-shell; done
  arch_package lacks-something nobody-has-this
  (cd "$R" && signed_index core ./*.pkg.tar.zst)
  [ -n "$BULK$REAL" ] || arch_faults
  # A repository without packages has an index all the same.
  for root in "$OUT" "$OUT/unsigned" "$OUT/tampered"; do
    tar -czf "$root/extra/os/$machine/extra.db" -T /dev/null
  done
  gpgconf --kill all
}

# What pacman of Arch has otherwise than Debian's, and archlinux-keyring's files with the key of the small repositories.
arch_settings() {
  printf '[options]\nHoldPkg = pacman\nArchitecture = auto\nCheckSpace\nSigLevel = Required DatabaseOptional\n' >"$1/etc/pacman.conf"
  printf '[%s]\nInclude = /etc/pacman.d/mirrorlist\n' core extra >>"$1/etc/pacman.conf"
  cp -r /usr/share/makepkg "$1/usr/share/"
  cp "$(command -v vercmp)" "$1/usr/bin/"
  # Where Debian's pacman-key looks.
  keys=$1/usr/share/keyrings/archlinux
  mkdir -p "${keys%/*}"
  gpg --export key@example.org >"$keys.gpg"
  gpg --list-keys --with-colons key@example.org | awk -F: '/^fpr/{print $10 ":4:"; exit}' >"$keys-trusted"
  : >"$keys-revoked"
}

arch_faults() {
  cp -r "$R/." "$OUT/unsigned/core/os/$machine" && rm "$OUT/unsigned/core/os/$machine"/*.zst.sig
  cp -r "$R/." "$OUT/tampered/core/os/$machine"
  file=$(ls "$OUT/tampered/core/os/$machine"/cbi-shell-*.zst)
  head -c 64 /dev/zero | dd of="$file" bs=1 seek=2000 conv=notrunc status=none
}

# signed_index REPOSITORY PACKAGES...; repo-add finds a key by its fingerprint alone.
signed_index() {
  name=$1
  shift
  print=$(gpg --list-keys --with-colons key@example.org | awk -F: '/^fpr/{print $10; exit}')
  repo-add -q --sign --key "$print" "$name.db.tar.gz" "$@" >/dev/null 2>"$WORK/log" || { cat "$WORK/log" >&2 && return 1; }
}

# arch_package NAME DEPENDS...
arch_package() {
  name=$1
  shift
  {
    printf '%s\n' "pkgname = $name" "pkgbase = $name" 'pkgver = 1-1' "pkgdesc = $name" 'url = https://example.org' \
      'builddate = 1700000000' 'packager = Nobody <nobody@example.org>' "size = $(du -sb "$WORK/$name" | cut -f1)" "arch = $machine"
    for depends; do echo "depend = $depends"; done
  } >"$WORK/$name/.PKGINFO"
  file=$R/$name-1-1-$machine.pkg.tar.zst
  (cd "$WORK/$name" && tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1700000000 -c .PKGINFO $(ls -A | grep -v '^.PKGINFO$')) | zstd -q >"$file"
  gpg --batch --quiet --local-user key@example.org --detach-sign "$file"
}

main "$@"
