// The bootstrap of each family against the same commands by hand, in the same container, from one signed mirror.
import { spawnSync } from 'node:child_process'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join, normalize } from 'node:path'
import { alpine } from './alpine.mjs'
import { busybox } from './busybox.mjs'
import { ROOT } from './places.mjs'
import { compare, inTurn, median } from './stats.mjs'
import { comparisonRow, row, s } from './words.mjs'

/** Debian with dnf, zypper and pacman; test/engine/family-mirrors.ts makes it. */
const STAND_IN = 'create-base-image-tests/families:trixie'

export const lacksFamilies = async room => {
  const { code } = await room.docker(['image', 'inspect', STAND_IN])
  return code === 0
    ? null
    : `it needs ${STAND_IN} in the engine; \`npx vitest run test/engine/families.test.ts\` makes it`
}

export const families = async (options, room) => {
  const mirror = await serveMirror(room)
  const builder = await room.builder('families', STAND_IN, keyLines())
  try {
    const rows = []
    for (const family of FAMILIES)
      rows.push(...(await rowsOf(family, { options, room, mirror, builder })))
    return [...rows, ...(await busybox(options, room)), ...(await alpine(options, room))]
  } finally {
    await mirror.close()
  }
}

/** What a real minimal image has about as many of, of real size: what is fixed weighs less than with ten empty ones. */
const BULK = 100
const bulk = Array.from({ length: BULK }, (_, at) => `bulk-${at + 1}`)

const rowsOf = async (family, { options, room, mirror, builder }) => {
  const url = `${mirror.origin}/${family.distro}`
  const release = ['--distro', family.distro, '--release', family.release]
  const keyring = family.key === undefined ? ['--keyring', mirror.key] : []
  const words = [...release, '--mirror', url, ...keyring, '--builder', builder]
  const pairsOf = (more, tar) =>
    inTurn(
      options,
      () => ours(room, [...words, ...including(more)], family.proof),
      () => byHand(room, builder, commandsOf(family, url, more), tar),
    )
  const few = await pairsOf([])
  const many = await pairsOf(bulk)
  const whole = await pairsOf(bulk, true)
  const named = (what, pairs) => `${family.distro}, ${what}, wall time, pairs: ${pairs.length}`
  return [
    boundRow(named('the bootstrap alone, small packages', few), few, 'bootstrap'),
    row('of ours, until the container works, and after its last line', { ours: around(few) }),
    boundRow(named(`the same with ${BULK} packages of 67 MB beside them`, many), many, 'bootstrap'),
    comparisonRow(
      named('the same with tar and import', whole),
      compare(asWall(whole, 'whole'), 'wall'),
      s,
    ),
  ]
}

const including = names => (names.length === 0 ? [] : ['--include', names.join(',')])

const boundRow = (what, pairs, figure) => {
  const wall = compare(asWall(pairs, figure), 'wall')
  return comparisonRow(what, wall, s, { bound: 'at most 1.1', met: wall.ratio.median <= 1.1 })
}

const asWall = (pairs, figure) =>
  pairs.map(({ ours, theirs }) => ({ ours: { wall: ours[figure] }, theirs }))

const around = pairs =>
  ['before', 'after'].map(part => s(median(pairs.map(({ ours }) => ours[part])))).join(', ')

/** Seconds of our bootstrap step, which starts the container, installs, checks and cleans; and with the import. */
const ours = async (room, words, proof) => {
  const { events } = await room.bootstrap(words, undefined, undefined, proof)
  const of = step => events.filter(event => event.step === step)
  const seconds = step => of(step).find(({ type }) => type === 'step-done').seconds
  const lines = of('bootstrap').filter(({ type }) => type === 'output' || type === 'size')
  const at = event => Date.parse(event.at) / 1000
  return {
    bootstrap: seconds('bootstrap'),
    whole: seconds('bootstrap') + seconds('import'),
    before: at(lines[0]) - at(of('bootstrap')[0]),
    after: at(of('bootstrap').at(-1)) - at(lines.at(-1)),
  }
}

const commandsOf = ({ commands, distro }, url, more) =>
  commands(url, [packagesOf(distro), ...more].join(' '))

/** The builders of these families have their distribution's keys, and so has this one; else the key comes with the commands. */
const keyLines = () => {
  const encoded = Buffer.from(keyText).toString('base64')
  return FAMILIES.flatMap(({ key }) =>
    key === undefined
      ? []
      : [`RUN mkdir -p ${dirname(key)} && echo ${encoded} | base64 --decode >${key}`],
  ).join('\n')
}

/** The container with our rights, and what a person would type in it. */
const byHand = async (room, builder, commands, tar = false) => {
  const rights = 'CHOWN DAC_OVERRIDE FOWNER FSETID SETFCAP SETGID SETUID SYS_CHROOT'.split(' ')
  const caps = rights.flatMap(right => ['--cap-add', right])
  const safe = [
    '--hostname',
    'localhost',
    '--security-opt',
    'no-new-privileges',
    '--cap-drop',
    'ALL',
  ]
  const inside = ['set -e', ...commands].join('\n')
  const { client } = room.engine
  const run = [client, 'run', '--rm', ...safe, ...caps, builder, 'sh', '-c']
  if (!tar) return room.measured([...run, inside])
  const { tag } = room.fresh()
  room.images.add(tag)
  const piped = 'tag=$1 && shift && "$@" | "$1" import - "$tag"'
  const last = `exec 3>&1 >&2\n${inside}\ntar -C /rootfs -c . >&3`
  const figures = await room.measured(['sh', '-c', piped, 'sh', tag, ...run, last])
  await room.remove(tag)
  return figures
}

