// Execa without the parts that none of our options reaches; test/build/execa.test.ts holds it against the whole one.

/** The options that we use. Another one is an error: the part that it needs may not be there. */
export const OPTIONS = [
  'buffer',
  'cancelSignal',
  'cleanup',
  'cwd',
  'detached',
  'env',
  'extendEnv',
  'forceKillAfterDelay',
  'input',
  'maxBuffer',
  'reject',
  'stdin',
  'stdio',
  'timeout',
  'windowsHide',
]

/** Paths below node_modules, and what stands there instead. */
const PARTS = {
  // No templates, no nested or bound calls, no execaSync, no scripts.
  'execa/index.js': `
    import { execaCoreAsync } from './lib/methods/main-async.js'
    import { normalizeParameters } from './lib/methods/parameters.js'
    export const execa = (...words) => {
      const [file, args, options] = normalizeParameters(...words)
      for (const name in options)
        if (!${JSON.stringify(OPTIONS)}.includes(name)) throw new TypeError('execa: ' + name)
      return execaCoreAsync(file, args, { ...options })
    }`,
  'execa/lib/methods/node.js': `export const handleNodeOption = (...words) => words`,
  'npm-run-path/index.js': `export const npmRunPathEnv = undefined`,
  'execa/lib/arguments/encoding-option.js': `
    export const validateEncoding = () => {}
    export const BINARY_ENCODINGS = new Set()`,
  'execa/lib/arguments/fd-options.js': `export const SUBPROCESS_OPTIONS = new WeakMap()`,

  // Nothing is logged.
  'execa/lib/verbose/info.js': `export const getVerboseInfo = () => {}`,
  'execa/lib/verbose/start.js': `export const logCommand = () => {}`,
  'execa/lib/verbose/complete.js': `export const logResult = () => {}`,
  'execa/lib/verbose/values.js': `export const isFullVerbose = () => {}`,
  'execa/lib/verbose/output.js': `
    export const shouldLogOutput = () => false
    export const logLines = undefined`,

  // A stream of a child is a pipe, or nothing, or a text that goes in.
  'execa/lib/stdio/type.js': `
    export const getStdioItemType = () => 'native'
    export const isUrl = () => false
    export const isRegularUrl = isUrl
    export const isUnknownStdioString = isUrl
    export const isFilePathString = isUrl
    export const isWritableStream = isUrl
    export const TRANSFORM_TYPES = new Set()
    export const FILE_TYPES = new Set()
    export const TYPE_TO_MESSAGE = {}`,
  'execa/lib/stdio/native.js': `export const handleNativeStream = ({ stdioItem }) => stdioItem`,
  'execa/lib/stdio/duplicate.js': `
    export const filterDuplicates = items => items
    export const getDuplicateStream = () => {}`,
  'execa/lib/stdio/direction.js': `
    export const getStreamDirection = (_, number) => number === 0 ? 'input' : 'output'`,
  'execa/lib/transform/generator.js': `export const generatorToStream = undefined`,
  'execa/lib/transform/normalize.js': `export const normalizeTransforms = items => items`,
  'execa/lib/transform/object-mode.js': `export const getFdObjectMode = () => false`,
  'execa/lib/transform/split.js': `export const getSplitLinesGenerator = () => {}`,
  'execa/lib/convert/add.js': `export const addConvertedStreams = () => {}`,
  'execa/lib/pipe/setup.js': `export const pipeToSubprocess = () => {}`,
  'execa/lib/resolve/all-async.js': `
    export const makeAllStream = () => {}
    export const waitForAllStream = async () => {}`,
  '@sindresorhus/merge-streams/index.js': `export default undefined`,
  '@sec-ant/readable-stream/dist/ponyfill/index.js': `export const asyncIterator = undefined`,
  'get-stream/source/array.js': `export const getStreamAsArray = undefined`,
  'get-stream/source/array-buffer.js': `export const getStreamAsArrayBuffer = undefined`,

  // No child of ours is a Node process that talks with us.
  'execa/lib/ipc/methods.js': `export const addIpcMethods = () => {}`,
  'execa/lib/ipc/ipc-input.js': `
    export const validateIpcInputOption = () => {}
    export const sendIpcInput = async () => {}`,
  'execa/lib/ipc/buffer-messages.js': `
    export const waitForIpcOutput = async ({ ipcOutput }) => ipcOutput
    export const getBufferedIpcOutput = (_, ipcOutput) => ipcOutput`,
  'execa/lib/terminate/graceful.js': `
    export const validateGracefulCancel = () => {}
    export const throwOnGracefulCancel = () => []`,

  // A signal is called by its name, without a sentence on it.
  'human-signals/build/src/main.js': `
    export const signalsByName = new Proxy({}, { get: (_, name) => ({ description: name }) })`,
}

/** Throws at the end of a build in which one of the parts did not come by: a new release of execa has moved it. */
export const smallerExeca = {
  name: 'smaller-execa',
  setup: ({ onLoad, onEnd }) => {
    const left = new Set(Object.keys(PARTS))
    const partOf = path => path.replaceAll('\\', '/').split('/node_modules/').at(-1)
    onLoad({ filter: /[\\/]node_modules[\\/](?:execa|@?[\w-]+)[\\/].*\.js$/ }, ({ path }) => {
      const part = partOf(path)
      if (!(part in PARTS)) return undefined
      left.delete(part)
      return { contents: PARTS[part] }
    })
    onEnd(() => {
      if (left.size > 0) throw new Error(`execa has no ${[...left].join(', ')}`)
    })
  },
}
