import { readScenario, type ScenarioDefinition, scenarioStep, stepMatch } from '@skein/schemas/scenario'
import { RUN_OUTCOMES, STEP_FATES } from '@skein/schemas/api/scenarios'
import { parseAsString, parseAsStringLiteral } from 'nuqs'
import { z } from 'zod'

export const SCENARIO_TABS = ['funnel', 'runs', 'definition'] as const

/** No step chosen: which of its counts goes with it, so that the address keeps nothing of it. */
export const EVERY_STEP = { step: '', fate: 'reached' } as const

/** What the page of one scenario keeps in the address. */
export const scenarioParsers = {
  /** Empty while a new one is written. */
  id: parseAsString.withDefault(''),
  tab: parseAsStringLiteral(SCENARIO_TABS).withDefault('funnel'),
  outcome: parseAsStringLiteral(['all', ...RUN_OUTCOMES]).withDefault('all'),
  /** Name of a step: only the runs that the funnel counts there; empty for all. */
  step: parseAsString.withDefault(EVERY_STEP.step),
  fate: parseAsStringLiteral(STEP_FATES).withDefault(EVERY_STEP.fate),
  /** A definition that is being written, as JSON; empty when it is the saved one. */
  draft: parseAsString.withDefault(''),
}

const EMPTY: ScenarioDefinition = { name: '', key: 'session', within: '10m', steps: [{ name: '', match: { kind: 'span' } }], success: '' }

/** A draft as it was written, finished or not; a text that is no object begins anew. */
export function readDraft(text: string, saved: ScenarioDefinition | null): ScenarioDefinition {
  if (text === '') return saved ?? EMPTY
  try {
    const draft = draftShape.safeParse(JSON.parse(text))
    if (draft.success) return draft.data
  } catch {
    // half a text is what a person types on the way to a whole one
  }
  return saved ?? EMPTY
}

/** As much of a definition as a form needs to show it. */
const text = z.string().default('')
const draftShape: z.ZodType<ScenarioDefinition> = z.object({
  name: text,
  key: z.string().default(EMPTY.key),
  within: z.string().default(EMPTY.within),
  steps: z
    .array(scenarioStep.extend({ name: text, match: stepMatch.partial().transform((match) => ({ ...match, kind: match.kind ?? ('span' as const) })) }))
    .min(1),
  success: text,
})

export function writeDraft(definition: ScenarioDefinition): string {
  return JSON.stringify(definition)
}

/** What is wrong with a text that should be a definition, and the definition when nothing is. */
export function readJson(text: string): ReturnType<typeof readScenario> {
  try {
    return readScenario(JSON.parse(text))
  } catch (error) {
    return { ok: false, errors: [{ path: '', message: (error as Error).message }] }
  }
}
