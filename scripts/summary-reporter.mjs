// A vitest reporter whose one line comes last: `N passed, N failed, N skipped`; before it, what failed and how it began.

import { stripVTControlCharacters } from 'node:util'

/** Lines of a message that are told again; the rest stands further up. */
const SHOWN_LINES = 20

/**
 * Counts tests; a file or group that broke outside its tests, and an error outside all files, count as failed.
 * Where CBI_NEED_ENGINE is 1 it names the skipped tests first, because hardly any should be.
 */
export default class SummaryReporter {
  onInit(vitest) {
    this.vitest = vitest
  }

  onTestRunEnd(modules, unhandledErrors, reason) {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const withState = state => tests.filter(test => stateOf(test) === state)
    const skipped = withState('skipped')
    const failed = [
      ...withState('failed').map(test => failure(nameOf(test), test.result().errors)),
      ...modules.flatMap(broken).map(group => failure(nameOf(group), group.errors())),
      ...unhandledErrors.map(error => failure('outside all tests', [error])),
    ]
    if (process.env.CBI_NEED_ENGINE === '1')
      for (const test of skipped) this.vitest.logger.log(`skipped: ${nameOf(test)}${why(test)}`)
    for (const line of failed) this.vitest.logger.log(line)
    this.vitest.logger.log(
      // A run that vitest itself calls failed, such as one without any test, never shows as 0 failed.
      `${withState('passed').length} passed, ${reason === 'passed' ? failed.length : Math.max(1, failed.length)} failed, ${skipped.length} skipped`,
    )
  }
}

// Its lines are marked, so that .ci/run finds them in a long log and tells them at its end.
const failure = (name, errors = []) =>
  [
    `failed: ${name}`,
    ...errors.flatMap(({ message, diff = '' }) =>
      stripVTControlCharacters(`${message}\n${diff}`.trimEnd())
        .split('\n')
        .slice(0, SHOWN_LINES)
        .map(line => `  | ${line}`),
    ),
  ].join('\n')

const nameOf = one =>
  one.type === 'module' ? one.relativeModuleId : `${one.module.relativeModuleId} > ${one.fullName}`

// Most say it in their group's title.
const why = test => {
  const { note } = test.result()
  return note === undefined ? '' : ` (${note})`
}

const broken = module =>
  [module, ...module.children.allSuites()].filter(group => group.errors().length > 0)

// A test that never ran to its end, because the run was stopped, has no result.
const stateOf = test => {
  const { state } = test.result()
  return state === 'pending' ? 'failed' : state
}