const DEVICES = [
  'mkdir -p /rootfs/dev; : >/rootfs/dev/null',
  'mkdir -p /etc/rpm; echo "%__transaction_unshare %{nil}" >/etc/rpm/macros.container',
]

const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'

const FAMILIES = [
  {
    distro: 'fedora',
    release: '44',
    key: `/etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-44-${machine}`,
    proof: 'VERSION_ID=44',
    package: 'fedora-release-container',
    os: 'ID=fedora\nVERSION_ID=44',
    paths: [`releases/44/Everything/${machine}/os`, `updates/44/Everything/${machine}`],
    commands: (url, packages) => [
      ...DEVICES,
      'mkdir /repositories',
      ...['releases', 'updates'].map((part, i) =>
        [
          `printf '[${part}]\\nname=${part}\\nbaseurl=%s\\ngpgcheck=1\\ngpgkey=file://${FAMILIES[0].key}\\n'`,
          `${url}/${FAMILIES[0].paths[i]} >/repositories/${part}.repo`,
        ].join(' '),
      ),
      `dnf --assumeyes --installroot /rootfs --releasever 44 --setopt=install_weak_deps=0 --setopt=reposdir=/repositories install ${packages}`,
    ],
  },
  {
    distro: 'opensuse-leap',
    release: '16.0',
    key: '/usr/lib/rpm/gnupg/keys/bench.asc',
    proof: 'VERSION_ID="16.0"',
    package: 'Leap-release',
    os: 'ID="opensuse-leap"\nVERSION_ID="16.0"',
    paths: ['distribution/leap/16.0/repo/oss'],
    commands: (url, packages) => [
      ...DEVICES,
      `rpm --root /rootfs --import ${FAMILIES[1].key}`,
      `zypper --root /rootfs --non-interactive addrepo --gpgcheck ${url}/distribution/leap/16.0/repo/oss oss`,
      'zypper --root /rootfs --non-interactive refresh',
      `zypper --root /rootfs --non-interactive install --no-recommends ${packages}`,
    ],
  },
  {
    distro: 'arch',
    release: 'arch',
    proof: 'ID=arch',
    os: 'NAME="Arch Linux"\nID=arch',
    commands: (url, packages) => [
      ...DEVICES,
      'mkdir -p /rootfs/var/lib/pacman /packages; mkdir -m 700 /keys',
      `cat >/key.asc <<'KEY'\n${keyText}\nKEY`,
      'pacman-key --gpgdir /keys --init; pacman-key --gpgdir /keys --add /key.asc',
      "print=$(gpg --homedir /keys --with-colons --show-keys /key.asc | awk -F: '/^fpr/ {print $10; exit}')",
      'pacman-key --gpgdir /keys --lsign-key "$print"',
      `printf '[options]\\nArchitecture = x86_64\\nSigLevel = Required DatabaseOptional\\nDisableSandbox\\n[core]\\nServer = ${url}/$repo/os/$arch\\n' >/pacman.conf`,
      `pacman -Sy --root /rootfs --noconfirm --noprogressbar --config /pacman.conf --gpgdir /keys --cachedir /packages ${packages}`,
    ],
  },
]

/** The packages of a distribution's first variant. */
const packagesOf = distro => packagesIn(distro, variants => variants.slice(0, 1))

const packagesIn = (distro, some) => {
  const file = readFileSync(join(ROOT, 'assets/distros', distro, 'distro.json'), 'utf8')
  const names = some(JSON.parse(file).variants).flatMap(({ packages }) => packages)
  return [...new Set(names)].join(' ')
}

let keyText

/** Makes the repositories in one container of the stand-in, and serves them at the gateway of the engine's bridge. */
const serveMirror = async room => {
  const folder = room.fresh().directory
  const lines = FAMILIES.map(({ distro, os, package: own, paths }) =>
    paths === undefined
      ? `OS_RELEASE='${os}' PACKAGES='${packagesIn(distro, all => all)}' BULK=${BULK} sh /make.sh arch /out/${distro}`
      : `RELEASE_PACKAGE=${own} OS_RELEASE='${os}' PACKAGES='${packagesIn(distro, all => all)}' PATHS='${paths.join(' ')}' BULK=${BULK} sh /make.sh rpm /out/${distro}`,
  )
  const script = ['set -e', 'cat >/make.sh', 'sh /make.sh keys /out', ...lines, 'tar -C /out -c .']
  spawnSync('mkdir', [folder])
  const words = [room.engine.client, 'run', '--rm', '--interactive', STAND_IN, 'sh', '-c']
  const made = spawnSync(
    'sh',
    ['-c', 'cd "$0" && "$@" | tar -x', folder, ...words, script.join('\n')],
    { input: readFileSync(join(ROOT, 'scripts/family-mirrors.sh')) },
  )
  if (made.status !== 0) throw new Error(String(made.stderr).slice(-1500))
  const format = '{{(index .IPAM.Config 0).Gateway}}'
  const { stdout: host } = await room.docker(['network', 'inspect', '--format', format, 'bridge'])
  const server = createServer(({ url }, to) => {
    const file = join(folder, normalize(decodeURIComponent(url)))
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isFile() !== true) return to.writeHead(404).end()
    to.writeHead(200, { 'Content-Length': found.size })
    return createReadStream(file).pipe(to)
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  keyText = readFileSync(join(folder, 'key.asc'), 'utf8').trim()
  return {
    origin: `http://${host}:${server.address().port}`,
    key: join(folder, 'key.asc'),
    close: () => new Promise(resolve => server.close(resolve)),
  }
}
