import { z } from 'zod'
import { REDACTION_PRESETS } from './redaction.ts'
import { agentConfigSchema } from './agent-config.ts'

const MIB = 1024 * 1024
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)
const bytes = (fallback: number) => z.coerce.number().int().positive().default(fallback)
const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')])

/** `skein.yaml`. Every key has an environment name: `SKEIN_` + path in upper snake case, `__` between levels, unless `ENV_NAMES` gives a shorter one. */
const share = z.coerce.number().min(0).max(1)
const factor = z.coerce.number().min(1)
const count = z.coerce.number().int().positive()

const healthThresholds = z.strictObject({
  minCalls: count.default(20).describe('With fewer calls health is unknown'),
  degradedErrors: share.default(0.01).describe('Share of calls that fail'),
  badErrors: share.default(0.05),
  degradedLatency: factor.default(1.5).describe('p95 against the same minutes a week before'),
  badLatency: factor.default(3),
  lostMs: count.default(250).describe('p95 of the time lost between both sides of an edge, from which on it is degraded'),
})
const tenantThresholds = z.strictObject({
  tenant: z.string().min(1),
  minCalls: count.optional(),
  degradedErrors: share.optional(),
  badErrors: share.optional(),
  degradedLatency: factor.optional(),
  badLatency: factor.optional(),
  lostMs: count.optional(),
})
const redactionPresets = z.array(z.enum(REDACTION_PRESETS, `must be of ${REDACTION_PRESETS.join(', ')}`))
export type HealthThresholds = z.infer<typeof healthThresholds>

