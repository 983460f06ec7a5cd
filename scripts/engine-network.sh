#!/usr/bin/env bash
# The network of a test engine: a bridge and three firewall rules that are its own. dockerd's own rules would
# rewrite those of another engine on this machine.
#
#   scripts/engine-network.sh up FILE     FILE remembers what was made: the bridge and the first three numbers of its subnet
#   scripts/engine-network.sh down FILE
set -euo pipefail

main() {
  case ${1:-} in
    up) up "$2" ;;
    down) down "$2" ;;
    *) echo "usage: engine-network.sh up FILE | down FILE" >&2 && exit 1 ;;
  esac
}

up() {
  local bridge subnet
  bridge=cbi$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
  subnet=$(free_subnet)
  echo "$bridge $subnet" >"$1"
  # A bridge without an address of its own takes the lowest of its ports, and each change cuts off the containers that
  # remember the last one until they ask again, which is up to a minute.
  ip link add "$bridge" address "02:42:$(od -An -N4 -tx1 /dev/urandom | tr -s ' ' : | sed 's/^://')" type bridge
  ip addr add "$subnet.1/24" dev "$bridge"
  ip link set "$bridge" up
  echo 1 >/proc/sys/net/ipv4/ip_forward || echo "engine-network.sh: forwarding could not be switched on" >&2
  each_rule -I "$bridge" "$subnet" ||
    echo "engine-network.sh: no iptables here: the engine's containers reach no network" >&2
}

free_subnet() {
  local try
  while try=172.29.$((RANDOM % 256)) && [[ $(ip -4 route) == *"$try."* ]]; do :; done
  echo "$try"
}

each_rule() {
  local action=$1 bridge=$2 subnet=$3
  command -v iptables >/dev/null &&
    iptables -w -t nat "$action" POSTROUTING -s "$subnet.0/24" ! -o "$bridge" -j MASQUERADE &&
    iptables -w "$action" FORWARD -i "$bridge" -j ACCEPT &&
    iptables -w "$action" FORWARD -o "$bridge" -j ACCEPT
}

down() {
  local bridge subnet
  [ -s "$1" ] || return 0
  read -r bridge subnet <"$1"
  each_rule -D "$bridge" "$subnet" 2>/dev/null || true
  ip link delete "$bridge" 2>/dev/null || true
  rm -f "$1"
}

main "$@"
