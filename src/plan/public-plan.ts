import type { Plan, Step } from './types.ts'

/** A plan as it may be shown: without the user and password of a mirror, which only the run itself needs. */
export const publicPlan = (plan: Plan): Plan => ({
  ...withoutSecrets({ ...plan, steps: plan.steps.map(open) }, plan.secrets),
  secrets: [],
})

const open = (step: Step): Step => {
  const { secretInput: _secret, ...shown } = step
  return shown
}

/** Data without these texts, wherever they are in it. */
export const withoutSecrets = <T>(data: T, secrets: readonly string[]): T =>
  secrets.length === 0
    ? data
    : (JSON.parse(
        secrets.reduce((text, secret) => text.replaceAll(inJson(secret), ''), JSON.stringify(data)),
      ) as T)

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)
