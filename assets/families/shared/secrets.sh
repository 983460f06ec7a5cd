# Private keys that packages made when they were configured: all who start the image would share them. Each is known by
# what is in it, or by its name where nothing in it tells. A key that a package brings as a file, as an example, is no
# secret. To be run where the tree's root is the current folder.
secrets() {
  {
    set -- etc root home srv
    for folder in var/lib/*; do
      case $folder in */apt | */dpkg | */pacman | */rpm) ;; *) set -- "$@" "$folder" ;; esac
    done
    grep -rlsE -e '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----' "$@" || true
    for key in etc/ssh/ssh_host_*_key etc/dropbear/*_host_key etc/rndc.key etc/bind/rndc.key etc/munge/munge.key \
      var/lib/systemd/random-seed var/lib/systemd/credential.secret var/lib/urandom/random-seed; do
      [ ! -f "$key" ] || echo "$key"
    done
  } | sort -u | while read -r key; do
    grep -qxsF "/$key" var/lib/dpkg/info/*.list || echo "$key"
  done
}

drop_secrets() {
  secrets | while read -r key; do
    say "remove /$key: all who start the image would share it"
    rm -f "$key" "$key.pub"
    drop_certificate "${key##*/}"
  done
}

# What was issued for a key is of no use without it.
drop_certificate() {
  for end in pem crt; do
    certificate=${1%.*}.$end
    for link in etc/ssl/certs/*; do
      [ "$(readlink "$link")" != "$certificate" ] || rm "$link"
    done
    rm -f "etc/ssl/certs/$certificate" "etc/ssl/$certificate" "etc/pki/tls/certs/$certificate"
  done
}
