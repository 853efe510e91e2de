import type { DropReason } from '@skein/schemas/api/log-rules'
import type { LogRow } from './contract-logs.ts'
import type { TenantWindow } from './contract-terms.ts'

/** Which rows of `log_drops` are meant. */
export interface DropScope extends TenantWindow {
  rule?: string | undefined
  service?: string | undefined
  reason?: DropReason | undefined
}

export interface DropTotal {
  rule: string
  version: number
  reason: DropReason
  service: string
  lines: number
  bytes: number
}

export interface DropStep {
  timeMs: number
  reason: DropReason
  lines: number
  bytes: number
}

/** Questions on what rules on logs did not let through. Windows are of whole minutes. */
export interface LogRuleQuestions {
  /** By rule, version, reason and service, the most bytes first, at most `limit` of these; none for no lines. */
  drops(scope: DropScope, limit: number): Promise<DropTotal[]>
  /** By reason and step; steps are whole in Unix time, and those without drops are left out. */
  dropSeries(scope: DropScope, stepMs: number): Promise<DropStep[]>
  /** About one line in `oneIn` of a window, always the same ones, spread over all of it, oldest first; at most `limit`. The window is not rounded. */
  sample(window: TenantWindow, options: { oneIn: number; limit: number }): Promise<LogRow[]>
  /** Lines and bytes of bodies that were stored, by service; of one when it is named. */
  stored(scope: Pick<DropScope, 'service'> & TenantWindow): Promise<{ service: string; lines: number; bytes: number }[]>
}
