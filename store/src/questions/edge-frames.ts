import { addHistograms, type Histogram, histogramQuantileNs, isEmptyHistogram, NO_HISTOGRAM } from '@skein/schemas/histogram'
import { createHash } from 'node:crypto'
import type { CachedQuestion, WindowCache } from '../cache/window-cache.ts'
import type { EdgeFrame, EdgeRow } from '../contract.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { sql } from '../sql/fragment.ts'
import { createIdIndex, numberOf } from '../sums/id-index.ts'
import { histogramAt, type Sums } from '../sums/sums.ts'
import { marksQuery, type PackedTable, ROWS_A_LOAD, readSums } from './packed-sums.ts'

/** The longest step that whole segments are made of. */
const SEGMENT_SECONDS = 300
const QUANTILE = 0.95

export const FRAME_EDGES: PackedTable = {
  table: 'edges',
  id: sql`edge_id`,
  shape: { counters: ['sum', 'sum'], histograms: 2 },
  counters: [sql`calls`, sql`errors`],
  histograms: [sql`client`, sql`server`],
}

export interface FrameDeps {
  engine: Engine
  cache: WindowCache
  edges: (window: TenantWindow) => Promise<readonly EdgeRow[]>
}

/** Frames of steps of up to five minutes are read and kept small; longer ones are put together from what the map keeps. */
export async function edgeFrames(
  deps: FrameDeps,
  window: TenantWindow,
  stepSeconds: number,
  groups: readonly (readonly string[])[],
): Promise<readonly EdgeFrame[]> {
  const stepMs = stepSeconds * 1000
  const aligned = { tenant: window.tenant, startMs: Math.floor(window.startMs / stepMs) * stepMs, endMs: Math.ceil(window.endMs / stepMs) * stepMs }
  if (SEGMENT_SECONDS % stepSeconds === 0) return deps.cache.ask(framesQuestion(deps.engine, stepSeconds, groups), aligned)
  const frames: EdgeFrame[] = []
  for (let startMs = aligned.startMs; startMs < aligned.endMs; startMs += stepMs) {
    const rows = await deps.edges({ tenant: window.tenant, startMs, endMs: startMs + stepMs })
    if (rows.length > 0) frames.push(frameOfRows(startMs, rows, groups))
  }
  return frames
}

function framesQuestion(
  engine: Engine,
  stepSeconds: number,
  groups: readonly (readonly string[])[],
): CachedQuestion<readonly EdgeFrame[], readonly EdgeFrame[]> {
  const bytes = (frames: readonly EdgeFrame[]): number => frames.length * (100 + groups.length * 3 * Float64Array.BYTES_PER_ELEMENT)
  const placeOf = placesOf(groups)
  return {
    name: `frames ${stepSeconds} ${hashOf(groups)}`,
    table: 'edges',
    rowsALoad: ROWS_A_LOAD,
    shortestSeconds: stepSeconds,
    marks: (window) => engine.ask(marksQuery(window, 'edges')),
    async load(tenant, segments) {
      const steps = segments.map(({ from, to }) => Array.from({ length: Math.ceil((to - from) / stepSeconds) }, (_, at) => from + at * stepSeconds))
      const wanted = steps.flat().map((from) => ({ from, to: from + stepSeconds }))
      const sums = await readSums(engine, FRAME_EDGES, { tenant, segments, wanted })
      const frames = new Map(wanted.map(({ from }, at) => [from, frameOfSums(from * 1000, sums[at]!, { placeOf, groups: groups.length })]))
      return steps.map((own) => own.map((from) => frames.get(from)!).filter(({ calls }) => calls.some((count) => count > 0)))
    },
    add: (parts) => parts.flat(),
    answer: async (_, frames = []) => frames.toSorted((a, b) => a.timeMs - b.timeMs),
    partBytes: bytes,
    answerBytes: bytes,
  }
}

/** Names the groups by what is in them. */
function hashOf(groups: readonly (readonly string[])[]): string {
  return createHash('sha256').update(JSON.stringify(groups)).digest('hex').slice(0, 32)
}

type PlaceOf = (low: number, high: number) => number

/** Id (low and high half) → its group; -1 of an edge in none. */
function placesOf(groups: readonly (readonly string[])[]): PlaceOf {
  const ids = groups.flat()
  const index = createIdIndex(ids.length)
  const owners = new Int32Array(ids.length)
  groups.forEach((group, at) => {
    for (const id of group) owners[numberOf(index, Number.parseInt(id.slice(8), 16) | 0, Number.parseInt(id.slice(0, 8), 16) | 0)] = at
  })
  const known = index.size
  return (low, high) => {
    const number = numberOf(index, low, high)
    return number < known ? owners[number]! : -1
  }
}

interface Grouped {
  placeOf: PlaceOf
  groups: number
}

function frameOfSums(timeMs: number, { ids, counters, histograms }: Sums, { placeOf, groups }: Grouped): EdgeFrame {
  const frame = emptyFrame(timeMs, groups)
  const durations: Histogram[] = Array.from({ length: groups }, () => NO_HISTOGRAM)
  for (let at = 0; at * 2 < ids.length; at++) {
    const place = placeOf(ids[at * 2]!, ids[at * 2 + 1]!)
    if (place < 0) continue
    addTo(frame, place, { calls: counters[0]![at]!, errors: counters[1]![at]! })
    durations[place] = addHistograms(durations[place]!, ofEither(histogramAt(histograms[0]!, at), histogramAt(histograms[1]!, at)))
  }
  return withQuantiles(frame, durations)
}

function frameOfRows(timeMs: number, rows: readonly EdgeRow[], groups: readonly (readonly string[])[]): EdgeFrame {
  const frame = emptyFrame(timeMs, groups.length)
  const durations: Histogram[] = groups.map(() => NO_HISTOGRAM)
  const places = new Map(groups.flatMap((group, at) => group.map((id) => [id, at] as const)))
  for (const row of rows) {
    const place = places.get(row.edgeId)
    if (place === undefined) continue
    addTo(frame, place, row)
    durations[place] = addHistograms(durations[place]!, ofEither(row.client, row.server))
  }
  return withQuantiles(frame, durations)
}

function emptyFrame(timeMs: number, groups: number): EdgeFrame {
  return { timeMs, calls: new Float64Array(groups), errors: new Float64Array(groups), p95Ns: new Float64Array(groups) }
}

function addTo(frame: EdgeFrame, place: number, { calls, errors }: { calls: number; errors: number }): void {
  frame.calls[place]! += calls
  frame.errors[place]! += errors
}

function ofEither(client: Histogram, server: Histogram): Histogram {
  return isEmptyHistogram(client) ? server : client
}

function withQuantiles(frame: EdgeFrame, durations: readonly Histogram[]): EdgeFrame {
  durations.forEach((histogram, place) => (frame.p95Ns[place] = histogramQuantileNs(histogram, QUANTILE) ?? Number.NaN))
  return frame
}
