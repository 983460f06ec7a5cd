// An image of BusyBox, which no container makes, against the same of the same package by hand.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OURS, ROOT } from './places.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, row, s } from './words.mjs'

const WHAT = 'busybox, an archive and docker load'

/** Both ways have the package at hand: ours in the cache, where it also looks whether the signed index is the same. */
export const busybox = async (options, room) => {
  const deb = join(room.folder, 'busybox.deb')
  const lacks = takePackage(deb, room)
  if (lacks !== null) return [row(WHAT, { ours: `not measured: ${lacks}` })]
  const pairs = await inTurn(
    options,
    () => ours(room),
    () => byHand(room, deb),
  )
  const what = `${WHAT}, against dpkg -x and import, wall time, pairs: ${pairs.length}`
  return [comparisonRow(what, compare(pairs, 'wall'), s)]
}

/** Puts the package into a file, as the release that ours takes it from has it. Returns why it can't, or null. */
const takePackage = (deb, { engine }) => {
  if (spawnSync('dpkg', ['--version']).status !== 0) return 'it needs dpkg on this machine'
  const file = readFileSync(join(ROOT, 'assets/distros/busybox/distro.json'), 'utf8')
  const { suite } = JSON.parse(file).busybox.debian
  const script =
    'exec 3>&1 >&2; cd /tmp; apt-get -q update; apt-get download busybox-static; cat busybox-static_*.deb >&3'
  const words = ['run', '--rm', `debian:${suite}-slim`, 'sh', '-ec', script]
  const { status, stdout } = spawnSync(engine.client, words, { maxBuffer: 64e6 })
  if (status !== 0) return `debian:${suite}-slim did not give busybox-static`
  writeFileSync(deb, stdout)
  return null
}

const ours = async room => {
  const { directory, tag } = room.fresh()
  const archive = `${directory}.tar`
  const make = [
    ...OURS,
    directory,
    '--yes',
    '--tag',
    tag,
    '--release',
    'busybox',
    '--output',
    archive,
  ]
  return taken(room, tag, [directory, archive], '"$@"; "$client" load --input "$archive"', make, {
    archive,
  })
}

const BY_HAND = `dpkg -x "$deb" "$folder/package"
mkdir "$folder/root" "$folder/root/bin" "$folder/root/etc" "$folder/root/tmp"
cp "$folder"/package/*/bin/busybox "$folder/root/bin/" 2>/dev/null || cp "$folder/package/bin/busybox" "$folder/root/bin/"
for name in $("$folder/root/bin/busybox" --list); do
  [ "$name" = busybox ] || ln -s busybox "$folder/root/bin/$name"
done
tar -C "$folder/root" -c . | "$client" import --change 'CMD ["sh"]' - "$tag"`

const byHand = async (room, deb) => {
  const { directory, tag } = room.fresh()
  mkdirSync(directory)
  return taken(room, tag, [directory], BY_HAND, [], { deb, folder: directory })
}

/** Measures a script with these variables, and proves what it made by a container of it. */
const taken = async (room, tag, made, script, words, variables) => {
  room.images.add(tag)
  const all = Object.entries({ ...variables, tag, client: room.engine.client })
  const named = all.map(([name, value]) => `${name}='${value}'`).join('\n')
  const whole = `set -e\n${named}\n${script}\n"$client" run --rm "$tag" busybox`
  const figures = await room.measured(['sh', '-c', whole, 'sh', ...words])
  if (!figures.stdout.includes('BusyBox v')) throw new Error(figures.stdout.slice(-1500))
  for (const path of made) rmSync(path, { recursive: true, force: true })
  await room.remove(tag)
  return figures
}
