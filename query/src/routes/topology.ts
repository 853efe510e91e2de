import { topologyAnswer, topologyParameters } from '@skein/schemas/api/topology'
import type { App, RouteDeps } from '../app-types.ts'
import { assembleTopology } from '../topology/assemble.ts'
import { thresholdsOf } from '../topology/health.ts'
import { createKeptAnswers, sameTopologyRows } from '../topology/kept-answers.ts'
import { createTopologyReader } from '../topology/read-topology.ts'
import { sendKept } from '../topology/send-kept.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'

const DEFAULT_DEPTH = 1
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
    const answer = kept.answerOf(key, rows, () => ({ window: windowAnswerOf(window), ...assembleTopology(rows, view) }))
    return sendKept(request, reply, answer)
  })
}
