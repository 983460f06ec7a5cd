/** enquirer's prompts one by one; its main module brings all eighteen of them. */
declare module 'enquirer/lib/prompts/*.js' {
  const prompt: new (options: object) => import('./enquirer.ts').LivePrompt
  export = prompt
}
