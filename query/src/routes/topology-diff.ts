import { type TopologyDiffAnswer, topologyDiffAnswer, topologyDiffParameters, type BaseChoice } from '@skein/schemas/api/topology-diff'
import type { EdgeRow, Store } from '@skein/store/contract'
import type { TenantWindow } from '@skein/store/contract-terms'
import type { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { readChanges } from '../changes/change-events.ts'
import { causesOf, type Happened } from '../compare/causes.ts'
import { baseHealthNotes } from '../compare/base-health.ts'
import { coveredMinutes } from '../compare/coverage.ts'
import { onsetOf } from '../compare/onset.ts'
import { cutOf } from '../compare/within.ts'
import { type ChangedEdge, type DiffSide, diffTopology, type GraphDiff } from '../compare/topology-diff.ts'
import { invalidParameter } from '../problem-error.ts'
import { nameEdges } from '../topology/assemble.ts'
import { thresholdsOf } from '../topology/health.ts'
import { edgeInScope, type Scope } from '../topology/scope.ts'
import { parseWindow, seriesSteps, type Window, windowAnswerOf } from '../window.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const WEEK_MS = 7 * DAY_MS
/** Changes are looked for this long before the window, if the base is not nearer. */
const BEFORE_MS = DAY_MS
/** Edges whose ends are asked for new instances. */
const ASKED_EDGES = 50
/** Edges whose changes are looked for in time, and in how many steps of the window. */
const TIMED_EDGES = 20
const MAX_STEPS = 120
/** Share of a base with data that is as good as all of it. */
const ALMOST_WHOLE = 0.9

export function topologyDiffRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'What is different on the map between two windows, and what may have caused it',
    description:
      'Without a base: the same minutes last week, else the window right before; `base.choice` says which. Only differences beyond chance are claimed. Causes are candidates.',
    tags: ['topology'],
    querystring: topologyDiffParameters.strict(),
    response: { 200: topologyDiffAnswer },
  }
  app.get('/api/topology/diff', { schema }, async (request): Promise<TopologyDiffAnswer> => {
    const { baseStart, baseEnd, start, end, within, ...scope } = request.query
    const nowMs = deps.clock()
    const whole = parseWindow({ start, end }, nowMs)
    if (within !== undefined && baseStart !== undefined) throw invalidParameter('within', 'cannot be given with baseStart')
    const asked = askedBase({ baseStart, baseEnd }, nowMs)
    return deps.ask(request, async (tenant) => {
      const read = (of: Window, isBase: boolean) => readSide(deps.store, { tenant, ...of }, { nowMs, isBase })
      const cut = within === undefined ? null : await readCut(deps.store, { tenant, ...whole }, scope)
      const window = cut === null ? whole : { startMs: cut.atMs, endMs: whole.endMs }
      const readBaseOf = async (): Promise<Base> => {
        if (cut === null) return readBase((of) => read(of, true), window, asked)
        const earlier = { startMs: cut.sinceMs, endMs: cut.atMs }
        return { window: earlier, choice: 'within', side: await read(earlier, true) }
      }
      const [now, base] = await Promise.all([read(window, false), readBaseOf()])
      const diff = diffTopology(now, base.side, scope)
      const [earlier, happened, onsets] = await Promise.all([
        readEarlier(deps.store, { tenant, ...base.window }),
        readHappened(deps.store, { tenant, window, base: base.window }, diff),
        readOnsets(deps.store, { tenant, ...window }, diff.edges),
      ])
      return {
        window: windowAnswerOf(window),
        base: { ...windowAnswerOf(base.window), choice: base.choice },
        nodes: diff.nodes,
        edges: diff.edges.map((edge) => withCauses(edge, onsets.get(edge.id) ?? edge.onsetMs, happened.of)),
        compared: diff.compared,
        notes: [
          ...diff.notes,
          ...partialNotes(base),
          ...baseHealthNotes(base.side, earlier, { scope, thresholds: thresholdsOf(deps.config, tenant) }),
          ...happened.notes,
        ],
      }
    })
  })
}

/** Edges that are looked at for when things got worse, the busiest. */
const CUT_EDGES = 1000

async function readCut(store: Store, window: TenantWindow, scope: Scope): Promise<ReturnType<typeof cutOf>> {
  const [edges, services, addresses] = await Promise.all([store.topology.edges(window), store.services.services(window), store.services.addresses(window)])
  const inside = nameEdges({ edges, services, addresses }).filter((edge) => edgeInScope(edge, scope))
  const busiest = inside.toSorted((a, b) => b.calls - a.calls).slice(0, CUT_EDGES)
  const groups = busiest.map(({ storedIds }) => storedIds)
  return cutOf(window, await store.topology.edgeFrames(window, seriesSteps(window, MAX_STEPS).stepSeconds, groups), groups.length)
}

