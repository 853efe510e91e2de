import { PROBE_EVENT } from '@skein/schemas/agent-probe'
import { type NetworkProbesAnswer, networkProbesAnswer, networkProbesParameters } from '@skein/schemas/api/network-probes'
import { LogAttribute } from '@skein/schemas/log'
import type { App, RouteDeps } from '../app-types.ts'
import { networkWays, type Ways } from '../logs/network-ways.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'

/** Records one question reads: an hour of 300 ways that are measured each minute. */
const MAX_PROBES = 20_000

export function networkProbesRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'The network between nodes, as their agents measured it',
    description: 'Ways between nodes, or between groups of nodes by a label such as the network plugin or the data centre.',
    tags: ['logs'],
    querystring: networkProbesParameters.strict(),
    response: { 200: networkProbesAnswer },
  }
  app.get('/api/network-probes', { schema }, async (request): Promise<NetworkProbesAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const by = request.query.by ?? 'node'
    const search = { field: LogAttribute.eventName, op: '=' as const, value: PROBE_EVENT }
    return deps.ask(request, async (tenant) => {
      const rows = await deps.store.logs.search({ tenant, ...window, search, order: 'desc', limit: MAX_PROBES + 1 })
      const found = networkWays(rows.slice(0, MAX_PROBES), by)
      return { window: windowAnswerOf(window), by, labels: found.labels, ways: found.ways, notes: notesOf(rows.length, found, by) }
    })
  })
}

function notesOf(probes: number, { unlabelled }: Ways, by: string): NetworkProbesAnswer['notes'] {
  if (probes === 0) return [{ code: 'no_probes', message: 'No agent measured the network in this window.', count: 0 }]
  return [
    ...(probes > MAX_PROBES
      ? [
          {
            code: 'truncated' as const,
            message: `Only the newest ${MAX_PROBES} probes of the window were looked at: ask for a shorter window.`,
            count: MAX_PROBES,
          },
        ]
      : []),
    ...(unlabelled > 0
      ? [{ code: 'without_label' as const, message: `${unlabelled} probes have no label ${by} at one of their ends.`, count: unlabelled, values: { by } }]
      : []),
  ]
}
