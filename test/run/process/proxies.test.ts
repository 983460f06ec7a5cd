import { expect, test } from 'vitest'
import { proxySecrets, proxyWords, shownProxies } from '../../../src/run/process/proxies.ts'

test.each([
  ['http://user:c2Vj=@proxy:3128', 'http://proxy:3128', 'user:c2Vj=@'],
  ['http://user:pa=ss@proxy', 'http://proxy', 'user:pa=ss@'],
  ['http://user:p@ss@proxy', 'http://proxy', 'user:p@ss@'],
  ['user:p/w@proxy:80', 'proxy:80', 'user:p/w@'],
  ['http://proxy:3128/', 'http://proxy:3128/', undefined],
  ['http://@proxy', 'http://@proxy', undefined],
])('%s is shown without its user and password', (url, shown, secret) => {
  const env = { http_proxy: url, no_proxy: 'localhost,.example' }
  expect(proxyWords(env)).toEqual(['env', `http_proxy=${url}`, 'no_proxy=localhost,.example'])
  expect(shownProxies(env)).toEqual(['env', `http_proxy=${shown}`, 'no_proxy=localhost,.example'])
  expect(proxySecrets(env)).toEqual(secret === undefined ? [] : [secret])
})
