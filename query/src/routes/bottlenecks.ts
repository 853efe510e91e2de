import { type BottlenecksAnswer, bottlenecksAnswer, bottlenecksParameters } from '@skein/schemas/api/bottlenecks'
import { addHistograms, NO_HISTOGRAM } from '@skein/schemas/histogram'
import type { Store } from '@skein/store/contract'
import type { PathTraces } from '@skein/store/contract-paths'
import { entryText, type PathEntry } from '@skein/store/path-text'
import type { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { assembleEntry, type EntryRows, entryOf, type EntrySums, entrySums } from '../bottlenecks/assemble.ts'
import { ALL_BANDS, bandCounts, type BandRange, slowestBands } from '../bottlenecks/bands.ts'
import { againstEntryRelease, againstFastHalf, againstServiceRelease, againstWindow, type Compared, versionsOf } from '../bottlenecks/baseline.ts'
import { foldedNotes, pathNotes } from '../bottlenecks/notes.ts'
import { entriesThrough } from '../bottlenecks/through.ts'
import { invalidParameter } from '../problem-error.ts'
import { createPeerNames } from '../topology/resolve.ts'
import { inScope } from '../topology/scope.ts'
import { parseWindow, type Window, windowAnswerOf } from '../window.ts'

type Parameters = z.infer<typeof bottlenecksParameters>
const DEFAULT_LIMIT = 50
/** Entries that come with percentiles: to add up the histograms of all of them costs more than the rest of the answer. */
const TIMED_ENTRIES = 10

export function bottlenecksRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Where the time of whole traces goes',
    description:
      'Own time on the critical path by who spent it, for the traces of one entry in a latency band, beside a baseline. Without `operation` the entry whose traces took most is answered for.',
    tags: ['bottlenecks'],
    querystring: bottlenecksParameters.strict(),
    response: { 200: bottlenecksAnswer },
  }
  app.get('/api/bottlenecks', { schema }, async (request): Promise<BottlenecksAnswer> => {
    const { query } = request
    const window = parseWindow(query, deps.clock())
    const base = baseWindowOf(query, deps.clock())
    return deps.ask(request, (tenant) => answer(deps.store, { tenant, window, base, query }))
  })
}

interface Asked {
  tenant: string
  window: Window
  base: Window | null
  query: Parameters
}

/** The window of a baseline, null for another kind of baseline. */
function baseWindowOf(query: Parameters, nowMs: number): Window | null {
  if (query.baseline === 'release' && query.baseVersion === undefined) throw invalidParameter('baseVersion', 'must name the release to compare with')
  if (query.baseline !== 'window') return null
  if (query.baseStart === undefined || query.baseEnd === undefined) throw invalidParameter('baseStart', 'and baseEnd must say which window to compare with')
  return parseWindow({ start: query.baseStart, end: query.baseEnd }, nowMs, { start: 'baseStart', end: 'baseEnd' })
}

async function answer(store: Store, asked: Asked): Promise<BottlenecksAnswer> {
  const { tenant, window, query } = asked
  const tenantWindow = { tenant, ...window }
  const [all, mentions, noted, services, addresses] = await Promise.all([
    store.paths.entries(tenantWindow),
    query.through === undefined ? [] : store.paths.mentions(tenantWindow, query.through),
    store.paths.notes(tenantWindow),
    store.services.services(tenantWindow),
    store.services.addresses(tenantWindow),
  ])
  const scoped = all.filter(({ entry }) => inScope(entry, query))
  const inView = query.through === undefined ? scoped : entriesThrough(scoped, mentions, query.through)
  const chosen = inView.find(({ entry }) => (query.service ?? entry.service) === entry.service && (query.operation ?? entry.operation) === entry.operation)
  const limit = query.limit ?? DEFAULT_LIMIT
  const notes = pathNotes(noted, { entries: all.length, inView: inView.length, services: services.length })
  const head = { window: windowAnswerOf(window) }
  if (chosen === undefined) {
    const folded = foldedNotes({ entries: all.length, items: [], releases: [] })
    return { ...head, entries: inView.slice(0, limit).map((row) => entryOf(row)), ...nothing(query), notes: [...notes, ...folded] }
  }
  const resolve = createPeerNames(services, addresses)
  const others = inView.slice(0, TIMED_ENTRIES).filter((row) => row !== chosen)
  const named = [query.version, query.baseVersion].filter((version) => version !== undefined)
  const traces = store.paths.traces(tenantWindow, [chosen.entry], named)
  const [byRelease, rest] = await Promise.all([
    // the chosen one's apart: they are waited for
    Promise.all([
      traces,
      store.paths.traces(
        tenantWindow,
        others.map((row) => row.entry),
      ),
    ]),
    answerEntry(store, asked, { entry: chosen.entry, traces, resolve, limit, entries: all.length }),
  ])
  const told = (row: (typeof inView)[number]) => entryOf(row, tracesOf(byRelease.flat(), row.entry).duration)
  return { ...head, entries: inView.slice(0, limit).map(told), entry: told(chosen), ...rest, notes: [...notes, ...rest.notes] }
}

