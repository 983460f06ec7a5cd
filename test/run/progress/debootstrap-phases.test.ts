import { expect, test } from 'vitest'
import { createPhases } from '../../../src/run/progress/debootstrap-phases.ts'

test('before a phase begins nothing counts, and an unknown name begins none', () => {
  const phases = createPhases()
  expect(phases.count(5, 10)).toBe(false)
  expect(phases.enter('NEVERHEARD')).toBe(false)
  expect(phases.count(5, 10, 'NEVERHEARD')).toBe(false)
  phases.unpacked()
  expect(phases.progress()).toEqual({ fraction: 0 })
  expect(phases.enter('DOWNREL')).toBe(true)
  expect(phases.enter('DOWNREL')).toBe(false)
  expect(phases.progress()).toEqual({ fraction: 0 })
})

test('a phase that begins is told once, and its count rises only', () => {
  const phases = createPhases()
  expect(phases.count(0, 100, 'DOWNDEBS')).toBe(true)
  expect(phases.count(40, 100, 'DOWNDEBS')).toBe(false)
  const at = phases.progress()
  expect(at).toMatchObject({ done: 40, total: 100, unit: 'bytes' })
  phases.count(30, 100)
  expect(phases.progress()).toEqual(at)
  // An end that is none leaves the one before.
  phases.count(50, 0)
  phases.count(60, -1)
  expect(phases.progress()).toMatchObject({ done: 60, total: 100 })
  phases.count(500, 100)
  expect(phases.progress()).toMatchObject({ done: 100, total: 100 })
})

test('what is counted of a phase that is over changes nothing, until one begins again', () => {
  const phases = createPhases()
  phases.count(0, 90, 'EXTRACTPKGS')
  expect(phases.count(50, 100, 'DOWNREL')).toBe(false)
  expect(phases.count(60, 100)).toBe(false)
  expect(phases.progress()).toMatchObject({ done: 0, total: 90, unit: 'packages' })
  expect(phases.count(10, 90, 'EXTRACTPKGS')).toBe(false)
  expect(phases.progress()).toMatchObject({ done: 10, total: 90 })
  expect(phases.enter('CONFBASE')).toBe(true)
})

test('only downloads count in bytes and packages in packages; the rest has a bar alone', () => {
  const keys = (name: string): string => {
    const phases = createPhases()
    phases.count(1, 4, name)
    const { unit = 'none', done = 'none' } = phases.progress()
    return `${unit} ${done}`
  }
  expect(keys('DOWNDEBS')).toBe('bytes 1')
  for (const name of ['EXTRACTPKGS', 'UNPACKREQ', 'CONFREQ', 'UNPACKBASE', 'CONFBASE'])
    expect(keys(name), name).toBe('packages 1')
  for (const name of ['DOWNREL', 'DOWNPKGS', 'SIZEDEBS', 'RESOLVEBASE', 'INSTCORE'])
    expect(keys(name), name).toBe('none none')
})

test('base packages are those that are not required, and each that dpkg unpacks counts', () => {
  const phases = createPhases()
  phases.count(1, 1, 'SIZEDEBS')
  phases.count(150, 150, 'SIZEDEBS')
  phases.count(90, 90, 'EXTRACTPKGS')
  phases.unpacked()
  phases.enter('UNPACKBASE')
  expect(phases.progress()).toMatchObject({ done: 0, total: 60, unit: 'packages' })
  phases.unpacked()
  phases.unpacked()
  expect(phases.progress()).toMatchObject({ done: 2, total: 60 })
  phases.count(5, 60)
  phases.unpacked()
  expect(phases.progress()).toMatchObject({ done: 5, total: 60 })
  // What it configures then has not been counted yet.
  phases.enter('CONFBASE')
  phases.unpacked()
  expect(phases.progress()).not.toHaveProperty('done')
})

test('the bar begins where the phase before ended, and the last phase ends it', () => {
  const phases = createPhases()
  phases.count(150, 150, 'SIZEDEBS')
  phases.count(90, 90, 'EXTRACTPKGS')
  phases.count(60, 60, 'UNPACKBASE')
  const before = phases.progress().fraction!
  phases.enter('CONFBASE')
  expect(phases.progress().fraction).toBeCloseTo(before)
  phases.count(60, 60)
  expect(phases.progress().fraction).toBeCloseTo(1)
  // More packages take more of it.
  const share = (required: number): number => {
    const some = createPhases()
    some.count(required, required, 'EXTRACTPKGS')
    return some.progress().fraction!
  }
  expect(share(200)).toBeGreaterThan(share(20))
})
