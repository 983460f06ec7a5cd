// The bootstrap of each family against the same commands by hand, in the same container, from one small signed mirror.
import { spawnSync } from 'node:child_process'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import { ROOT } from './places.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, s } from './words.mjs'

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
  const builder = await room.builder('families', STAND_IN)
  try {
    const rows = []
    for (const family of FAMILIES)
      rows.push(await rowOf(family, { options, room, mirror, builder }))
    return rows
  } finally {
    await mirror.close()
  }
}

const rowOf = async (family, { options, room, mirror, builder }) => {
  const url = `${mirror.origin}/${family.distro}`
  const release = ['--distro', family.distro, '--release', family.release]
  const words = [...release, '--mirror', url, '--keyring', mirror.key, '--builder', builder]
  const pairs = await inTurn(
    options,
    () => ours(room, words, family.proof),
    () => byHand(room, builder, family.commands(url)),
  )
  return comparisonRow(
    `${family.distro}, the bootstrap alone, wall time, pairs: ${pairs.length}`,
    compare(pairs, 'wall'),
    s,
    { bound: 'at most 1.1', met: compare(pairs, 'wall').ratio.median <= 1.1 },
  )
}

/** The seconds of our bootstrap step, which starts the container, installs, checks and cleans. */
const ours = async (room, words, proof) => {
  const { events } = await room.bootstrap(words, undefined, undefined, proof)
  const done = events.find(({ type, step }) => type === 'step-done' && step === 'bootstrap')
  return { wall: done.seconds }
}

/** The container with our rights, and what a person would type in it; the key comes with the commands. */
const byHand = (room, builder, commands) => {
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
  const script = ['set -e', `cat >/key.asc <<'KEY'\n${keyText}\nKEY`, ...commands].join('\n')
  const { client } = room.engine
  return room.measured([client, 'run', '--rm', ...safe, ...caps, builder, 'sh', '-c', script])
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
    proof: 'VERSION_ID=44',
    package: 'fedora-release-container',
    os: 'ID=fedora\nVERSION_ID=44',
    paths: [`releases/44/Everything/${machine}/os`, `updates/44/Everything/${machine}`],
    commands: url => [
      ...DEVICES,
      'mkdir /repositories',
      ...['releases', 'updates'].map((part, i) =>
        [
          `printf '[${part}]\\nname=${part}\\nbaseurl=%s\\ngpgcheck=1\\ngpgkey=file:///key.asc\\n'`,
          `${url}/${FAMILIES[0].paths[i]} >/repositories/${part}.repo`,
        ].join(' '),
      ),
      `dnf --assumeyes --installroot /rootfs --releasever 44 --setopt=install_weak_deps=0 --setopt=reposdir=/repositories install ${packagesOf('fedora')}`,
    ],
  },
  {
    distro: 'opensuse-leap',
    release: '16.0',
    proof: 'VERSION_ID="16.0"',
    package: 'Leap-release',
    os: 'ID="opensuse-leap"\nVERSION_ID="16.0"',
    paths: ['distribution/leap/16.0/repo/oss'],
    commands: url => [
      ...DEVICES,
      'rpm --root /rootfs --import /key.asc',
      `zypper --root /rootfs --non-interactive addrepo --gpgcheck ${url}/distribution/leap/16.0/repo/oss oss`,
      'zypper --root /rootfs --non-interactive refresh',
      `zypper --root /rootfs --non-interactive install --no-recommends ${packagesOf('opensuse-leap')}`,
    ],
  },
  {
    distro: 'arch',
    release: 'arch',
    proof: 'ID=arch',
    os: 'NAME="Arch Linux"\nID=arch',
    commands: url => [
      ...DEVICES,
      'mkdir -p /rootfs/var/lib/pacman /packages; mkdir -m 700 /keys',
      'pacman-key --gpgdir /keys --init; pacman-key --gpgdir /keys --add /key.asc',
      "print=$(gpg --homedir /keys --with-colons --show-keys /key.asc | awk -F: '/^fpr/ {print $10; exit}')",
      'pacman-key --gpgdir /keys --lsign-key "$print"',
      `printf '[options]\\nArchitecture = x86_64\\nSigLevel = Required DatabaseOptional\\nDisableSandbox\\n[core]\\nServer = ${url}/$repo/os/$arch\\n' >/pacman.conf`,
      `pacman -Sy --root /rootfs --noconfirm --noprogressbar --config /pacman.conf --gpgdir /keys --cachedir /packages ${packagesOf('arch')}`,
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
      ? `OS_RELEASE='${os}' PACKAGES='${packagesIn(distro, all => all)}' sh /make.sh arch /out/${distro}`
      : `RELEASE_PACKAGE=${own} OS_RELEASE='${os}' PACKAGES='${packagesIn(distro, all => all)}' PATHS='${paths.join(' ')}' sh /make.sh rpm /out/${distro}`,
  )
  const script = ['set -e', 'cat >/make.sh', 'sh /make.sh keys /out', ...lines, 'tar -C /out -c .']
  const made = spawnSync(
    room.engine.client,
    ['run', '--rm', '--interactive', STAND_IN, 'sh', '-c', script.join('\n')],
    { input: readFileSync(join(ROOT, 'scripts/family-mirrors.sh')), maxBuffer: 500_000_000 },
  )
  if (made.status !== 0) throw new Error(String(made.stderr).slice(-1500))
  spawnSync('mkdir', [folder])
  spawnSync('tar', ['-C', folder, '-x'], { input: made.stdout })
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
