import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { readAsset } from '../../src/assets.ts'
import { SCENES } from '../../src/learn/tour/scenes.ts'
import { afterScene, beforeScene } from '../../src/learn/tour/text.ts'
import type { Recording } from '../../src/learn/tour/types.ts'
import { listeningIo } from './io.ts'

const recording = JSON.parse(readAsset('learn/tour.json')) as Recording
const plain = (width: number, unicode = true) => ({
  width,
  unicode,
  strong: (text: string) => text,
})

test('the recording has every stop, and what it shows really failed', () => {
  expect(recording.scenes.map(({ id }) => id)).toEqual(SCENES)
  const commands = Object.fromEntries(recording.scenes.map(scene => [scene.id, scene.commands]))
  expect(commands['run']!.map(({ exitCode }) => exitCode)).toEqual([1, 0, 0, 0])
  expect(commands['run']![0]!.printed.join('')).toContain('no such file or directory')
  expect(commands['loader']![0]!.printed.join('')).toContain('ld-linux')
  expect(commands['shell']![0]!.printed.join('')).toContain('/bin/sh')
  expect(commands['certificates']!.map(({ exitCode }) => exitCode)).toEqual([1, 0])
})

test.each([40, 80])('no line of a stop is wider than %i columns, but for words that are', width => {
  const texts = recording.scenes.flatMap((scene, i) => [
    beforeScene(scene.id, i + 1, SCENES.length, plain(width)),
    afterScene(scene, plain(width)),
  ])
  const wide = texts
    .join('')
    .split('\n')
    .filter(line => line.length > width)
  expect(wide.filter(line => line.trim().split(' ').length > 1 && !line.startsWith('──'))).toEqual(
    [],
  )
})

test('where signs beyond ASCII can not be shown there are none', () => {
  const texts = recording.scenes.map(scene => afterScene(scene, plain(80, false)))
  expect(texts.join('')).not.toMatch(/[^\u0000-\u007f]/)
})

test('without an engine the recording is shown, marked as one, and nobody is waited for', async () => {
  const io = listeningIo(process.cwd(), { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' })
  expect(await main(['tour'], io)).toBe(0)
  const said = io.said()
  expect(said.replaceAll(/\s+/g, ' ')).toMatch(
    /What follows was RECORDED on \d{4}-\d\d-\d\d with Docker/,
  )
  const head = said.slice(0, said.indexOf('1 of 5')).split('\n')
  expect(head.filter(line => line.length > 80)).toEqual([])
  expect(said).toMatch(/5 of 5[^]*That was all/)
})

test('--recorded asks no engine', async () => {
  const io = listeningIo()
  expect(await main(['tour', '--recorded', '--json'], io)).toBe(0)
  expect(JSON.parse(io.said())).toEqual(recording)
})
