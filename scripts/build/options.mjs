// How our modules and the libraries they use become one file or several.

/** Options of esbuild. */
export const bundled = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  define: {
    'process.env.NODE_ENV': '"production"',
    // Ink loads React's developer tools when DEV is true; they are not here, whatever a person's DEV says.
    'process.env.DEV': '"false"',
  },
  // The only module of Ink's that needs them (react-devtools-core, an optional peer), and only that DEV loads it.
  external: ['./node_modules/ink/build/devtools.js'],
}

/** Bundled CommonJS modules (execa's cross-spawn, enquirer) ask for Node's own modules by `require`. */
export const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"
