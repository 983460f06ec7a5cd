import { expect, test } from 'vitest'
import { limitOptions } from '../../../src/run/process/limits.ts'

const limits = (processes: string, files: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units
Max core file size        0                    unlimited            bytes
Max processes             63                   ${processes}                processes
Max open files            256                  ${files}                files
`

test('a container asks for no more than it needs, nor than this process may have', () => {
  expect(limitOptions(limits('unlimited', '524288'))).toEqual(
    '--ulimit nofile=1024:1024 --ulimit nproc=4096:4096'.split(' '),
  )
  expect(limitOptions(limits('700', '512'))).toEqual(
    '--ulimit nofile=512:512 --ulimit nproc=700:700'.split(' '),
  )
})

test('where nothing is known, nothing is asked for', () => {
  expect(limitOptions('')).toEqual([])
})