function askedBase({ baseStart, baseEnd }: Pick<z.infer<typeof topologyDiffParameters>, 'baseStart' | 'baseEnd'>, nowMs: number): Window | null {
  if (baseStart === undefined && baseEnd === undefined) return null
  if (baseStart === undefined) throw invalidParameter('baseStart', 'must be given with baseEnd')
  if (baseEnd === undefined) throw invalidParameter('baseEnd', 'must be given with baseStart')
  return parseWindow({ start: baseStart, end: baseEnd }, nowMs, { start: 'baseStart', end: 'baseEnd' })
}

async function readSide(store: Store, window: TenantWindow, options: { nowMs: number; isBase: boolean }): Promise<DiffSide> {
  const [edges, services, addresses, times] = await Promise.all([
    store.topology.edges(window),
    store.services.services(window),
    store.services.addresses(window),
    store.paths.times(window),
  ])
  return { edges, services, addresses, times, minutes: coveredMinutes(edges, window, options) }
}

interface Base {
  window: Window
  choice: BaseChoice
  side: DiffSide
}

async function readBase(readSideOf: (window: Window) => Promise<DiffSide>, now: Window, asked: Window | null): Promise<Base> {
  const read = async (choice: BaseChoice, window: Window): Promise<Base> => ({ window, choice, side: await readSideOf(window) })
  if (asked !== null) return read('asked', asked)
  const lastWeek = await read('lastWeek', moved(now, WEEK_MS))
  if (lastWeek.side.edges.length > 0 && isMostly(lastWeek)) return lastWeek
  const before = await read('before', moved(now, now.endMs - now.startMs))
  return lastWeek.side.edges.length > 0 && !isMostly(before) ? lastWeek : before
}

/** More than half of it has data. */
function isMostly({ side, window }: Base): boolean {
  return side.edges.length > 0 && side.minutes > (window.endMs - window.startMs) / MINUTE_MS / 2
}

function partialNotes({ side, window }: Base): TopologyDiffAnswer['notes'] {
  const whole = (window.endMs - window.startMs) / MINUTE_MS
  if (side.edges.length === 0 || side.minutes >= whole * ALMOST_WHOLE) return []
  const count = Math.round(side.minutes)
  return [{ code: 'partial_base', message: `The window to compare with has data of ${count} of its ${whole} minutes; its rates are of these`, count }]
}

/** What the base itself is seen beside: the same minutes a week before it, else a day before. */
async function readEarlier(store: Store, base: TenantWindow): Promise<readonly EdgeRow[]> {
  const lastWeek = await store.topology.edges({ ...base, ...moved(base, WEEK_MS) })
  return lastWeek.length > 0 ? lastWeek : store.topology.edges({ ...base, ...moved(base, DAY_MS) })
}

function moved({ startMs, endMs }: Window, byMs: number): Window {
  return { startMs: Math.max(0, startMs - byMs), endMs: Math.max(0, endMs - byMs) }
}

/** Changes between the base and the end of the window, a day before the window at most. */
async function readHappened(
  store: Store,
  { tenant, window, base }: { tenant: string; window: Window; base: Window },
  diff: GraphDiff,
): Promise<{ of: Happened; notes: TopologyDiffAnswer['notes'] }> {
  const around = { tenant, startMs: Math.max(0, window.startMs - BEFORE_MS, Math.min(base.startMs, window.startMs)), endMs: window.endMs }
  const services = diff.edges.slice(0, ASKED_EDGES).flatMap(({ source, target }) => [source, target].filter(({ kind }) => kind === 'service'))
  const names = [...new Set(services.map(({ name }) => name))]
  if (diff.edges.length === 0) return { of: { events: [], instances: [], nextTo: diff.nextTo, startMs: window.startMs }, notes: [] }
  const [changes, instances] = await Promise.all([readChanges(store, around, {}), store.events.instanceStarts({ tenant, ...window }, names)])
  return { of: { events: changes.events, instances, nextTo: diff.nextTo, startMs: window.startMs }, notes: changes.notes }
}

/** By edge id, when its largest change began inside the window. */
async function readOnsets(store: Store, window: TenantWindow, edges: readonly ChangedEdge[]): Promise<Map<string, number>> {
  const asked = edges.filter(({ change }) => change === 'changed').slice(0, TIMED_EDGES)
  if (asked.length === 0) return new Map()
  const frames = await store.topology.edgeFrames(
    window,
    seriesSteps(window, MAX_STEPS).stepSeconds,
    asked.map(({ storedIds }) => storedIds),
  )
  return new Map(
    asked.flatMap(({ id, effects: [largest] }, place) => {
      const onsetMs = largest === undefined ? null : onsetOf(frames, place, { measure: largest.measure, rose: largest.now > largest.base })
      return onsetMs === null ? [] : [[id, onsetMs] as const]
    }),
  )
}

/** When an edge began, ended or changed is known when that was inside the window. */
function withCauses(edge: ChangedEdge, onsetMs: number | null, happened: Happened): TopologyDiffAnswer['edges'][number] {
  const { id, source, target, kind, change, now, base, effects, score } = edge
  const inside = onsetMs !== null && onsetMs > happened.startMs + MINUTE_MS
  const causes = causesOf({ source, target, onsetMs: inside ? onsetMs : null }, happened)
  return { id, source, target, kind, change, now, base, effects, score, causes }
}
