import { getEventListeners } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { contextOf, sh, step } from './step-context.ts'
import { openRecorder } from '../recorder/recorder.ts'
import type { ContainerStage } from '../../src/plan/types.ts'
import { executePipeline } from '../../src/run/execute.ts'
import { runStep } from '../../src/run/step.ts'

const posix = test.skipIf(process.platform === 'win32')

posix('a file that a step makes has its name only when all went well', async () => {
  const { context, directory } = contextOf()
  const to = { kind: 'file', file: 'made', mode: 0o755 } as const
  const failed = await executePipeline(step('echo half; exit 3', { to }), context)
  expect(failed.failed).toEqual({ exitCode: 3, message: 'sh ended with exit code 3.' })
  expect(existsSync(join(directory, 'made'))).toBe(false)
  const empty = await executePipeline(step('true', { to }), context)
  expect(empty.failed?.message).toBe('sh succeeded but wrote no bytes.')
  expect(existsSync(join(directory, 'made'))).toBe(false)
  const well = await executePipeline(step('echo whole', { to }), context)
  expect(well.failed).toBeNull()
  expect(readFileSync(join(directory, 'made'), 'utf8')).toBe('whole\n')
})

posix(
  'a proof must print each line that it is to prove, whole; else what came is told',
  async () => {
    const proof = (script: string) =>
      step(script, { to: { kind: 'proof' }, mustPrint: ['A=1', 'B=2'], todo: ['Mend it.'] })
    for (const [script, lacking, instead] of [
      ['echo A=1; echo B=2', null, ''],
      ['printf "B=2\\r\\nA=1\\r\\n"', null, ''],
      ['echo A=1', 'B=2', 'A=1'],
      ['echo xA=1; echo B=2', 'A=1', 'xA=1'],
      ['echo C=0; echo A=11; echo B=2', 'A=1', 'A=11'],
      ['printf "A=\\033[31m\\nB=2\\n"', 'A=1', 'A=\\u001b[31m'],
      ['echo A=3; echo B=4', 'A=1 and B=2', 'A=3 and B=4'],
      ['true', 'A=1 and B=2', 'nothing'],
      ['echo A=1 >&2; echo B=2 >&2', 'A=1 and B=2', 'nothing'],
    ] as const) {
      const { failed } = await executePipeline(proof(script), contextOf().context)
      expect(failed, script).toEqual(
        lacking === null
          ? null
          : {
              exitCode: null,
              message: `It should have printed the line ${lacking}, and printed ${instead}.`,
              todo: ['Mend it.'],
            },
      )
    }
  },
)

posix('a proof whose line is not known to its end must begin as it must', async () => {
  const change = { to: { kind: 'proof' }, mustBegin: 'GNU C Library (Debian ' } as const
  const message = async (script: string) =>
    (await executePipeline(step(script, change), contextOf().context)).failed?.message ?? null
  expect(await message("echo; echo 'GNU C Library (Debian GLIBC 2)'")).toBeNull()
  for (const [script, instead] of [
    ["echo 'a GNU C Library (Debian GLIBC 2)'", 'a GNU C Library (Debian GLIBC 2)'],
    ['true', 'nothing'],
  ] as const)
    expect(await message(script)).toBe(
      `It should have printed the line GNU C Library (Debian …, and printed ${instead}.`,
    )
})

posix('a second try of a proof does not count what the first one printed', async () => {
  const { context } = contextOf()
  const change = { to: { kind: 'proof' }, mustPrint: ['A=1'] } as const
  await executePipeline(step('echo A=1', change), context)
  expect((await executePipeline(step('true', change), context)).failed).not.toBeNull()
})

posix('a proof that runs on is stopped and said to run', async () => {
  const { context, settled } = contextOf()
  const change = { to: { kind: 'proof' }, patience: 0.3 } as const
  const done = await executePipeline(step('echo serving; exec sleep 60', change), context)
  await settled()
  expect(done).toMatchObject({ failed: null, result: expect.stringContaining('still running') })
  expect(context.proofNote).toContain('still running after 0.3 s')
  expect(Buffer.concat(context.printed).toString()).toBe('serving\n')
})

posix('one that runs on without what it must print has failed', async () => {
  const { context, settled } = contextOf()
  const change = { to: { kind: 'proof' }, patience: 0.3, mustPrint: ['A=1'] } as const
  const { failed } = await executePipeline(step('exec sleep 60', change), context)
  await settled()
  expect(failed?.message).toMatch(/should have printed the line A=1.*still running/)
})

