import { SEVERITY_CLASSES, type SeverityClass } from '@skein/schemas/severity'
import { parseAsString, parseAsStringLiteral } from 'nuqs'

export const PATTERN_VIEWS = ['all', 'new', 'new_in_release', 'surging'] as const
export const PATTERN_SORTS = ['lines', 'first_seen', 'growth'] as const

/** What the tab of patterns keeps in the address. */
export const patternsParsers = {
  only: parseAsStringLiteral(PATTERN_VIEWS).withDefault('all'),
  sort: parseAsStringLiteral(PATTERN_SORTS).withDefault('lines'),
  pservice: parseAsString.withDefault(''),
  ptext: parseAsString.withDefault(''),
  /** This class and worse, '' for all. */
  psev: parseAsStringLiteral(['', ...SEVERITY_CLASSES]).withDefault(''),
}

export interface PatternsState {
  only: (typeof PATTERN_VIEWS)[number]
  sort: (typeof PATTERN_SORTS)[number]
  pservice: string
  ptext: string
  psev: SeverityClass | ''
}
