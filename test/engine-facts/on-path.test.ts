import { expect, test } from 'vitest'
import { isOnWindowsPath } from '../../src/engine/on-path.ts'

const DOCKER = 'C:\\Program Files\\Docker\\docker.exe'
const exists = (path: string): boolean => path.toLowerCase() === DOCKER.toLowerCase()

test('Windows finds a program by its folders and endings, however it spells their names', () => {
  const Path = 'C:\\Windows;"C:\\Program Files\\Docker"'
  expect(isOnWindowsPath('docker', { Path }, exists)).toBe(true)
  expect(isOnWindowsPath('docker', { PATH: Path, pathext: '.EXE' }, exists)).toBe(true)
  expect(isOnWindowsPath(DOCKER, {}, exists)).toBe(true)
})

test('what is in no folder, or has another ending, is not found', () => {
  const Path = 'C:\\Program Files\\Docker'
  expect(isOnWindowsPath('podman', { Path }, exists)).toBe(false)
  expect(isOnWindowsPath('docker', { Path, PATHEXT: '.BAT' }, exists)).toBe(false)
  expect(isOnWindowsPath('docker', {}, exists)).toBe(false)
})
