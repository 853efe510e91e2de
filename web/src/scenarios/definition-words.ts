import { readFilter } from '@skein/schemas/filter'
import type { ScenarioDefinition, ScenarioError } from '@skein/schemas/scenario'
import type { useTranslations } from 'next-intl'
import { faultWordsAt } from '../ui/failure-words.ts'

/** All words of the reader's language. */
type Words = ReturnType<typeof useTranslations<never>>

const WHOLE = ['name', 'key', 'within', 'steps', 'success'] as const
const OF_STEP = { name: 'stepName', slowMs: 'slowMs', optional: 'optional' } as const

/** What is wrong with a definition, in the reader's language: what the place that it is at must hold. What only a file can get wrong is told as it was found. */
export function definitionWords(t: Words, definition: ScenarioDefinition | null, { path, message }: ScenarioError): string {
  const [first = '', at, field = '', part] = path.split('.')
  const whole = WHOLE.find((each) => each === first)
  if (at === undefined) return whole === undefined ? message : t(`scenarios.mend.${whole}`)
  const number = Number(at) + 1
  const own = Object.hasOwn(OF_STEP, field) ? OF_STEP[field as keyof typeof OF_STEP] : undefined
  if (own !== undefined) return t(`scenarios.mend.${own}`, { number })
  const where = part === 'where' ? definition?.steps[number - 1]?.match.where : undefined
  const read = where === undefined ? null : readFilter(where)
  if (read?.ok === false) return t('scenarios.mend.where', { number, detail: faultWordsAt(t, { ...read.error, path: '' }) })
  return field === 'match' && part !== 'where' ? t('scenarios.mend.match', { number }) : message
}
