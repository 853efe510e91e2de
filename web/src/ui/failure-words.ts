import type { Fault } from '@skein/schemas/fault'
import type { ProblemPart } from '@skein/schemas/problem'
import type { useTranslations } from 'next-intl'
import { ApiError, type ApiFailure } from '../api/client.ts'

/** All words of the reader's language. */
type Words = ReturnType<typeof useTranslations<never>>

/** Failures a reader meets in a normal life; the rest is told in the server's own words. */
const EXPLAINED = [
  'unreachable',
  'timeout',
  'unexpected_answer',
  'store_unavailable',
  'log_unavailable',
  'query_timeout',
  'query_too_large',
  'too_many_queries',
  'draining',
  'forbidden',
  'unauthenticated',
] as const

/** What is wrong with a text or a field, without where. */
export function faultWords(t: Words, { code, values }: Pick<Fault, 'code' | 'values'>): string {
  return t(`fault.${code}`, values)
}

/** What stands in lists and is told by its number. */
const NUMBERED = { pipelines: 'pipeline', rules: 'rule', actions: 'action' } as const
const WRAPPERS = new Set(['definition', 'file'])
const FIELDS = new Set(['name', 'enabled', 'match', 'actions'])

/** Where in a rule or a file of rules, as `action 2, pattern`; empty for a place that says nothing. */
function placesOf(t: Words, path: string): string[] {
  const parts = path.split('.').filter((part) => !WRAPPERS.has(part))
  const places: string[] = []
  const rest: string[] = []
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? ''
    const kind = Object.hasOwn(NUMBERED, part) ? NUMBERED[part as keyof typeof NUMBERED] : undefined
    const number = Number(parts[at + 1])
    if (kind === undefined || !Number.isInteger(number)) rest.push(part)
    else {
      places.push(t(`faultAt.${kind}`, { number: number + 1 }))
      at++
    }
  }
  const field = rest.join('.')
  return field !== '' && (places.length > 0 || FIELDS.has(field)) ? [...places, field] : places
}

/** What is wrong, and where: in which action, field and column. */
export function faultWordsAt(t: Words, fault: Pick<Fault, 'code' | 'values'> & { path: string; column?: number }): string {
  const column = fault.column === undefined ? [] : [t('faultAt.column', { column: fault.column })]
  const where = [...placesOf(t, fault.path), ...column].join(t('faultAt.between'))
  const detail = faultWords(t, fault)
  return where === '' ? detail : t('faultAt.said', { where, detail })
}

/** Why a request failed; null where only the server has words for it. */
export function failureWords(t: Words, { code, parts }: ApiFailure): string | null {
  const told = parts.flatMap((part) => partWords(t, part) ?? [])
  if (told.length > 0 && told.length === parts.length) return told.join(t('faultAt.and'))
  const explained = EXPLAINED.find((known) => known === code)
  return explained === undefined ? null : t(`state.${explained}`)
}

function partWords(t: Words, { parameter, code, values = {}, column }: ProblemPart): string | null {
  return code === undefined ? null : faultWordsAt(t, { path: parameter, code, values, ...(column === undefined ? {} : { column }) })
}

/** The same of whatever was thrown, in the server's words where there are no others. */
export function errorWords(t: Words, error: unknown): string {
  if (error instanceof ApiError) return failureWords(t, error.failure) ?? error.failure.detail
  return error instanceof Error ? error.message : String(error)
}
