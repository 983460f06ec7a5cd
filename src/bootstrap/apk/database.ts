import { createHash } from 'node:crypto'
import { endOfTar, headerSum, padding } from '../../tar/block.ts'
import type { OpenPackage } from './package.ts'
import { compareNames } from './solve.ts'
import type { Access, InstalledPackage, TreeFile, TreeFolder } from './tree.ts'
import { fullName } from './types.ts'

/** Returns the text of `lib/apk/db/installed`, as apk-tools 2.14 writes it: packages by name, each with its files. */
export const installedText = (packages: readonly InstalledPackage[]): string =>
  packages
    .toSorted((a, b) => compareNames(a.open.package.name, b.open.package.name))
    .map(each => `${header(each.open)}${each.folders.map(folderLines).join('')}\n`)
    .join('')

/** Returns the text of `lib/apk/db/triggers`: which folders start which package's trigger. */
export const triggersText = (packages: readonly InstalledPackage[]): string =>
  packages
    .filter(({ open }) => open.info.triggers.length > 0)
    .map(({ open }) => `${identity(open)} ${open.info.triggers.join(' ')}\n`)
    .join('')

/** Returns the bytes of `lib/apk/db/scripts.tar`: all scripts, also those that apk runs on an upgrade or a removal. */
export const scriptsTar = (packages: readonly InstalledPackage[]): Buffer => {
  const parts = packages.flatMap(({ open }) =>
    open.scripts.flatMap(({ kind, bytes }) => [
      scriptHeader(`${fullName(open.package)}.${identity(open)}.${kind}`, bytes.length, open),
      bytes,
      padding(bytes.length),
    ]),
  )
  return Buffer.concat([...parts, endOfTar()])
}

const identity = (open: OpenPackage): string => checksum(open.package.identity)

const checksum = (sha1: Buffer): string => `Q1${sha1.toString('base64')}`

const header = ({ package: each, info }: OpenPackage): string => {
  const field = (key: string, value: string | number): string =>
    value === '' || value === 0 ? '' : `${key}:${value}\n`
  const texts = (list: readonly { readonly text: string }[]): string =>
    list.map(one => one.text).join(' ')
  const provides = each.provides
    .map(one => (one.version === null ? one.name : `${one.name}=${one.version}`))
    .join(' ')
  return [
    `C:${checksum(each.identity)}\nP:${each.name}\nV:${each.version}\n`,
    field('A', each.architecture),
    `S:${each.size}\nI:${each.installedSize}\nT:${each.description}\nU:${each.url}\nL:${each.license}\n`,
    field('o', each.origin),
    field('m', each.maintainer),
    field('t', each.built),
    field('c', each.commit),
    field('k', each.priority),
    field('D', texts(each.depends)),
    field('p', provides),
    field('i', texts(each.installIf)),
    field('r', texts(info.replaces)),
    field('q', info.replacesPriority),
  ].join('')
}

const folderLines = (folder: TreeFolder): string =>
  [
    `F:${folder.path}\n`,
    folder.path === '' ? '' : access('M', folder, 0o755),
    ...folder.files.map(fileLines),
  ].join('')

const fileLines = (file: TreeFile): string => {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  const sum = file.checksum === null ? '' : `Z:${checksum(file.checksum)}\n`
  return `R:${name}\n${access('a', file, 0o644)}${sum}`
}

type Entry = Access & Pick<TreeFile, 'xattrs'>

// What is usual is not written.
const access = (key: string, entry: Entry, usual: number): string => {
  const { mode, uid, gid, xattrs } = entry
  if (mode === usual && uid === 0 && gid === 0 && xattrs.size === 0) return ''
  const sum = xattrs.size === 0 ? '' : `:${checksum(xattrSum(xattrs))}`
  return `${key}:${uid}:${gid}:${mode.toString(8)}${sum}\n`
}

// sha1 over each name and value by name, each after its length as four bytes, the highest first.
const xattrSum = (xattrs: ReadonlyMap<string, Buffer>): Buffer => {
  const hash = createHash('sha1')
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const [name, value] of [...xattrs].sort(([a], [b]) => Number(a > b) - Number(a < b))) {
    add(Buffer.from(name))
    add(value)
  }
  return hash.digest()
}

// apk writes GNU tar's magic, owners' names and 0 for what it does not set; its tar is its own.
const scriptHeader = (name: string, size: number, open: OpenPackage): Buffer => {
  const block = Buffer.alloc(512)
  block.write(name.slice(0, 99), 0)
  block.write(octal(0o755, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(open.package.built, 12), 136)
  block.write('0', 156)
  block.write('ustar  ', 257)
  block.write('root', 265)
  block.write('root', 297)
  block.write(`${octal(headerSum(block), 6)}\0 `, 148)
  return block
}

const octal = (value: number, width: number): string => value.toString(8).padStart(width, '0')
