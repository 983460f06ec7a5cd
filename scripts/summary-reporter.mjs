// A vitest reporter whose one line comes last: `N passed, N failed, N skipped`.

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
    const failed =
      withState('failed').length + modules.flatMap(broken).length + unhandledErrors.length
    if (process.env.CBI_NEED_ENGINE === '1') this.name(skipped)
    this.vitest.logger.log(
      // A run that vitest itself calls failed, such as one without any test, never shows as 0 failed.
      `${withState('passed').length} passed, ${reason === 'passed' ? failed : Math.max(1, failed)} failed, ${skipped.length} skipped`,
    )
  }

  name(tests) {
    for (const test of tests)
      this.vitest.logger.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}`)
  }
}

const broken = module =>
  [module, ...module.children.allSuites()].filter(group => group.errors().length > 0)

// A test that never ran to its end, because the run was stopped, has no result.
const stateOf = test => {
  const { state } = test.result()
  return state === 'pending' ? 'failed' : state
}
