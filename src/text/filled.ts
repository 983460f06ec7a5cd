/** Returns a template with each `{{name}}` replaced by its value; what a value holds is not replaced again. */
export const filledOnce = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole)
