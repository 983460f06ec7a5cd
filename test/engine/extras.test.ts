import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, expect } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import type { Given, MinimalAnswers } from '../../src/ask/answers.ts'
import { givenBy } from '../../src/ask/given.ts'
import { assetsFolder } from '../../src/assets.ts'
import { probeFacts } from '../../src/engine/probe.ts'
import { unpackArchive } from '../../src/oci/unpack.ts'
import { minimalPlan } from '../../src/plan/minimal/plan.ts'
import type { Event } from '../../src/run/events.ts'
import { runPlan } from '../../src/run/run.ts'
import { compiles } from '../elf/samples.ts'
import { describeEngine, docker, test } from './engine.ts'
import { newNames, outcomeOf, room, runCli, stepsDone } from './run-cli.ts'

/** Says who it runs as, how many certificates it finds, and what a clock in New York showed. */
const NEEDY = `#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    char line[256] = "";
    int certificates = 0;
    FILE *bundle = fopen("/etc/ssl/certs/ca-certificates.crt", "r");
    while (bundle && fgets(line, sizeof line, bundle))
        certificates += strncmp(line, "-----BEGIN CERTIFICATE", 22) == 0;
    time_t moment = 1700000000;
    setenv("TZ", "America/New_York", 1);
    tzset();
    strftime(line, sizeof line, "%H:%M:%S %Z", localtime(&moment));
#ifdef NAMES
    struct passwd *self = getpwuid(getuid());
    const char *name = self ? self->pw_name : "nobody known";
#else
    const char *name = "-";
#endif
    printf("uid %d %s, %d certificates, %s, %s\\n", (int)getuid(), name, certificates, line,
           getenv("SSL_CERT_FILE") ? getenv("SSL_CERT_FILE") : "no SSL_CERT_FILE");
    return 0;
}
`
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt'
const ALL = ['--yes', '--json', '--with', 'user,tzdata,ca-certificates'] as const
const said = (name: string): string =>
  `uid 65532 ${name}, ${rootCertificates.length} certificates, 17:13:20 EST, ${BUNDLE}\n`

describeEngine('an image with more than its program', () => {
  const names = newNames()
  afterAll(() => names.remove())

  test(
    'a program finds certificates, zones and its user, and the image holds what was asked for only',
    { timeout: 400_000 },
    async () => {
      const cwd = await room()
      writeFileSync(join(cwd, 'needy.c'), NEEDY)
      const words = [...ALL, '--program', 'needy.c', '--tag', names.tag('needy')]
      const first = await runCli(words, { cwd })
      expect(outcomeOf(first).printed).toBe(said('-'))
      expect((await filesOf(names.tag('needy'), cwd)).filter(notAZone)).toEqual([
        'etc/group',
        'etc/passwd',
        'etc/ssl/certs/ca-certificates.crt',
        'needy',
      ])

      const again = await runCli(words, { cwd })
      expect(outcomeOf(again).printed).toBe(said('-'))
      expect(stepsDone(again)).toEqual(['engine', 'files', 'inspect', 'build', 'run'])
    },
  )

  test(
    'without zones on this machine they come out of a container, and a second run keeps them',
    { timeout: 400_000 },
    async () => {
      const cwd = await room()
      const words = ['--program', 'raw:zones', '--with', 'tzdata', '--tag', names.tag('zones')]
      const given = givenBy(parseFlags(words), cwd) as Given<MinimalAnswers>
      const facts = await probeFacts({ engine: 'auto', env: process.env, hasZones: () => false })
      const run = async (): Promise<readonly Event[]> => {
        const events: Event[] = []
        const end = await runPlan(minimalPlan(given, facts), facts, {
          view: {
            show: more => void events.push(...more),
            decide: async () => 'stop',
            close: () => undefined,
          },
          remedy: () => null,
          hintsFor: () => [],
          signal: new AbortController().signal,
          env: process.env,
          assets: assetsFolder(),
          force: false,
        })
        expect(end.exitCode, JSON.stringify(events.slice(-5))).toBe(0)
        return events
      }
      const first = await run()
      expect(first).toContainEqual(expect.objectContaining({ type: 'progress', step: 'zones' }))
      const zones = join(cwd, 'zones', 'files', 'usr', 'share', 'zoneinfo')
      expect(readFileSync(join(zones, 'US', 'Eastern')).toString('latin1', 0, 4)).toBe('TZif')
      expect(readdirSync(zones)).not.toContain('posix')
      expect(existsSync(join(cwd, 'zones', '.create-base-image', 'zones'))).toBe(false)
      const skipped = (await run()).filter(({ type }) => type === 'step-skipped')
      expect(skipped.map(event => 'step' in event && event.step)).toEqual([
        'raw',
        'builder',
        'zones',
      ])
    },
  )
})

const noMusl = compiles(['-static'], undefined, 'musl-gcc') ? '' : ' (skipped: no musl-gcc here)'

test.skipIf(noMusl !== '')(
  `without an engine the archive has the same, and its user has a name${noMusl}`,
  { timeout: 400_000 },
  async () => {
    const cwd = await room()
    writeFileSync(join(cwd, 'needy.c'), `#define NAMES\n${NEEDY}`)
    const how = ['--engine', 'none', '--libc', 'musl', '--program', 'needy.c', '--tag', 'needy']
    const outcome = outcomeOf(await runCli([...ALL, ...how], { cwd }))
    if (/^run (?:in namespaces|with)/.test(outcome.proof)) {
      expect(outcome.printed).toBe(said('nonroot'))
    }
    const root = join(cwd, 'root')
    const image = await unpackArchive(join(cwd, 'needy', 'needy.tar'), root)
    expect(image).toMatchObject({ user: '65532:65532', env: [`SSL_CERT_FILE=${BUNDLE}`] })
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    expect(files.filter(notAZone).sort()).toEqual([
      'etc/group',
      'etc/passwd',
      'etc/ssl/certs/ca-certificates.crt',
      'needy',
    ])
    expect(outcome.uncompressedBytes).toBeGreaterThan(1_000_000)
  },
)

const notAZone = (file: string): boolean => !file.startsWith('usr/share/zoneinfo/')

/** The files of an image, as `docker save` gives them. */
const filesOf = async (image: string, cwd: string): Promise<string[]> => {
  const tar = join(cwd, 'saved.tar')
  expect((await docker(['save', '--output', tar, image])).exitCode).toBe(0)
  const root = join(cwd, 'saved')
  await unpackArchive(tar, root)
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}