posix('a stop ends the stages and is thrown on', async () => {
  const stop = new AbortController()
  const { context, settled } = contextOf(stop.signal)
  setTimeout(() => stop.abort('SIGINT'), 100)
  await expect(executePipeline(step('exec sleep 60'), context)).rejects.toBe('SIGINT')
  await settled()
})

posix('a step that has ended leaves nobody who hears of a stop', async () => {
  const { context } = contextOf()
  await executePipeline(step('true', { patience: 60 }), context)
  await executePipeline(step('false'), context)
  expect(getEventListeners(context.signal, 'abort')).toEqual([])
})

posix('a program that a signal ended is no success', async () => {
  const { failed } = await executePipeline(step('kill -9 $$'), contextOf().context)
  expect(failed).toEqual({
    exitCode: null,
    message: 'sh did not end by itself: it was ended by SIGKILL.',
    signal: 'SIGKILL',
  })
})

posix('the last lines of a step are kept, 200 at least and 400 at most', async () => {
  const { lastLines } = await executePipeline(step('seq 1 5000'), contextOf().context)
  expect(lastLines.at(-1)).toBe('5000')
  expect(lastLines.length).toBeGreaterThanOrEqual(200)
  expect(lastLines.length).toBeLessThanOrEqual(400)
})

posix(
  'a step that failed tells its last lines, the message and what the step advises',
  async () => {
    const { context, events } = contextOf()
    const failure = await runStep(
      step('seq 1 30; echo bad >&2; exit 4', { todo: ['Mend it.'] }),
      context,
    )
    expect(failure).toMatchObject({
      type: 'step-failed',
      exitCode: 4,
      message: 'sh ended with exit code 4.',
      remedy: { todo: ['Mend it.'], lacks: false },
    })
    expect(failure!.lastLines).toHaveLength(20)
    expect(failure!.lastLines).toContain('bad')
    expect(events.map(({ type }) => type).filter(type => type !== 'output')).toEqual([
      'step-started',
      'step-failed',
    ])
  },
)

posix('what the engine says that is known comes before what the step advises', async () => {
  const { context } = contextOf()
  const known = { code: 'no-space', what: 'It is full.', todo: ['Make room.'], lacks: true }
  const remedy = (text: string) => (text.includes('no space left') ? known : null)
  const failure = await runStep(step('echo no space left; exit 1', { todo: ['Mend it.'] }), {
    ...context,
    remedy,
  })
  expect(failure?.remedy).toEqual(known)
})

posix(
  'a step whose output is a program makes it executable for all, whatever the umask',
  async () => {
    const { context, directory } = contextOf()
    const made = step(`printf x > made && chmod 600 made`, {
      outputs: ['made'],
      result: '{output.bytes}',
    })
    expect(await runStep(made, context)).toBeNull()
    const { mode } = await import('node:fs').then(fs => fs.statSync(join(directory, 'made')))
    expect(mode & 0o777).toBe(0o755)
  },
)

posix('a step that is done is skipped, and done again when its output is another', async () => {
  const { context, events, directory } = contextOf()
  const once = step('echo run >> log; printf x > made', { outputs: ['made'] })
  await runStep(once, context)
  await runStep(once, context)
  expect(readFileSync(join(directory, 'log'), 'utf8')).toBe('run\n')
  expect(events.at(-1)).toMatchObject({ type: 'step-skipped', reason: 'made is already here' })
  writeFileSync(join(directory, 'made'), 'changed')
  await runStep(once, context)
  expect(readFileSync(join(directory, 'log'), 'utf8')).toBe('run\nrun\n')
})

posix('a condition that does not hold afterwards fails the step with its own words', async () => {
  const { context } = contextOf()
  const postcondition = {
    command: { kind: 'command', program: 'echo', args: ['linux/arm64', 'id'] },
    expect: 'linux/amd64 ',
    learn: ['image.id'],
    otherwise: 'It is for another machine.',
    skippable: false,
  } as const
  expect(await runStep(step('true', { postcondition }), context)).toMatchObject({
    message: 'It is for another machine.',
    lastLines: ['linux/arm64 id'],
  })
  expect(context.values.has('image.id')).toBe(false)
  const right = { ...postcondition, expect: 'linux/arm64 ' }
  expect(await runStep(step('true', { postcondition: right }), context)).toBeNull()
  expect(context.values.get('image.id')).toBe('id')
})

