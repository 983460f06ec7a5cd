import { expect, test } from 'vitest'
import type { ContainerStage } from '../../../src/plan/types.ts'
import { commands, ids, optionsOf, planOf, planWithKeyring, stepOf } from './inputs.ts'
import { engine } from '../minimal/inputs.ts'

const podman = { ...engine, kind: 'podman', client: 'podman', builder: 'podman' } as const

test('a builder of the release bootstraps, and the image is named once it is proven', () => {
  const plan = planOf(['--release', 'bookworm'])
  expect(ids(plan)).toEqual([
    'engine',
    'files',
    'builder',
    'debootstrap',
    'bootstrap',
    'import',
    'run',
    'name',
  ])
  expect(plan.headline).toBe('full image · Debian 12 bookworm · linux/amd64 → my-bookworm')
  expect(commands(plan, 'builder')).toEqual(['docker pull debian:bookworm-slim'])
  expect(commands(plan, 'import')).toEqual([
    'docker start --attach --interactive bootstrap < pack.sh | docker import --change \'CMD ["bash"]\'' +
      " --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'" +
      " --change 'LABEL org.opencontainers.image.title=my-bookworm'" +
      " --change 'LABEL org.opencontainers.image.version=12'" +
      " --change 'LABEL org.opencontainers.image.ref.name=debian' - create-base-image/unproven",
  ])
  expect(commands(plan, 'run')).toEqual([
    'docker run --rm create-base-image/unproven cat /etc/os-release',
  ])
  expect(commands(plan, 'name')).toEqual(['docker tag create-base-image/unproven my-bookworm'])
})

const stageOf = (id: string, ...argv: string[]): ContainerStage =>
  stepOf(planOf(['--verify', ...argv]), id).pipeline[0] as ContainerStage

test('the container that bootstraps has just these rights', () => {
  expect(stageOf('bootstrap').options.join(' ')).toBe(
    '--interactive --hostname localhost --security-opt no-new-privileges --cap-drop ALL' +
      ' --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add FSETID --cap-add SETGID' +
      ' --cap-add SETUID --cap-add SYS_CHROOT --cap-add MKNOD',
  )
  expect(commands(planOf(), 'bootstrap')[0]).toMatch(
    / sh -s -- --progress --suite resolute --variant minbase .* < bootstrap\.sh$/,
  )
})

test.each(['debootstrap', 'verify'])('the container of %s can gain no rights', id => {
  expect(stageOf(id).options.join(' ')).toContain('--security-opt no-new-privileges')
})

test('Podman is told the platform of an import in its own words', () => {
  const plan = planOf(['--release', 'bookworm'], { engine: podman })
  expect(commands(plan, 'import')[0]).toContain('| podman import --os linux --arch amd64 --change ')
  expect(commands(plan, 'builder')).toEqual(['podman pull docker.io/library/debian:bookworm-slim'])
  expect(commands(plan, 'name')).toEqual(['podman tag create-base-image/unproven my-bookworm'])
})

test('no change of the import has a space in its value, which Podman would keep the quotes of', () => {
  const stage = stepOf(planOf(['--tag', 'x/y:z']), 'import').pipeline[1]!
  const words = stage.kind === 'command' ? stage.args.map(String) : []
  const labels = words.filter(word => word.startsWith('LABEL'))
  expect(labels).toHaveLength(3)
  for (const label of labels) expect(label).toMatch(/^LABEL [\w.]+=[\w.-]+$/)
  expect(labels[0]).toBe('LABEL org.opencontainers.image.title=y')
})

test('another architecture is asked for at every step', () => {
  const plan = planOf(['--arch', 'arm64', '--release', 'noble', '--verify'])
  for (const id of ['builder', 'debootstrap', 'bootstrap', 'import', 'run', 'verify'])
    expect(commands(plan, id)[0]).toContain(' --platform linux/arm64 ')
  expect(stepOf(plan, 'import').postcondition!.expect).toBe('linux/arm64 ')
  expect(planOf(['--arch', 'arm64'], { engine: podman }).image.arch).toBe('arm64')
})

test('Ubuntu has ports for other architectures, Debian one archive for all', () => {
  const ports = 'http://ports.ubuntu.com/ubuntu-ports'
  expect(optionsOf(planOf(['--arch', 'arm64', '--release', 'noble']))).toEqual([
    '--progress',
    '--suite noble',
    '--variant minbase',
    '--updates',
    `--archive ${ports}`,
    '--moved http://old-releases.ubuntu.com/ubuntu',
    `--source ${ports} noble main universe`,
    `--source ${ports} noble-updates main universe`,
    `--source ${ports} noble-security main universe`,
  ])
  const sources = (arch: string) => optionsOf(planOf(['--release', 'bookworm', '--arch', arch]))
  expect(sources('arm64')).toEqual(sources('amd64'))
})

