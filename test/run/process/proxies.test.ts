import { expect, test } from 'vitest'
import { proxyLines, proxySecrets } from '../../../src/run/process/proxies.ts'

test.each([
  ['http://user:c2Vj=@proxy:3128', 'user:c2Vj=@'],
  ['http://user:pa=ss@proxy', 'user:pa=ss@'],
  ['http://user:p@ss@proxy', 'user:p@ss@'],
  ['user:p/w@proxy:80', 'user:p/w@'],
  ['http://proxy:3128/', undefined],
  ['http://@proxy', undefined],
])('of %s, handed to root by its stdin, what no output may show', (url, secret) => {
  const env = { http_proxy: url, no_proxy: 'localhost,.example' }
  expect(proxyLines(env)).toBe(`env http_proxy=${url}\nenv no_proxy=localhost,.example\n`)
  expect(proxySecrets(env)).toEqual(secret === undefined ? [] : [secret])
})

test('a value of several lines is no address, and can add nothing to what root takes', () => {
  expect(proxyLines({ http_proxy: 'http://proxy\nenv LD_PRELOAD=x', no_proxy: 'x' })).toBe(
    'env no_proxy=x\n',
  )
})

test('the proxies of all that fetches are handed on, and their logins are secret', () => {
  const names = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy']
  const env = Object.fromEntries(names.map(name => [name, `${name}:word@proxy`]))
  expect(proxyLines({ ...env, HOME: '/root' })).toBe(
    names.map(name => `env ${name}=${name}:word@proxy\n`).join(''),
  )
  expect(proxySecrets(env)).toEqual(names.map(name => `${name}:word@`))
  expect(proxyLines({})).toBe('')
})
