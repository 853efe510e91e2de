import { statusAnswer, type StatusAnswer } from '@skein/schemas/api/status'
import { StoreUnavailableError } from '@skein/store/errors'
import type { App, RouteDeps } from '../app-types.ts'
import { createHealth, messageOf, within } from '../health.ts'
import { isLoopback } from '../listen-address.ts'
import { rateOfLastMinute } from '../span-rate.ts'
import { isoTime } from '../window.ts'

const PROBE_MS = 2000
const MINUTE_MS = 60_000
const NAMES_MS = 30_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Answers 200 also when the store or the log is away: what is away is what it tells. */
export function statusRoute(app: App, deps: RouteDeps): void {
  const storeHealth = createHealth(deps.clock, PROBE_MS)
  const scopeNames = createScopeNames(deps)
  const schema = { summary: 'The platform about itself', tags: ['platform'], response: { 200: statusAnswer } }
  app.get('/api/status', { schema }, async (request): Promise<StatusAnswer> => {
    const nowMs = deps.clock()
    const [store, log] = await Promise.all([storeHealth(() => deps.store.probe()), logStatus(deps)])
    const data = store.ok ? await deps.ask(request, (tenant) => dataStatus({ ...deps, scopeNames }, tenant, nowMs)).catch(noDataWhenAway) : null
    return {
      version: deps.version,
      mode: deps.mode,
      startedAt: isoTime(deps.startedMs),
      now: isoTime(nowMs),
      otlp: deps.otlp,
      store,
      log,
      ...(data ?? (await deps.ask(request, async (tenant) => ({ ...NO_DATA, tenant })))),
      warnings: warningsOf(deps),
    }
  })
}

type DataStatus = Pick<
  StatusAnswer,
  'tenant' | 'newestData' | 'behindMs' | 'spansPerSecond' | 'droppedLastHour' | 'refusedLastHour' | 'environments' | 'clusters'
>

const NO_DATA: Omit<DataStatus, 'tenant'> = {
  newestData: null,
  behindMs: null,
  spansPerSecond: 0,
  droppedLastHour: 0,
  refusedLastHour: 0,
  environments: [],
  clusters: [],
}

function noDataWhenAway(error: unknown): null {
  if (error instanceof StoreUnavailableError) return null
  throw error
}

async function dataStatus(deps: RouteDeps & { scopeNames: (tenant: string) => Promise<ScopeNames> }, tenant: string, nowMs: number): Promise<DataStatus> {
  const thisMinuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  const lastHour = { tenant, startMs: thisMinuteMs - HOUR_MS, endMs: thisMinuteMs + MINUTE_MS }
  const [newest, accepted, outcomes, names] = await Promise.all([
    deps.store.intake.newest(tenant),
    deps.store.intake.accepted({ tenant, startMs: thisMinuteMs - MINUTE_MS, endMs: thisMinuteMs + MINUTE_MS }),
    deps.store.intake.outcomes(lastHour),
    deps.scopeNames(tenant),
  ])
  const recordsOf = (kinds: readonly string[]) => outcomes.filter((outcome) => kinds.includes(outcome.kind)).reduce((sum, outcome) => sum + outcome.records, 0)
  return {
    tenant,
    newestData: newest === null ? null : isoTime(newest.newestSpanMs),
    behindMs: newest === null ? null : Math.max(0, nowMs - newest.receivedMs),
    spansPerSecond: rateOfLastMinute(
      accepted.filter(({ signal }) => signal === 'traces'),
      nowMs,
    ),
    droppedLastHour: recordsOf(['dead']),
    refusedLastHour: recordsOf(['refused']),
    ...names,
  }
}

type ScopeNames = Pick<StatusAnswer, 'environments' | 'clusters'>

/** Names of a day, asked for again every half minute: every open page asks for them every few seconds. None yet are asked for each time. */
function createScopeNames({ store, clock }: RouteDeps): (tenant: string) => Promise<ScopeNames> {
  const known = new Map<string, { names: ScopeNames; untilMs: number }>()
  return async (tenant) => {
    const nowMs = clock()
    const remembered = known.get(tenant)
    if (remembered !== undefined && remembered.untilMs > nowMs) return remembered.names
    const startMs = Math.floor((nowMs - DAY_MS) / MINUTE_MS) * MINUTE_MS
    const services = await store.services.services({ tenant, startMs, endMs: startMs + DAY_MS + MINUTE_MS })
    const names = { environments: distinct(services.map((service) => service.environment)), clusters: distinct(services.map((service) => service.cluster)) }
    if (services.length > 0) known.set(tenant, { names, untilMs: nowMs + NAMES_MS })
    return names
  }
}

/** Names in use; a missing attribute is no name. */
function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== '').sort()
}

async function logStatus(deps: RouteDeps): Promise<StatusAnswer['log']> {
  try {
    const partitions = await within(deps.lag(), PROBE_MS)
    return { ok: true, error: null, lagRecords: partitions.reduce((sum, partition) => sum + partition.lag, 0) }
  } catch (error) {
    return { ok: false, error: messageOf(error), lagRecords: null }
  }
}

function warningsOf({ config, mode }: RouteDeps): StatusAnswer['warnings'] {
  const warnings: StatusAnswer['warnings'] = []
  if (config.insecureHttp && !isLoopback(config.host)) {
    warnings.push({ code: 'insecure_http', message: 'This address has no users and no TLS: whoever reaches it reads everything.' })
  }
  if (mode === 'cluster' && config.kafka.allowWeak) {
    warnings.push({ code: 'promise_reduced', message: 'kafka.allowWeak is set: losing one broker may lose acknowledged data.' })
  }
  return warnings
}
