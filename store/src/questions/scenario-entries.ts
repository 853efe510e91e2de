import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { TenantWindow } from '../contract-terms.ts'
import { asNumber, asText, asTexts } from '../sql/column.ts'
import { sql, uint32, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Select } from '../sql/terms.ts'
import { attributeText } from './attribute-lookup.ts'

/** Entries of a session that are looked at, and different sequences told apart. */
const MAX_ENTRIES = 30
const MAX_SEQUENCES = 2000

/** Sequences of entries (`service` US `operation`; repeats in a row are one) and how many sessions lived each; of at most `sessions` sessions. */
export function entriesQuery(window: TenantWindow, sessions: number) {
  const traces: Select = {
    scope: window,
    from: 'spans',
    columns: {
      session: asText(sql`any(session)`),
      at_ns: asText(sql`min(at_ns)`),
      entry: asText(sql`argMin(entry, at_ns)`),
    },
    groupBy: sql`trace_id`,
  }
  const spans: Select = {
    scope: window,
    from: 'spans',
    columns: {
      trace_id: asText(sql`trace_id`),
      session: asText(attributeText('session.id')),
      at_ns: asText(sql`toUnixTimestamp64Nano(ts)`),
      entry: asText(sql`concat(service, '\\x1f', name)`),
    },
    where: [
      sql`bucket >= toDateTime(${uint32(Math.max(0, Math.floor(window.startMs / 1000) - 300))})`,
      sql`bucket < toDateTime(${uint32(Math.ceil(window.endMs / 1000))})`,
      sql`toUnixTimestamp64Nano(ts) >= ${uint64(`${window.startMs}000000`)}`,
      sql`toUnixTimestamp64Nano(ts) < ${uint64(`${window.endMs}000000`)}`,
      sql`kind IN (${uint32(SpanKindNumber.server)}, ${uint32(SpanKindNumber.consumer)})`,
    ],
  }
  const perTrace: Select = {
    ...traces,
    from: { scope: window, from: spans, columns: passed(['trace_id', 'session', 'at_ns', 'entry']), where: [sql`session != ''`] },
  }
  const perSession: Select = {
    scope: window,
    from: perTrace,
    columns: {
      session: asText(sql`session`),
      entries: asTexts(sql`arrayCompact(arrayMap(e -> e.2, arraySlice(arraySort(groupArray(200)((at_ns, entry))), 1, ${uint32(MAX_ENTRIES)})))`),
    },
    groupBy: sql`session`,
    orderBy: sql`cityHash64(session)`,
    limit: sessions,
  }
  return compile({
    scope: window,
    from: perSession,
    columns: { entries: asTexts(sql`entries`), sessions: asNumber(sql`count()`) },
    groupBy: sql`entries`,
    orderBy: sql`count() DESC, entries`,
    limit: MAX_SEQUENCES,
  })
}

function passed(names: readonly string[]): Select['columns'] {
  return Object.fromEntries(names.map((name) => [name, asText({ strings: [name], parts: [] })]))
}
