import type { Note } from '@skein/schemas/api/window'
import { MAX_PATH_ENTRIES, MAX_PATH_ITEMS, MAX_PATH_RELEASES, type PathItemRow } from '@skein/store/contract-paths'

const MESSAGES: Record<string, { code: Note['code']; message: string }> = {
  no_root: {
    code: 'no_root',
    message: 'Traces left out, as their first span is neither a root nor serves anybody (is the start of the trace sent elsewhere, or sampled away?)',
  },
  late_corrections: { code: 'late_corrections', message: 'Traces worked out anew after late spans' },
  sampled: { code: 'sampled', message: 'Traces that stand for others, as they were sampled: numbers are estimates' },
  limit: { code: 'limit', message: 'Spans of traces too large, or too many at once, that are not in these numbers' },
}

/** What explains emptiness and doubt. */
export function pathNotes(noted: readonly { code: string; count: number }[], seen: { entries: number; inView: number; services: number }): Note[] {
  const known = noted.flatMap(({ code, count }) => {
    const text = MESSAGES[code]
    return text === undefined ? [] : [{ code: text.code, message: `${text.message}: ${count}`, count }]
  })
  return [...emptyNote(seen), ...known]
}

/** Where there were more names than are told apart: `entries` and `items` are those that the store told, `releases` those of the entry. */
export function foldedNotes(seen: { entries: number; items: readonly Pick<PathItemRow, 'what'>[]; releases: readonly (string | null)[] }): Note[] {
  const isCut = [...Map.groupBy(seen.items, ({ what }) => what).values()].some((rows) => rows.length >= MAX_PATH_ITEMS)
  const folded = [
    { is: seen.entries >= MAX_PATH_ENTRIES, count: MAX_PATH_ENTRIES, message: 'Entries beyond those whose traces took most are left out' },
    { is: isCut, count: MAX_PATH_ITEMS, message: 'Own time, findings or shapes beyond those that take most, by latency band, are left out' },
    { is: seen.releases.includes(null), count: MAX_PATH_RELEASES, message: 'Releases of the entry beyond those of most traces are told together' },
  ].filter(({ is }) => is)
  const [first] = folded
  if (first === undefined) return []
  return [{ code: 'folded', message: folded.map(({ message, count }) => `${message}: ${count}`).join('. '), count: first.count }]
}

function emptyNote({ entries, inView, services }: { entries: number; inView: number; services: number }): Note[] {
  if (inView > 0) return []
  if (entries > 0) return [{ code: 'no_spans', message: `No trace that starts in this window matches the filter; entries outside it: ${entries}`, count: 0 }]
  const message =
    services === 0 ? 'No spans in this window' : 'No trace that starts in this window is complete yet: one is counted five seconds after its last span'
  return [{ code: 'no_spans', message, count: 0 }]
}
