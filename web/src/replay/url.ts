import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'

/** What the replay keeps in the address: what is replayed, and where it stands. */
export const replayParsers = {
  scenario: parseAsString.withDefault(''),
  run: parseAsString.withDefault(''),
  /** key:value. */
  cohort: parseAsString.withDefault(''),
  session: parseAsString.withDefault(''),
  /** Counted from 1; 0 = before the first. */
  frame: parseAsInteger.withDefault(1),
  view: parseAsStringLiteral(['map', 'table']).withDefault('map'),
}

export interface Replayed {
  scenario: string
  run: string
  cohort: string
  session: string
}

/** The question that gives the frames; null when the address names nothing. */
export function replayPath({ scenario, run, cohort, session }: Replayed): { path: string; query: Record<string, string> } | null {
  if (session !== '') return { path: `/api/sessions/${encodeURIComponent(session)}/replay`, query: {} }
  if (scenario === '') return null
  const path = `/api/scenarios/${encodeURIComponent(scenario)}/replay`
  if (run !== '') return { path, query: { run } }
  return cohort === '' ? null : { path, query: { cohort } }
}
