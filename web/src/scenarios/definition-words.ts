import { readFilter } from '@skein/schemas/filter'
import type { ScenarioDefinition, ScenarioError } from '@skein/schemas/scenario'
import type { useTranslations } from 'next-intl'
import { faultWordsAt } from '../ui/failure-words.ts'

/** All words of the reader's language. */
type Words = ReturnType<typeof useTranslations<never>>

const WHOLE = ['name', 'key', 'within', 'steps', 'success'] as const
const OF_STEP = { name: 'stepName', slowMs: 'slowMs', optional: 'optional' } as const

/** What is wrong with a definition, in the reader's language: what the place that it is at must hold. What only a file gets wrong is told as it was found. */
export function definitionWords(t: Words, definition: ScenarioDefinition | null, error: ScenarioError): string {
  const [first = '', at, ...inside] = error.path.split('.')
  if (at !== undefined) return stepWords(t, definition, { number: Number(at) + 1, inside, message: error.message })
  const whole = WHOLE.find((each) => each === first)
  return whole === undefined ? error.message : t(`scenarios.mend.${whole}`)
}

function stepWords(t: Words, definition: ScenarioDefinition | null, error: { number: number; inside: readonly string[]; message: string }): string {
  const { number, inside, message } = error
  const [field = '', part] = inside
  if (Object.hasOwn(OF_STEP, field)) return t(`scenarios.mend.${OF_STEP[field as keyof typeof OF_STEP]}`, { number })
  if (field !== 'match') return message
  if (part !== 'where') return t('scenarios.mend.match', { number })
  const where = definition?.steps[number - 1]?.match.where
  const read = where === undefined ? null : readFilter(where)
  return read === null || read.ok ? message : t('scenarios.mend.where', { number, detail: faultWordsAt(t, { ...read.error, path: '' }) })
}
