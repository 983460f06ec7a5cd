import { basename } from 'node:path'
import { KEYRING, repeatCommand, savedAnswers } from '../ask/saved.ts'
import { shortName } from '../ask/questions/tag.ts'
import { fullScript } from './full-script.ts'
import type { FullScene } from './full-scene.ts'
import type { ProjectFile } from './project-files.ts'
import { shellWords } from './words.ts'

/** The files that a person receives with a full image. */
export const fullFiles = (scene: FullScene): ProjectFile[] => {
  const { answers } = scene.given
  const values = templateValues(scene)
  const asset = (file: string): ProjectFile => ({ file, asset: `full/${file}`, values })
  return [
    asset('Dockerfile'),
    { file: '.dockerignore', text: '*\n' },
    asset('bootstrap.sh'),
    asset('pack.sh'),
    asset('verify.sh'),
    ...(answers.keyring === null ? [] : [{ file: KEYRING, copyOf: answers.keyring }]),
    asset('README.md'),
    { file: 'build.sh', text: fullScript('sh', { ...scene, near: null }), mode: 0o755 },
    { file: 'build.ps1', text: fullScript('powershell', { ...scene, near: null }) },
    { file: 'answers.json', text: `${JSON.stringify(savedAnswers(answers), null, 2)}\n` },
  ]
}

const templateValues = ({ given: { answers, places }, release }: FullScene) => {
  const repeat = repeatCommand(answers)
  const folder = basename(places.directory)
  if (folder !== shortName(answers.tag)) repeat.push(folder)
  const system = release.distro === 'ubuntu' ? 'Ubuntu' : 'Debian'
  return {
    tag: answers.tag,
    system: [system, release.version, release.codename].filter(word => word !== null).join(' '),
    distro: release.distro,
    codename: release.codename,
    repeat: shellWords(['npx', ...repeat]),
  }
}
