import { expect, test, vi } from 'vitest'
import { removeContainer } from '../../../src/run/clean-up/containers.ts'

const seconds: Record<string, number> = {}
vi.mock('../../../src/run/process/exec.ts', () => ({
  capture: (program: string, _: readonly string[], options: { readonly seconds: number }) => {
    seconds[program] = options.seconds
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' })
  },
}))

test('Podman’s client is not ended in the midst of a removal, which nobody would go on with', async () => {
  for (const program of ['docker', 'podman'])
    expect(await removeContainer({ program, cwd: '/', env: {} }, 'a')).toBe(true)
  // With vfs and a builder of 480 MB the removal took more than ten on a busy machine.
  expect(seconds).toEqual({ docker: 10, podman: 60 })
})