const CONTAINER: ContainerStage = {
  kind: 'container',
  client: 'docker',
  options: ['--interactive'],
  image: 'ubuntu:20.04',
  command: ['takes it'],
}

posix('where a stage can not be started, those before it are ended', async () => {
  const recorder = openRecorder({
    plays: [{ of: 'takes it', hangs: true }],
    faults: [{ to: 'create ubuntu:20.04 no way', exitCode: 125, stderr: 'no' }],
  })
  const { context } = contextOf()
  const pipeline = [CONTAINER, { ...CONTAINER, command: ['no way'] }]
  await expect(
    executePipeline(step('', { pipeline }), { ...context, env: recorder.env }),
  ).rejects.toMatchObject({ name: 'CreateError', exitCode: 125 })
  expect(recorder.containers()).toEqual([])
})

posix('each container of a step has the name of its place in it', async () => {
  const recorder = openRecorder({ plays: [{ of: 'takes it' }] })
  const { context, settled } = contextOf()
  const pipeline = [sh('echo words'), CONTAINER]
  const { failed } = await executePipeline(step('', { pipeline }), {
    ...context,
    env: recorder.env,
  })
  expect(failed).toBeNull()
  expect(recorder.asked('create')[0]!.options).toMatchObject({
    '--name': ['create-base-image-r-s-1'],
    '--label': ['create-base-image=r'],
  })
  expect(recorder.read()).toEqual([{ line: 'ubuntu:20.04 takes it', text: 'words\n' }])
  await settled()
})

posix(
  'a step runs in the project folder, and its first stage reads what it is given or nothing',
  async () => {
    const { context, directory } = contextOf()
    const read = async (change: object) =>
      (await executePipeline(step('pwd; cat', change), context)).lastLines
    expect(await read({})).toEqual([directory])
    writeFileSync(join(directory, 'input'), 'of a file\n')
    expect(await read({ from: 'input' })).toEqual([directory, 'of a file'])
    expect(await read({ from: 'input', secretInput: 'login\n' })).toEqual([
      directory,
      'login',
      'of a file',
    ])
  },
)

posix('before the folder is there a step runs where we are', async () => {
  const { context } = contextOf()
  const project = { ...context.project, made: false }
  const { lastLines } = await executePipeline(step('pwd'), { ...context, project })
  expect(lastLines).toEqual([process.cwd()])
  const resumed = { ...project, kind: 'resumed' as const }
  const again = await executePipeline(step('pwd'), { ...context, project: resumed })
  expect(again.lastLines).toEqual([project.directory])
})

posix(
  'what a program is started for is proven by any end of its own, with what may be done',
  async () => {
    const { context } = contextOf()
    const proof = step('echo usage: x >&2; exit 3', { to: { kind: 'proof' }, proofBy: 'start' })
    const hintsFor = (text: string) => [`of ${text}`]
    const here = { ...context, hintsFor }
    expect(await executePipeline(proof, here)).toMatchObject({
      failed: null,
      result: 'it started, and ended with exit code 3',
    })
    expect(here).toMatchObject({
      proofNote: 'it started, and ended with exit code 3',
      hints: ['of usage: x'],
      unproven: null,
    })
    // A terminal shows both.
    expect(Buffer.concat(context.printed).toString()).toBe('usage: x\n')
    const well = contextOf().context
    const done = await executePipeline(
      step('true', { to: { kind: 'proof' }, proofBy: 'start' }),
      well,
    )
    expect(done).toEqual({ failed: null, lastLines: [] })
    expect([well.proofNote, well.hints]).toEqual([null, []])
    expect(
      (await executePipeline({ ...proof, pipeline: [sh('exit 139')] }, well)).failed,
    ).toMatchObject({
      exitCode: 139,
      message: expect.stringContaining('SIGSEGV') as string,
    })
  },
)

posix(
  'a program for other processors than the engine’s is not started, and not blamed',
  async () => {
    const { context } = contextOf()
    const plan = { ...context.plan, image: { ...context.plan.image, arch: 'arm64' as const } }
    const here = { ...context, plan }
    const script = 'echo "exec /hello: exec format error" >&2; exit 1'
    expect(
      await executePipeline(step(script, { to: { kind: 'proof' }, proofBy: 'start' }), here),
    ).toMatchObject({ failed: null, result: 'not started: it is for arm64' })
    expect(here.unproven).toBe(
      'the engine runs amd64, the image is for arm64, and there is no emulator; an engine on arm64 would prove it',
    )
  },
)

