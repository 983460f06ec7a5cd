import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { appletPaths } from '../../../src/bootstrap/busybox/applets.ts'
import { APPLETS, fakeBusybox } from './program.ts'

test('the applets of a program are read out of it with their folders', () => {
  expect(appletPaths(fakeBusybox(APPLETS))).toEqual([
    'usr/bin/[',
    'usr/bin/[[',
    'usr/bin/awk',
    'bin/cat',
    'usr/sbin/chroot',
    'sbin/ifconfig',
    'sbin/init',
    'bin/ls',
    'bin/mount',
    'bin/sh',
    'usr/bin/wc',
  ])
})

test.each([
  ['no BusyBox', Buffer.from('\x7fELF hello'), 'it has no list of applets'],
  ['no end', Buffer.from('\0[\0[[\0ls\0'), 'it has no list of applets|has no end'],
  ['strange names', Buffer.from('\0[\0[[\0l s\0\0'), 'is damaged'],
  ['few names', Buffer.from('\0[\0[[\0ls\0\0'), 'lacks the usual applets'],
  [
    'no folders',
    Buffer.from(`\0${APPLETS.map(([name]) => `${name}\0`).join('')}\0`, 'latin1'),
    'does not say where they go',
  ],
])('%s: refused', (_, program, why) => {
  expect(() => appletPaths(program)).toThrow(new RegExp(why))
})

const PROGRAM = ['/usr/bin/busybox', '/bin/busybox'].find(path => existsSync(path))

test.skipIf(PROGRAM === undefined)('a real BusyBox is read as it tells by itself', () => {
  const told = execFileSync(PROGRAM ?? '', ['--list-full'], { encoding: 'utf8' })
  expect(appletPaths(readFileSync(PROGRAM ?? '')).sort()).toEqual(told.trim().split('\n').sort())
})