export const configSchema = z.strictObject({
  dataDir: z.string().min(1).default('./skein-data').describe('Everything this machine keeps: log, store, keys'),
  allowUnsafeDataDir: flag.default(false).describe('Accept a data directory in memory or on a network, where acknowledged data can be lost'),
  host: z.string().default('127.0.0.1').describe('Address all listeners bind'),
  ports: z
    .strictObject({
      otlpGrpc: port(4317).describe('OTLP over gRPC'),
      otlpHttp: port(4318).describe('OTLP over HTTP'),
      http: port(8080).describe('Web interface and API'),
      health: port(0).describe('Health of `skein ingest`; 0 is off'),
    })
    .prefault({}),
  keysFile: z.string().optional().describe('Ingest keys of a cluster, a YAML file that `skein keys create` writes; unset means the data directory'),
  publicUrl: z.url().optional().describe('How browsers reach this Skein, when not by loopback'),
  insecureHttp: flag.default(false).describe('Listen beyond loopback without TLS and without users'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  kafka: z
    .strictObject({
      brokers: z.array(z.string().min(1)).default([]).describe('host:port list; empty means the embedded log'),
      allowWeak: flag.default(false).describe('Accept one broker or replication factor 1: the promise is reduced'),
      replicationFactor: z.coerce.number().int().min(1).max(5).default(3),
      clientId: z.string().default('skein'),
    })
    .prefault({}),
  clickhouse: z
    .strictObject({
      url: z.url().optional().describe('ClickHouse over HTTP; unset means the embedded chDB'),
      database: z
        .string()
        .regex(/^[A-Za-z_]\w*$/)
        .default('skein'),
      username: z.string().default('default'),
      password: z.string().default(''),
    })
    .prefault({}),
  log: z
    .strictObject({
      partitions: z.coerce
        .number()
        .int()
        .min(1)
        .max(256)
        .optional()
        .describe('Of spans and of logs, at least: a log never gets fewer. Unset, 16 on Kafka and embedded 4 for each of `ingest.workers`'),
      quotaBytes: bytes(20 * 1024 * MIB).describe('The embedded log refuses beyond this'),
      reserveBytes: z.coerce
        .number()
        .int()
        .nonnegative()
        .default(1024 * MIB)
        .describe('Free disk below which intake refuses'),
    })
    .prefault({}),
  ingest: z
    .strictObject({
      workers: z.coerce.number().int().min(1).max(64).default(1),
      rangeRecords: bytes(131_072),
      rangeBytes: bytes(64 * MIB),
      rangeMs: z.coerce.number().int().min(10).max(60_000).default(1000).describe('Longest wait before a range is cut'),
      sumsMs: z.coerce
        .number()
        .int()
        .min(0)
        .max(60_000)
        .default(5000)
        .describe('Longest wait of sums that no page needs at once: instances, viewers, examples, notes and bottlenecks'),
      pairWindowMs: z.coerce.number().int().min(1000).default(300_000).describe('How long, in log time, a span waits for its partner in memory'),
      pairSpans: count
        .optional()
        .describe(
          'Spans held per partition for pairing, 190 bytes each; unset, 4 million divided by the partitions, at least one million. Partners of those before are looked up in the store',
        ),
      lookUps: count
        .optional()
        .describe(
          'Traces looked up in the store for partners that come late, per partition and second of log time; unset, 1024 divided by the partitions, at least 64',
        ),
      lookBackMs: z.coerce.number().int().min(60_000).default(21_600_000).describe('How far before a consumer its producer is looked for in the store'),
      prefetchBytes: bytes(128 * MIB),
      severityFromText: flag
        .default(true)
        .describe('Log lines sent without a severity have the level that they say: `2026-11-25 WARN …`, `level=error`, `"level":50`'),
      traceFromText: flag
        .default(true)
        .describe('Log lines sent without a trace belong to the one that they say: `"trace_id":"4bf9…"`, `traceparent`, `[trace-span]`'),
    })
    .prefault({}),
  store: z
    .strictObject({
      memoryBytes: bytes(4 * 1024 * MIB),
      readers: z.coerce.number().int().min(1).max(32).default(6),
      writers: z.coerce.number().int().min(1).max(8).default(2),
    })
    .prefault({}),
  retention: z
    .strictObject({
      spansDays: z.coerce.number().int().min(1).max(400).default(7),
      logsDays: z.coerce.number().int().min(1).max(400).default(7),
      rollupDays: z.coerce.number().int().min(1).max(400).default(90),
    })
    .prefault({}),
  health: z
    .strictObject({
      ...healthThresholds.shape,
      tenants: z.array(tenantThresholds).default([]).describe('Thresholds of tenants that have their own, each with `tenant` and what differs'),
    })
    .prefault({}),
  agent: agentConfigSchema.prefault({}),
  redact: z
    .strictObject({
      presets: redactionPresets.default([]).describe(`Masked before data is durable, of ${REDACTION_PRESETS.join(', ')}; none unless said`),
      tenants: z
        .array(z.strictObject({ tenant: z.string().min(1), presets: redactionPresets }))
        .default([])
        .describe('Tenants that have their own, each with `tenant` and `presets`'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      intake: z
        .strictObject({
          bodyBytes: bytes(20 * MIB),
          records: bytes(100_000),
          inflightBytes: bytes(64 * MIB),
          decodeBytes: bytes(64 * MIB),
          headerMs: bytes(10_000),
          bodyMs: bytes(30_000),
          ackMs: bytes(8000),
          connections: bytes(10_000),
          streams: bytes(100),
          recordBytes: bytes(512 * 1024),
          depth: bytes(16),
          depthHard: bytes(64),
          attributes: bytes(256),
          keyBytes: bytes(256),
          valueBytes: bytes(32 * 1024),
          logBodyBytes: bytes(256 * 1024).describe('Of a log record; a longer body is cut'),
          events: bytes(128),
          links: bytes(128),
          pastDays: bytes(7),
          futureMinutes: bytes(10),
        })
        .prefault({}),
      query: z
        .strictObject({
          perTenant: bytes(8),
          queued: bytes(64),
          uiSeconds: bytes(15),
          memoryBytes: bytes(1024 * MIB),
          rowsRead: bytes(2_000_000_000),
          resultRows: bytes(10_000),
          traceSpans: bytes(50_000).describe('Spans of one trace that are read; a longer trace shows its first, and says so'),
          traceBytes: bytes(96 * MIB).describe('Spans of one trace are answered until they take this; the answer says so'),
        })
        .prefault({}),
      ingest: z
        .strictObject({
          deadLetterBytes: bytes(1024 * MIB).describe('Dead letters kept; the oldest go first. On Kafka a partition of skein.dead'),
          deadLetterDays: bytes(7).describe('Log time for which dead letters are kept'),
        })
        .prefault({}),
      topology: z
        .strictObject({
          nodes: bytes(20_000).describe('The least busy beyond this fold into "other"'),
          edges: bytes(100_000).describe('The least busy beyond this fold into "other"'),
        })
        .prefault({}),
    })
    .prefault({}),
})
export type Config = z.infer<typeof configSchema>

/** Environment names that are shorter than their path. */
export const ENV_NAMES: Readonly<Record<string, string>> = {
  SKEIN_DATA_DIR: 'dataDir',
  SKEIN_HOST: 'host',
  SKEIN_OTLP_GRPC_PORT: 'ports.otlpGrpc',
  SKEIN_OTLP_HTTP_PORT: 'ports.otlpHttp',
  SKEIN_HTTP_PORT: 'ports.http',
  SKEIN_HEALTH_PORT: 'ports.health',
  SKEIN_KEYS_FILE: 'keysFile',
  SKEIN_PUBLIC_URL: 'publicUrl',
  SKEIN_INSECURE_HTTP: 'insecureHttp',
  SKEIN_LOG_LEVEL: 'logLevel',
  SKEIN_KAFKA_BROKERS: 'kafka.brokers',
  SKEIN_CLICKHOUSE_URL: 'clickhouse.url',
  SKEIN_AGENT_ENDPOINT: 'agent.endpoint',
  SKEIN_AGENT_KEY: 'agent.key',
  SKEIN_AGENT_DATA_DIR: 'agent.dataDir',
  SKEIN_AGENT_HOST_NAME: 'agent.hostName',
  SKEIN_AGENT_ENVIRONMENT: 'agent.environment',
  SKEIN_AGENT_CLUSTER: 'agent.cluster',
  SKEIN_AGENT_PATHS: 'agent.paths',
  SKEIN_AGENT_CONTAINERS: 'agent.containers',
  SKEIN_AGENT_JOURNALD: 'agent.journald.enabled',
  SKEIN_AGENT_HEALTH_PORT: 'agent.healthPort',
}