posix('what a proof prints is kept up to 64 kB', async () => {
  const { context } = contextOf()
  await executePipeline(step('yes | head -c 200000', { to: { kind: 'proof' } }), context)
  expect(Buffer.concat(context.printed)).toHaveLength(64 * 1024)
})

posix(
  'what a root filesystem measures is told and remembered, and a second try begins anew',
  async () => {
    const { context, events } = contextOf()
    const script = 'printf "M: http://mirror.example/debian\\nZ: 500 made\\nZ: 300 cleaned\\n" >&2'
    const sizes = [
      { bytes: 500, after: 'made' },
      { bytes: 300, after: 'cleaned' },
    ]
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await executePipeline(step(script, { reader: 'debootstrap' }), context)
      expect(context.sizeHistory).toEqual(sizes)
    }
    expect(Object.fromEntries(context.values)).toMatchObject({
      mirror: 'http://mirror.example/debian',
      'rootfs.first': '500',
      'rootfs.last': '300',
    })
    expect(events.filter(({ type }) => type === 'size').slice(0, 2)).toEqual(
      sizes.map(one => ({ type: 'size', step: 's', ...one })),
    )
  },
)

posix('a line is told with its stream', async () => {
  const { context, events } = contextOf()
  await executePipeline(step('echo out; sleep 0.1; echo err >&2'), context)
  expect(events).toEqual([
    { type: 'output', step: 's', source: 'stdout', line: 'out' },
    { type: 'output', step: 's', source: 'stderr', line: 'err' },
  ])
})

posix('without an input the first stage has none, not even an empty one', async () => {
  const { context } = contextOf()
  const where = step('readlink /proc/self/fd/0')
  expect((await executePipeline(where, context)).lastLines).toEqual(['/dev/null'])
})

posix('what came in place of a line is the first that can be meant', async () => {
  const change = { to: { kind: 'proof' }, mustPrint: ['ID=debian'] } as const
  const message = async (script: string) =>
    (await executePipeline(step(script, change), contextOf().context)).failed?.message
  expect(await message('echo; echo A=1; echo ID=kali; echo ID=arch')).toContain(
    'and printed ID=kali.',
  )
  expect(await message('echo; echo " "; echo one; echo two')).toContain('and printed one.')
  // So much of it as says what it is.
  expect(await message(`echo ${'x'.repeat(300)}`)).toContain(`printed ${'x'.repeat(120)}.`)
})

posix('a tar that did not come whole is told with what came of it', async () => {
  const importing = async (script: string) => {
    const { context } = contextOf()
    const pipeline = [sh(script), sh('cat >/dev/null; echo taken')]
    const { failed } = await executePipeline(step('', { pipeline, reader: 'import' }), context)
    return { message: failed?.message ?? null, values: Object.fromEntries(context.values) }
  }
  expect((await importing('echo "S: 10" >&2; printf 12345')).message).toBe(
    'Only 5 bytes of 10 bytes arrived; an image of that would lack files, so none was made.',
  )
  expect((await importing('printf 12345')).message).toBe(
    'What arrived may be incomplete, because its size was not announced; so no image was made.',
  )
  const { message, values } = await importing('echo "S: 1024" >&2; head -c 1024 /dev/zero')
  expect(message).toBeNull()
  expect(values).toEqual({ 'files.bytes': '0', 'image.compressed': expect.stringMatching(/^\d+$/) })
})

posix('only what an engine takes is measured on the way', async () => {
  const { context } = contextOf()
  const pipeline = [sh('echo words'), sh('cat')]
  await executePipeline(step('', { pipeline }), context)
  expect([...context.values]).toEqual([])
})

posix('how far an installation is comes by stdout', async () => {
  const { context, events } = contextOf()
  const status = 'dlstatus:1:50.0:Retrieving file 1 of 2'
  await executePipeline(step(`echo "${status}"; exit 1`, { reader: 'apt' }), context)
  await executePipeline(step(`echo "${status}" >&2; exit 1`, { reader: 'apt' }), context)
  const types = events.map(({ type }) => type)
  // On stderr it is a line as any other.
  expect(types.filter(type => type === 'output')).toHaveLength(1)
  expect(types[0]).toBe('progress')
})
