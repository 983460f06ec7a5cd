# shellcheck shell=bash
# To be sourced: the Debian mirrors of this machine's own apt sources. Needs wget.

# Both forms of apt's sources: deb822 files and one-line lists.
mirrors() {
  {
    sed -n 's/^URIs:[[:space:]]*//Ip' /etc/apt/sources.list.d/*.sources 2>/dev/null | tr -s ' \t' '\n'
    sed -n 's/^[[:space:]]*deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]*\).*/\2/p' \
      /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
  } | grep -E '^https?://' | awk '!seen[$0]++'
}

# Prints the first mirror that has the suite; fails when none has.
first_mirror() {
  local suite=$1 mirror
  while read -r mirror; do
    ! carries_suite "$mirror" "$suite" || { echo "$mirror" && return 0; }
  done < <(mirrors)
  return 1
}

carries_suite() {
  wget -q -T 20 -t 2 --spider "${1%/}/dists/$2/InRelease" </dev/null
}