test('a distribution that descends from Debian is checked with its own keys, not those of the script it borrows', () => {
  const options = optionsOf(planOf(['--release', 'devuan:5']))
  expect(options).toContain('--keyring /usr/share/keyrings/devuan-archive-keyring.gpg')
  expect(options).toContain('--script ceres')
  expect(optionsOf(planOf(['--release', 'bookworm'])).join()).not.toContain('--keyring')
})

test('--mirror is where the packages come from; updates are written where the mirror has them', () => {
  const mirror = 'http://mirror.example/debian'
  expect(optionsOf(planOf(['--release', 'bookworm', '--mirror', `${mirror}/`]))).toEqual([
    '--progress',
    '--suite bookworm',
    '--variant minbase',
    '--updates',
    `--mirror ${mirror}`,
    `--source ${mirror} bookworm main`,
    `--source-if-there ${mirror} bookworm-updates main`,
    `--source-if-there ${mirror}-security bookworm-security main`,
  ])
  const ubuntu = 'http://mirror.example/ubuntu'
  expect(optionsOf(planOf(['--release', 'noble', '--mirror', ubuntu])).at(-1)).toBe(
    `--source-if-there ${ubuntu} noble-security main universe`,
  )
})

test('a mirror by https brings certificates into the builder', () => {
  const [http, https] = ['http', 'https'].map(
    scheme => commands(planOf(['--mirror', `${scheme}://mirror.example/ubuntu`]), 'debootstrap')[0],
  )
  expect(http).toMatch(/ debootstrap$/)
  expect(https).toMatch(/ debootstrap ca-certificates$/)
})

test('--keyring is copied into the project folder, and from there into the container', () => {
  const plan = planWithKeyring('--release', 'bookworm')
  expect(optionsOf(plan)).toContain('--keyring /keyring.gpg')
  expect(stepOf(plan, 'bootstrap').pipeline[0]).toMatchObject({
    copies: [{ file: 'keyring.gpg', to: '/keyring.gpg' }],
  })
  const [create, copy, start] = commands(plan, 'bootstrap')
  expect(create).toMatch(/^docker create --name bootstrap /)
  expect(copy).toBe('docker cp keyring.gpg bootstrap:/keyring.gpg')
  expect(start).toBe('docker start --attach --interactive bootstrap < bootstrap.sh')
  expect(JSON.stringify(stepOf(plan, 'files'))).toContain('"copyOf":"/home/ada/keys.gpg"')
})

test('packages, variant and slim become options', () => {
  const plan = planOf(['--include', 'curl,vim', '--variant', 'buildd', '--slim'])
  expect(optionsOf(plan).join(' ')).toMatch(
    /--variant buildd .*--include curl,vim --components main,universe --slim$/,
  )
  expect(plan.headline).toContain('resolute + buildd + slim + curl + vim ·')
  const debian = planOf(['--release', 'bookworm', '--include', 'curl'])
  expect(optionsOf(debian).at(-1)).toBe('--include curl')
})

test('--verify looks deeper once the image has its name', () => {
  const plan = planOf(['--verify', '--arch', 'arm'])
  expect(ids(plan).slice(-3)).toEqual(['run', 'name', 'verify'])
  const verify = stepOf(plan, 'verify')
  expect(commands(plan, 'verify')[0]).toMatch(/ sh -s -- armhf < verify\.sh$/)
  expect(verify.postcondition).toMatchObject({ expect: 'linux/arm ["bash"]', skippable: false })
  expect(verify.postcondition!.command.args.at(-1)).toBe('my-resolute')
  expect((verify.pipeline[0] as ContainerStage).image).toBe('my-resolute')
})

test('what the builder lacks comes from the mirror first, and is the same builder as without one', () => {
  const prepared = (...argv: string[]) => {
    const step = stepOf(planOf(['--bootstrap', 'debootstrap', ...argv]), 'debootstrap')
    return step.pipeline[0] as ContainerStage
  }
  const own = prepared()
  const mirrored = prepared('--mirror', 'http://mirror.example/ubuntu')
  expect(mirrored.command.slice(4)).toEqual(['http://mirror.example/ubuntu', '', 'debootstrap'])
  expect(String(mirrored.command[2])).toContain('deb ${signer:+[signed-by=$signer] }$mirror ')
  // Where the mirror has nothing, it ends as it would without one.
  expect(String(mirrored.command[2]).endsWith(String(own.command[2]))).toBe(true)
  expect(mirrored.keepAs?.image).toEqual(own.keepAs?.image)
  // A command shows its words to everybody.
  const closed = prepared('--mirror', 'http://ada:s3cret@mirror.example/ubuntu')
  expect(closed.command).toEqual(own.command)
})
