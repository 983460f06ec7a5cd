#!/bin/sh
# Makes small signed repositories of the RPM and Arch families; runs in a builder that has their tools.
#
#   family-mirrors.sh rpm OUT      with RELEASE_PACKAGE, OS_RELEASE, PACKAGES and PATHS in the environment
#   family-mirrors.sh arch OUT     with PACKAGES
#   family-mirrors.sh keys OUT     makes the keys that the others sign with: OUT/key.asc, OUT/key.gpg, OUT/stranger.asc
#
# Each repository makes a root with a shell, from busybox-static; every other package of PACKAGES is empty. OUT also
# gets the faults that tests need: below unsigned/ without signatures, below tampered/ with a damaged package. With
# BULK=N there are packages bulk-1 to bulk-N too, of 41 files and 0.7 MB each, and no faults.
set -eu
export GNUPGHOME=/repository-keys SOURCE_DATE_EPOCH=1700000000
BULK=${BULK:-}
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
  spec >"$WORK/all.spec"
  # The strongest compression would take most of the time.
  rpmbuild -bb --quiet --target "$(uname -m)" -D '_binary_payload w3.zstdio' -D "_rpmdir $WORK/out" -D "_topdir $WORK/top" \
    -D 'debug_package %{nil}' -D '__os_install_post %{nil}' -D '_build_id_links none' -D 'use_source_date_epoch_as_buildtime 1' \
    -D '_buildhost localhost' "$WORK/all.spec" >"$WORK/log" 2>&1 || { cat "$WORK/log" >&2 && exit 1; }
  packages=$WORK/out/$(uname -m)
  for path in $PATHS; do
    [ -n "$BULK" ] || place "$packages" "$OUT/unsigned/$path"
  done
  rpmsign -D '_gpg_name key@example.org' --addsign "$packages"/*.rpm >/dev/null
  for path in $PATHS; do
    place "$packages" "$OUT/$path" sign
    [ -z "$BULK" ] || continue
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
%package -n cbi-shell
Summary: shell
AutoReqProv: no
Provides: /bin/sh
%description -n cbi-shell
A root with a shell.
END
  for name in $PACKAGES; do
    [ "$name" = "$RELEASE_PACKAGE" ] || printf '%%package -n %s\nSummary: empty\nAutoReqProv: no\n%%description -n %s\nEmpty.\n' "$name" "$name"
  done
  for i in $(bulk); do
    printf '%%package -n bulk-%s\nSummary: bulk\nAutoReqProv: no\n%%description -n bulk-%s\nBulk.\n' "$i" "$i"
  done
  cat <<'END'
%package -n failing-script
Summary: fails
AutoReqProv: no
Requires: cbi-shell
%description -n failing-script
Its script fails.
%package -n lacks-something
Summary: lacks
AutoReqProv: no
Requires: nobody-has-this
%description -n lacks-something
Nobody has what it needs.
%post -n failing-script
exit 7
%install
cd %{buildroot}; mkdir -p dev etc proc root run sys tmp usr/bin usr/lib var/lib var/cache var/log usr/share/doc/cbi-shell; ln -s usr/bin bin
printf 'root:x:0:0:root:/root:/bin/sh\n' >etc/passwd; printf 'root:x:0:\n' >etc/group; printf 'root::::::::\n' >etc/shadow
cp /bin/busybox usr/bin/busybox; for l in sh bash ls cat id true grep sed wc find uname; do ln -s busybox usr/bin/$l; done
cp /usr/bin/true usr/bin/pinger; chmod 755 usr/bin/pinger; echo documentation >usr/share/doc/cbi-shell/README
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
%files -n failing-script
%files -n lacks-something
%files -n cbi-shell
/bin
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
/usr/bin/busybox
/usr/bin/sh
/usr/bin/bash
/usr/bin/ls
/usr/bin/cat
/usr/bin/id
/usr/bin/true
/usr/bin/grep
/usr/bin/sed
/usr/bin/wc
/usr/bin/find
/usr/bin/uname
%doc /usr/share/doc/cbi-shell/README
END
  for name in $PACKAGES; do
    [ "$name" = "$RELEASE_PACKAGE" ] || printf '%%files -n %s\n' "$name"
  done
  for i in $(bulk); do printf '%%files -n bulk-%s\n/usr/lib/bulk/%s\n' "$i" "$i"; done
}

# --- Arch ---

arch_repository() {
  machine=$(uname -m)
  tree=$WORK/cbi-shell
  mkdir -p "$tree/dev" "$tree/proc" "$tree/run" "$tree/sys" "$tree/etc" "$tree/usr/lib" "$tree/usr/bin" "$tree/var/lib"
  ln -s usr/bin "$tree/bin" && mkdir -m 1777 "$tree/tmp" && mkdir -m 750 "$tree/root"
  printf '%s\n' "$OS_RELEASE" >"$tree/usr/lib/os-release" && ln -s ../usr/lib/os-release "$tree/etc/os-release"
  printf 'root:x:0:0::/root:/bin/sh\n' >"$tree/etc/passwd" && printf 'root:x:0:\n' >"$tree/etc/group"
  printf 'root::14871::::::\n' >"$tree/etc/shadow" && chmod 600 "$tree/etc/shadow"
  cp /bin/busybox "$tree/usr/bin/"
  for link in sh bash ls cat id true grep sed wc find uname; do ln -s busybox "$tree/usr/bin/$link"; done
  mkdir -p "$WORK/failing-script" "$WORK/lacks-something"
  printf 'post_install() {\n  exit 7\n}\n' >"$WORK/failing-script/.INSTALL"
  for repository in core extra; do
    R=$OUT/$repository/os/$machine
    mkdir -p "$R" "$OUT/unsigned/$repository/os/$machine" "$OUT/tampered/$repository/os/$machine"
  done
  R=$OUT/core/os/$machine
  arch_package cbi-shell
  for name in $PACKAGES; do mkdir -p "$WORK/$name" && arch_package "$name" cbi-shell; done
  for i in $(bulk); do fill "$i" "$WORK/bulk-$i" && arch_package "bulk-$i" cbi-shell; done
  arch_package failing-script cbi-shell
  arch_package lacks-something nobody-has-this
  (cd "$R" && signed_index core ./*.pkg.tar.zst)
  [ -n "$BULK" ] || arch_faults
  # A repository without packages has an index all the same.
  for root in "$OUT" "$OUT/unsigned" "$OUT/tampered"; do
    tar -czf "$root/extra/os/$machine/extra.db" -T /dev/null
  done
  gpgconf --kill all
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
