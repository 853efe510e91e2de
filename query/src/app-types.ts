import type { PartitionLag } from '@skein/eventlog/contract'
import type { LogRules } from '@skein/metadata/log-rules'
import type { Scenarios } from '@skein/metadata/scenarios'
import type { Config } from '@skein/schemas/config'
import type { Store } from '@skein/store/contract'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OpenTails } from './open-tails.ts'

/** What the composition root gives query. Nothing here is owned by it: the store and the log are closed by who opened them. */
export interface QueryDeps {
  config: Config
  store: Store
  scenarios: Scenarios
  logRules: LogRules
  openTails: OpenTails
  /** How far ingest is behind the log, per partition. Rejects when the log cannot be asked. */
  lag: () => Promise<PartitionLag[]>
  /** Rejects with why not, when a role of this process other than the store cannot do its work. */
  probe: () => Promise<void>
  /** The built web interface (`web/out`); need not exist. */
  webDirectory: string
  /** Unix ms. */
  clock: () => number
  logger: FastifyBaseLogger
  version: string
  mode: 'embedded' | 'cluster'
  /** Where telemetry goes, as shown to people: URLs. */
  otlp: { http: string; grpc: string }
  /** More of the process's own numbers for /metrics, each a piece of Prometheus text. */
  metrics?: readonly (() => string)[]
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export interface RouteDeps extends QueryDeps {
  startedMs: number
  /** Runs a question of the request's tenant within its limits. */
  ask: <T>(request: FastifyRequest, question: (tenant: string) => Promise<T>) => Promise<T>
}
