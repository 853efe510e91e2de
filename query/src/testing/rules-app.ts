import { type RuleView, ruleView } from '@skein/schemas/api/log-rules'
import type { RuleDefinition } from '@skein/schemas/log-rule'
import type { LogRow } from '@skein/store/contract-logs'
import type { FastifyInstance } from 'fastify'
import type { QueryDeps } from '../app-types.ts'
import { buildApp } from '../app.ts'
import { NOW_MS, storeIn, testDeps } from './test-app.ts'

export const RULES_PATH = '/api/logs/rules'
export const DROPS_CACHE: RuleDefinition = { name: 'noise', enabled: true, match: 'service:epg cache', actions: [{ type: 'drop' }] }

function rowOf(at: number, change: Partial<LogRow> = {}): LogRow {
  const timeNs = `${BigInt(NOW_MS - 60_000 + at) * 1_000_000n}`
  return {
    id: at.toString(16).padStart(32, '0'),
    timeNs,
    severity: 9,
    severityText: 'INFO',
    service: 'epg',
    scope: '',
    resource: '0'.repeat(16),
    traceId: '',
    spanId: '',
    pattern: '',
    body: `cache hit ${at}`,
    bodyKind: 0,
    attributes: [['n', at]],
    ...change,
  }
}

/** What is stored. */
export const ROWS: readonly LogRow[] = [
  rowOf(1),
  rowOf(2, { traceId: 'ab'.repeat(16) }),
  rowOf(3, { service: 'drm', body: 'licence' }),
  rowOf(4, { body: 'phone 13800138000' }),
]

/** The API over a store of a few lines, and rules in memory. */
export interface RulesApp {
  app: FastifyInstance
  /** How many lines the store says it has. */
  stored: { lines: number }
  send: (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => Promise<{ status: number; body: unknown }>
  created: (change?: Partial<RuleDefinition>, place?: object) => Promise<RuleView>
}

export async function rulesApp(overrides: Partial<QueryDeps> = {}): Promise<RulesApp> {
  const stored = { lines: ROWS.length }
  const store = storeIn('empty')
  const app = await buildApp(
    testDeps({
      store: {
        ...store,
        logs: { ...store.logs, count: async () => stored.lines, line: async (_tenant, id) => ROWS.find((row) => row.id === id) },
        logRules: {
          sample: async () => [...ROWS],
          drops: async ({ rule, reason }) =>
            [
              { rule: '010101010101', version: 1, reason: 'drop' as const, service: 'epg', lines: 5, bytes: 50 },
              { rule: 'gone', version: 2, reason: 'broken' as const, service: 'epg', lines: 2, bytes: 20 },
            ].filter((each) => (rule ?? each.rule) === each.rule && (reason ?? each.reason) === each.reason),
          dropSeries: async ({ endMs }) => [
            { timeMs: endMs - 60_000, reason: 'drop', lines: 5, bytes: 50 },
            { timeMs: endMs - 60_000, reason: 'broken', lines: 2, bytes: 20 },
          ],
          stored: async () => [{ service: 'epg', lines: 10, bytes: 100 }],
        },
      },
      ...overrides,
    }),
  )
  const send: RulesApp['send'] = async (method, path, body) => {
    const response = await app.inject({ method, url: path, headers: { host: '127.0.0.1' }, ...(body === undefined ? {} : { payload: body }) })
    return { status: response.statusCode, body: response.json<unknown>() }
  }
  return {
    app,
    stored,
    send,
    async created(change = {}, place = {}) {
      const { status, body } = await send('POST', RULES_PATH, { definition: { ...DROPS_CACHE, ...change }, ...place })
      if (status !== 201) throw new Error(`a rule was not made: ${JSON.stringify(body)}`)
      return ruleView.parse(body)
    },
  }
}
