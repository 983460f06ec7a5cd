import type { FullAnswers, Given } from '../../ask/answers.ts'
import type { Arch } from '../../engine/facts.ts'
import { aloneTexts } from './alone.ts'
import { scriptInputs, type ScriptInputs } from '../full/inputs.ts'
import { scriptAsset } from '../full/scripts.ts'
import type { InnerTexts } from './full-words.ts'
import { fullScript } from './full-script.ts'
import { isFull } from '../plan.ts'
import type { ScriptEngine } from './engine-words.ts'
import { minimalScript, type ScriptKind } from './minimal-script.ts'

/**
 * The steps as a script that needs an engine and nothing of ours, made from the answers alone: it calls docker, unless they say Podman. `arch` is this machine's
 * architecture, which a full image is made for when no other is asked for; `asset` reads a file of assets/,
 * or one of the person's by its absolute path.
 */
export const printScript = (
  kind: ScriptKind,
  given: Given,
  arch: Arch,
  asset: (file: string) => string,
): string =>
  isFull(given)
    ? fullScript(kind, ...ofFull(given, arch, asset), engineOf(given))
    : minimalScript(
        kind,
        given.answers,
        engineOf(given),
        aloneTexts(given.answers, engineOf(given), asset),
      )

const ofFull = (
  given: Given<FullAnswers>,
  arch: Arch,
  asset: (file: string) => string,
): [ScriptInputs, InnerTexts] => {
  const inputs = scriptInputs(given, arch)
  const text = (script: 'bootstrap.sh' | 'pack.sh'): string => asset(scriptAsset(inputs, script))
  return [inputs, { 'bootstrap.sh': text('bootstrap.sh'), 'pack.sh': text('pack.sh') }]
}

const engineOf = ({ answers }: Given): ScriptEngine =>
  answers.engine === 'podman' ? 'podman' : 'docker'
