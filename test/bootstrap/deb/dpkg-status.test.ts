import { expect, test } from 'vitest'
import { conffilePaths, statusStanza } from '../../../src/bootstrap/deb/dpkg-status.ts'

const CONTROL = `Package: bash
Version: 5.2
Architecture: amd64
Essential: yes
Maintainer: Måns <m@x>
Depends: base-files
Section: wrong
Priority: wrong
Homepage: http://x
Description: a shell
 for people
`

test('the archive’s priority and section, dpkg’s order, unknown fields last, one empty line at the end', () => {
  const conffiles = [{ path: '/etc/bash.bashrc', md5: 'd41d8cd98f00b204e9800998ecf8427e' }]
  expect(statusStanza(CONTROL, { priority: 'required', section: 'shells' }, conffiles)).toBe(
    `Package: bash
Essential: yes
Status: install ok unpacked
Priority: required
Section: shells
Maintainer: Måns <m@x>
Architecture: amd64
Version: 5.2
Depends: base-files
Conffiles:
 /etc/bash.bashrc d41d8cd98f00b204e9800998ecf8427e
Description: a shell
 for people
Homepage: http://x

`,
  )
})

test('what the archive does not say stays as the package says it', () => {
  const text = statusStanza(CONTROL, { priority: '', section: '' }, [], 'installed')
  expect(text).toContain('Status: install ok installed\nPriority: wrong\nSection: wrong\n')
  expect(text).not.toContain('Conffiles')
})

test('conffiles that an upgrade removes are no files of the package', () => {
  expect(conffilePaths('/etc/a\nremove-on-upgrade /etc/b\n\n/etc/c d\n')).toEqual([
    '/etc/a',
    '/etc/c d',
  ])
})