function nothing(query: Parameters): Omit<BottlenecksAnswer, 'window' | 'entries' | 'notes'> {
  const band = { name: query.band ?? 'p99', fromMs: 0, toMs: null, traces: 0 } as const
  return { entry: null, band, baseline: null, contributors: [], bands: [], latency: [], shapes: [], findings: [], versions: [] }
}

type ByRelease = Awaited<ReturnType<Store['paths']['traces']>>

interface Chosen {
  entry: PathEntry
  /** Of this entry in the window, of all releases. */
  traces: Promise<ByRelease>
  resolve: ReturnType<typeof createPeerNames>
  limit: number
  /** How many the store told of. */
  entries: number
}

/** How long traces took tells which are slow, so who is slow is asked for while all own time is still being read. */
async function answerEntry(store: Store, asked: Asked, chosen: Chosen): Promise<Omit<BottlenecksAnswer, 'window' | 'entries' | 'entry'>> {
  const { query } = asked
  const { entry, resolve, limit } = chosen
  const window = { tenant: asked.tenant, ...asked.window }
  const release = isOfEntry(query, entry) ? query.version : undefined
  const band = query.band ?? 'p99'
  const slowest = chosen.traces.then(async (byRelease) => {
    const range = slowestBands(bandCounts(tracesOf(byRelease, entry, release).duration), band)
    return { byRelease, range, durations: await store.paths.partDurations(window, entry, { fromBand: range.from, toBand: ALL_BANDS.to, release }) }
  })
  const [items, { byRelease, range, durations }] = await Promise.all([store.paths.items(window, entry, release), slowest])
  const rows = { items, traces: tracesOf(byRelease, entry, release) }
  const sums = entrySums(rows)
  const comparison = await compare(store, asked, { entry, sums, rows, range, byRelease })
  const releases = byRelease.flatMap(({ release: version, traces }) => (version === null ? [] : [{ version, traces }]))
  return {
    ...assembleEntry(sums, { band, range, limit, resolve, durations, comparison }),
    versions: versionsOf(items, { service: entry.service, releases }),
    notes: foldedNotes({ entries: chosen.entries, items, releases: byRelease.map((row) => row.release) }),
  }
}

/** Of an entry, of one of its releases or all together. */
function tracesOf(byRelease: ByRelease, entry: PathEntry, release?: string): PathTraces {
  const sum = { traces: 0, timeNs: 0, duration: NO_HISTOGRAM }
  for (const row of byRelease) {
    if (!isSame(row.entry, entry) || row.release !== (release ?? row.release)) continue
    sum.traces += row.traces
    sum.timeNs += row.timeNs
    sum.duration = addHistograms(sum.duration, row.duration)
  }
  return sum
}

function isSame(a: PathEntry, b: PathEntry): boolean {
  return entryText(a) === entryText(b)
}

/** A release is one of the entry's own service unless another is named. */
function isOfEntry(query: Parameters, entry: PathEntry): boolean {
  return query.release === undefined || query.release === entry.service
}

interface Looked {
  entry: PathEntry
  sums: EntrySums
  rows: EntryRows
  range: BandRange
  byRelease: ByRelease
}

async function compare(store: Store, { tenant, window, base, query }: Asked, looked: Looked): Promise<Compared> {
  const { entry, sums, rows, range, byRelease } = looked
  const band = query.band ?? 'p99'
  if (base !== null) {
    const of = { tenant, ...base }
    const [traces, items] = await Promise.all([store.paths.traces(of, [entry]), store.paths.items(of, entry)])
    return againstWindow(entrySums({ items, traces: tracesOf(traces, entry) }), base, band)
  }
  const baseVersion = query.baseVersion
  if (query.baseline !== 'release' || baseVersion === undefined) return againstFastHalf(sums, range)
  if (isOfEntry(query, entry)) {
    const items = await store.paths.items({ tenant, ...window }, entry, baseVersion)
    return againstEntryRelease(entrySums({ items, traces: tracesOf(byRelease, entry, baseVersion) }), baseVersion, band)
  }
  const service = query.release ?? entry.service
  const current = query.version ?? newestOther(rows, service, baseVersion)
  return againstServiceRelease(rows.items, { current: { service, version: current }, base: { service, version: baseVersion } }, range)
}

/** The release of a service that most traces met, beside the one compared with. */
function newestOther(rows: EntryRows, service: string, baseVersion: string): string {
  const seen = versionsOf(rows.items, { service: '', releases: [] })
  return seen.find((each) => each.service === service && each.version !== baseVersion)?.version ?? ''
}
