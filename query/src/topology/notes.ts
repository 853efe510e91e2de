import type { Note } from '@skein/schemas/api/window'
import type { NodeKey, NoteCode } from '@skein/schemas/topology'

export interface StoredNote {
  code: NoteCode
  subject: string
  count: number
}

const MAX_SUBJECTS = 3

/** What comes before the count. */
const STORED_MESSAGES: Partial<Record<NoteCode, string>> = {
  no_parents: 'Spans that name no parent, though their service is called (is the trace context passed on?)',
  unnamed_peers: 'Calls that name no peer and so make no edge (set peer.service or server.address on client spans)',
  half_edges: 'Calls known from one side only, as the other side sent no span',
  late_corrections: 'Calls corrected after a partner span came late',
  skewed_hosts: 'Calls between clocks that disagree by more than 1 ms, their network time left out',
  sampled: 'Calls that are estimates from sampled traces',
  limit:
    'Spans whose partners may be missing: too many came late at once, too many were held (raise ingest.lookUps or ingest.pairSpans), or a trace is too long or linked to too often to be brought back whole',
  unnamed_service: 'Spans of services without a name (set OTEL_SERVICE_NAME)',
}

/** What ingest noted, added up per code, with the worst subjects named. */
export function storedNotes(rows: readonly StoredNote[]): Note[] {
  const byCode = new Map<NoteCode, StoredNote[]>()
  for (const row of rows) byCode.set(row.code, [...(byCode.get(row.code) ?? []), row])
  return [...byCode].flatMap(([code, noted]) => {
    const count = noted.reduce((sum, row) => sum + row.count, 0)
    const message = STORED_MESSAGES[code]
    if (message === undefined || count <= 0) return []
    const subjects = subjectsOf(noted)
    const said = subjects === '' ? '' : ` (${subjects})`
    return [{ code, message: `${message}: ${count}${said}`, count, ...(subjects === '' ? {} : { values: { subjects } }) }]
  })
}

function subjectsOf(noted: readonly StoredNote[]): string {
  const counts = new Map<string, number>()
  for (const { subject, count } of noted) if (subject !== '') counts.set(subject, (counts.get(subject) ?? 0) + count)
  const worst = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([subject]) => subject)
  if (worst.length === 0) return ''
  return `${worst.slice(0, MAX_SUBJECTS).join(', ')}${worst.length > MAX_SUBJECTS ? ', …' : ''}`
}

/** Of one code there is one note: what the graph says goes before what ingest noted. */
export function joinNotes(graph: readonly Note[], stored: readonly Note[]): Note[] {
  const joined = new Map(graph.map((note) => [note.code, note]))
  for (const note of stored) {
    joined.set(note.code, note)
  }
  return [...joined.values()]
}

export interface GraphSeen {
  /** Services of the window, before any filter. */
  services: readonly { service: string; calls: number }[]
  nodes: readonly NodeKey[]
  edges: readonly { source: NodeKey; target: NodeKey }[]
  folded: number
  filtered: boolean
}

/** What the finished graph itself says about emptiness and doubt. */
export function graphNotes(seen: GraphSeen): Note[] {
  return [emptyNote(seen), linkNote(seen), unnamedNote(seen), limitNote(seen)].filter((note) => note !== null)
}

function emptyNote(seen: GraphSeen): Note | null {
  if (seen.nodes.length > 0) return null
  if (seen.services.length === 0) return { code: 'no_spans', message: 'No spans in this window', count: 0 }
  const message = seen.filtered
    ? `Nothing in this window matches the filter; services outside it that sent spans: ${seen.services.length}`
    : 'Services sent spans in this window but none of them served a call'
  return { code: 'no_spans', message, count: 0 }
}

/** Only of the unfiltered graph: one service in a filter is no doubt. */
function linkNote(seen: GraphSeen): Note | null {
  const services = seen.nodes.filter((node) => node.kind === 'service')
  if (seen.filtered || services.length === 0) return null
  if (services.length === 1)
    return { code: 'one_service', message: `Only one service sent spans: ${services[0]?.name ?? ''}`, count: 1, values: { subjects: services[0]?.name ?? '' } }
  const linked = seen.edges.some(
    (edge) => edge.source.kind === 'service' && edge.target.kind !== 'database' && edge.target.kind !== 'cache' && edge.target.kind !== 'external',
  )
  if (linked) return null
  return {
    code: 'no_parents',
    message: `Services sent spans, but there is no call between them (is the trace context passed on?): ${services.length}`,
    count: services.length,
  }
}

function unnamedNote(seen: GraphSeen): Note | null {
  const unnamed = seen.nodes.filter((node) => node.kind === 'service' && (node.name === '' || node.name.startsWith('unknown_service')))
  if (unnamed.length === 0) return null
  return { code: 'unnamed_service', message: `Services without a name of their own (set OTEL_SERVICE_NAME): ${unnamed.length}`, count: unnamed.length }
}

function limitNote(seen: GraphSeen): Note | null {
  if (seen.folded === 0) return null
  return {
    code: 'folded',
    message: `The least busy nodes and edges are shown as "other" (narrow by environment, namespace or service to see them): ${seen.folded}`,
    count: seen.folded,
  }
}
