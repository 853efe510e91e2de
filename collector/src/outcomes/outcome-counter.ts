import type { OutcomeBatch, OutcomeKind, OutcomeReason } from '@skein/schemas/outcomes'
import type { Principal } from '../admit/admission.ts'
import type { OtlpSignal } from '../answers/export-response.ts'

export interface Outcome {
  principal: Principal
  signal: OtlpSignal
  kind: OutcomeKind
  reason: OutcomeReason
  requests: number
  records: number
  bytes: number
}

/** What was refused or cut, by minute, tenant, signal, key, kind and reason. */
export interface OutcomeCounter {
  count(outcome: Outcome): void
  /** Takes all counts out, by tenant. */
  take(): Map<string, OutcomeBatch>
  /** Puts back what could not be delivered. */
  restore(taken: Map<string, OutcomeBatch>): void
}

type Row = OutcomeBatch['outcomes'][number]

const MINUTE_MS = 60_000
/** Beyond this many different rows the key is left out, so that the reason and the tenant are still counted. */
const MAX_ROWS = 10_000

export function createOutcomeCounter(options: { clock: () => number }): OutcomeCounter {
  let rows = new Map<string, { tenant: string; row: Row }>()

  function add(tenant: string, more: Row): void {
    const row = rows.size >= MAX_ROWS ? { ...more, keyId: '' } : more
    const name = [tenant, row.minuteMs, row.signal, row.keyId, row.kind, row.reason].join('\n')
    const known = rows.get(name)?.row
    if (known === undefined) rows.set(name, { tenant, row: { ...row } })
    else {
      known.requests += row.requests
      known.records += row.records
      known.bytes += row.bytes
    }
  }

  return {
    count({ principal, ...rest }) {
      const minuteMs = Math.floor(options.clock() / MINUTE_MS) * MINUTE_MS
      add(principal.tenant, { minuteMs, keyId: principal.keyId, ...rest })
    },
    take() {
      const batches = new Map<string, OutcomeBatch>()
      for (const { tenant, row } of rows.values()) {
        const batch = batches.get(tenant)
        if (batch === undefined) batches.set(tenant, { outcomes: [row] })
        else batch.outcomes.push(row)
      }
      rows = new Map()
      return batches
    },
    restore(taken) {
      for (const [tenant, batch] of taken) for (const row of batch.outcomes) add(tenant, row)
    },
  }
}
