import { topologyAnswer, topologyParameters } from '@skein/schemas/api/topology'
import type { App, RouteDeps } from '../app-types.ts'
import { assembleTopology } from '../topology/assemble.ts'
import { thresholdsOf } from '../topology/health.ts'
import { DEFAULT_TENANT } from '../tenant.ts'
import { createKeptAnswers, type KeptAnswer, sameTopologyRows } from '../topology/kept-answers.ts'
import { createMapAhead, type MapAhead } from '../topology/map-ahead.ts'
import { createTopologyReader, type TopologyReader } from '../topology/read-topology.ts'
import { encodingFor, sendKept } from '../topology/send-kept.ts'
import type { TopologyRows } from '../topology/topology-rows.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'

const DEFAULT_DEPTH = 1
const FIVE_MINUTES_MS = 300_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Bodies of answers kept for maps that are open. */
const KEPT_BYTES = 32 * 1024 * 1024

export function topologyRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Who calls whom, how much, how well',
    description: 'With `service`, only what is within `depth` hops (1 unless given) of it. A filter keeps the neighbours of what it names.',
    tags: ['topology'],
    querystring: topologyParameters.strict(),
    response: { 200: topologyAnswer },
  }
  const readTopology = createTopologyReader(deps.store)
  const kept = createKeptAnswers(KEPT_BYTES, sameTopologyRows)
  const ahead = mapAheadOf(app, deps, readTopology)
  app.get('/api/topology', { schema }, async (request, reply) => {
    const window = parseWindow(request.query, deps.clock())
    const { tenant, rows } = await deps.ask(request, async (asker) => ({ tenant: asker, rows: await readTopology({ tenant: asker, ...window }) }))
    const view = {
      ...request.query,
      depth: request.query.depth ?? DEFAULT_DEPTH,
      limits: deps.config.limits.topology,
      thresholds: thresholdsOf(deps.config, tenant),
    }
    const key = JSON.stringify([tenant, window, view])
    const answerOf = (of: TopologyRows): KeptAnswer => kept.answerOf(key, of, () => ({ window: windowAnswerOf(window), ...assembleTopology(of, view) }))
    const answer = answerOf(rows)
    const encoding = encodingFor(request, answer)
    ahead?.asked(key, async () => {
      const next = answerOf(await readTopology({ tenant, ...window }))
      if (encoding !== null) await next.compressed(encoding)
    })
    return sendKept(request, reply, answer)
  })
}

/** Where the store knows by itself that nothing changed; else looking ahead would ask it all the time. */
function mapAheadOf(app: App, deps: RouteDeps, readTopology: TopologyReader): MapAhead | null {
  if (deps.mode !== 'embedded') return null
  const lastHour = () => readTopology({ tenant: DEFAULT_TENANT, ...parseWindow({}, deps.clock()) })
  const earlierHour = async (hoursBefore: number): Promise<void> => {
    const nowMs = deps.clock()
    const endMs = (Math.floor(nowMs / HOUR_MS) - hoursBefore) * HOUR_MS
    // A day begins within an hour, so of that it is five minutes that are kept.
    const dayMs = Math.floor((nowMs - DAY_MS) / FIVE_MINUTES_MS) * FIVE_MINUTES_MS
    const hour = { tenant: DEFAULT_TENANT, startMs: Math.max(endMs - HOUR_MS, dayMs), endMs }
    await deps.store.topology.readAhead(hour)
    await deps.store.services.readAhead(hour)
  }
  const ahead = createMapAhead({ lastHour, earlierHour, clock: deps.clock })
  app.addHook('onClose', async () => ahead.stop())
  return ahead
}
