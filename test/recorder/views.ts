import type { KeptContainer, KeptImage } from './recorder.ts'
import { fill, splitTag } from './template.ts'
import type { Options } from './words.ts'

/** Returns a template with its values. Throws for what is not there. */
export const filled = (template: string, value: object): string => {
  const text = fill(template, value)
  if (text === null) throw new Error(`${template} asks for what is not there`)
  return text
}

/** Returns whether an image or a container passes the filters of a list. */
export const hasFilter =
  (filters: Options[string] = []) =>
  ({
    Labels,
    Tag,
  }: {
    readonly Labels: Readonly<Record<string, string>>
    readonly Tag?: string
  }): boolean =>
    (filters === true ? [] : filters).every(filter => {
      if (filter === 'dangling=true') return Tag === '<none>'
      const [, name = '', wanted] = /^label=([^=]+)(?:=(.*))?$/.exec(filter) ?? []
      const has = Labels[name]
      return has !== undefined && (wanted === undefined || has === wanted)
    })

/** Returns an image as the client tells of it. */
export const imageView = (
  { id, name, os, arch, size, labels, cmd }: KeptImage,
  program: string,
) => ({
  Id: program === 'podman' ? id.replace('sha256:', '') : id,
  ID: id,
  Os: os,
  Architecture: arch,
  Size: size,
  Labels: labels,
  Config: { Cmd: cmd, Labels: labels },
  ...splitTag(name),
})

/** Returns a container as the client tells of it. */
export const containerView = ({ id, name, labels, status, exitCode, oom }: KeptContainer) => ({
  ID: id,
  Names: name,
  Labels: labels,
  State: { Status: status, ExitCode: exitCode, OOMKilled: oom },
})

/** What the client says about its version. */
export const VERSION = {
  Client: { Version: '28.2.2', ApiVersion: '1.50' },
  Server: { Version: '28.2.2', ApiVersion: '1.50', Os: 'linux', Arch: 'amd64' },
}

/** What the engine says about itself. */
export const INFO = {
  docker: {
    OSType: 'linux',
    Architecture: 'x86_64',
    Driver: 'overlay2',
    SecurityOptions: [],
    DockerRootDir: '/',
    HTTPSProxy: '',
  },
  podman: {
    Version: { Version: '5.0.0' },
    Host: { OS: 'linux', Arch: 'amd64' },
    host: { os: 'linux', arch: 'amd64' },
    version: { Version: '5.0.0' },
    Store: { GraphRoot: '/' },
  },
}
