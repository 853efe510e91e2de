import type { SeverityClass } from '@skein/schemas/severity'
import type { TenantWindow } from './contract-terms.ts'

/** A template as its newest row tells it. */
export interface StoredPattern {
  tenant: string
  service: string
  /** Its place among the templates of a service in a partition, in the order they were made. */
  number: number
  /** 16 hex digits. */
  pattern: string
  /** The line with `<*>` where lines differ: UTF-8 as far as the lines were. */
  template: Uint8Array
  firstSeenMs: number
  /** Unix day of the newest row. */
  day: number
}

/** Which lines of `log_minutes` are meant. */
export interface PatternScope extends TenantWindow {
  service?: string | undefined
  environment?: string | undefined
  cluster?: string | undefined
  namespace?: string | undefined
  severities?: readonly SeverityClass[] | undefined
}

export interface PatternTotal {
  service: string
  /** 16 hex digits; null for lines without a pattern. */
  pattern: string | null
  severity: SeverityClass
  lines: number
  bytes: number
}

export interface PatternTemplate {
  service: string
  pattern: string
  template: string
  firstSeenMs: number
}

/** Questions on the patterns of log lines. Windows are of whole minutes. */
export interface LogPatternQuestions {
  /** Lines by service, pattern and severity, the most first, at most `limit` of these; none for no lines. */
  totals(scope: PatternScope, limit: number): Promise<PatternTotal[]>
  /** Lines of some patterns by step; steps are whole in Unix time. */
  series(scope: PatternScope, patterns: readonly string[], stepMs: number): Promise<{ pattern: string; timeMs: number; lines: number }[]>
  /** Templates of some patterns; those of which nothing is known are left out. */
  templates(tenant: string, patterns: readonly string[]): Promise<PatternTemplate[]>
}
