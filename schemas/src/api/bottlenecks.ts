import { z } from 'zod'
import { PATH_FINDINGS, PATH_PARTS } from '../path.ts'
import { EDGE_KINDS, NODE_KINDS } from '../topology.ts'
import { exemplar } from './topology.ts'
import { note, scopeParameters, timeParameter, windowAnswer } from './window.ts'

/** Which traces of an entry are looked at: the slowest half, tenth, twentieth, hundredth, or all. */
export const LATENCY_BANDS = ['p50', 'p90', 'p95', 'p99', 'all'] as const
export type LatencyBand = (typeof LATENCY_BANDS)[number]

/** What a band is compared with: the fastest half of the same window, the same band of another window, or of another release. */
export const BASELINES = ['fast', 'window', 'release'] as const
export type BaselineKind = (typeof BASELINES)[number]

export const bottlenecksParameters = scopeParameters.extend({
  service: z.string().optional().meta({ description: 'Service of the entry, the operation where traces start' }),
  operation: z.string().optional().meta({ description: 'Operation of the entry; without it the worst entry is answered for' }),
  through: z
    .string()
    .optional()
    .meta({ description: 'Name of a service, store, topic or peer: only entries that spend time at it, those that spend most there first' }),
  band: z.enum(LATENCY_BANDS).optional().meta({ description: 'Default p99: where do the slowest 1 % spend their time' }),
  baseline: z.enum(BASELINES).optional().meta({ description: 'Default fast; window needs baseStart and baseEnd, release needs baseVersion' }),
  baseStart: timeParameter.optional(),
  baseEnd: timeParameter.optional(),
  release: z.string().optional().meta({ description: 'Service whose releases are compared; default the service of the entry' }),
  version: z.string().optional().meta({ description: '`service.version` looked at; default all' }),
  baseVersion: z.string().optional().meta({ description: '`service.version` compared with' }),
  limit: z.coerce.number().int().min(1).max(200).optional().meta({ description: 'Contributors, entries, findings and shapes, each; default 50' }),
})

const pathNode = z.object({ id: z.string(), name: z.string(), kind: z.enum(NODE_KINDS) })
const percentiles = { p50Ms: z.number().nullable(), p95Ms: z.number().nullable(), p99Ms: z.number().nullable() }

/** An operation where traces start. `totalMs` is the time of all its traces together; entries are ranked by it. The first ten and the one answered for have percentiles. */
export const bottleneckEntry = z
  .object({
    service: z.string(),
    operation: z.string(),
    environment: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    traces: z.number(),
    errors: z.number(),
    ...percentiles,
    totalMs: z.number(),
  })
  .meta({ id: 'BottleneckEntry' })
export type BottleneckEntry = z.infer<typeof bottleneckEntry>

/** Traces of one stretch of the latency of the whole trace; `toMs` is null for no upper end. */
const latencyBand = z.object({ name: z.string(), fromMs: z.number(), toMs: z.number().nullable(), traces: z.number() })

export const bottleneckContributor = z
  .object({
    id: z.string().meta({ description: 'Stable for one entry, node, operation, edge and part' }),
    node: pathNode.meta({ description: 'Whose time it is; for network and clientWait the caller, for queueWait the topic' }),
    operation: z.string(),
    part: z.enum(PATH_PARTS),
    edge: z.object({ id: z.string(), kind: z.enum(EDGE_KINDS), source: pathNode, target: pathNode }).nullable(),
    traces: z.number().meta({ description: 'Traces of the band with this contributor on their path' }),
    share: z.number().meta({ description: 'Of the time of all traces of the band, 0 to 1' }),
    selfMs: z.number().meta({ description: 'Mean over all traces of the band' }),
    ...percentiles,
    baselineMs: z.number().nullable().meta({ description: 'Mean over all traces of the baseline' }),
    changeMs: z.number().nullable(),
    atP50Ms: z.number().meta({ description: 'Mean self time in traces about as long as the median: what faster by x % can gain there at most' }),
    atP95Ms: z.number(),
    atP99Ms: z.number(),
    errors: z.number(),
    retries: z.number(),
    exemplars: z.array(exemplar),
  })
  .meta({ id: 'BottleneckContributor' })
export type BottleneckContributor = z.infer<typeof bottleneckContributor>

export const bottleneckFinding = z
  .object({
    kind: z.enum(PATH_FINDINGS),
    node: pathNode,
    operation: z.string(),
    target: pathNode.nullable().meta({ description: 'Whom the calls go to' }),
    traces: z.number().meta({ description: 'Traces of the band in which it was found' }),
    share: z.number().meta({ description: 'Of the traces of the band, 0 to 1' }),
    count: z.number().meta({ description: 'Mean calls (retries, errors) a trace in which it was found' }),
    timeMs: z.number().meta({ description: 'Mean time on the path it takes in such a trace' }),
    savingMs: z.number().meta({ description: 'Upper bound of what such a trace gains without it' }),
    exemplars: z.array(exemplar),
  })
  .meta({ id: 'BottleneckFinding' })
export type BottleneckFinding = z.infer<typeof bottleneckFinding>

export const bottleneckShape = z
  .object({
    hash: z.string(),
    traces: z.number(),
    share: z.number(),
    meanMs: z.number(),
    path: z
      .array(z.object({ service: z.string(), operation: z.string() }))
      .meta({ description: 'Steps of the path, in the order in which they were first waited for' }),
    exemplars: z.array(exemplar),
  })
  .meta({ id: 'BottleneckShape' })
export type BottleneckShape = z.infer<typeof bottleneckShape>

export const bottlenecksAnswer = z
  .object({
    window: windowAnswer,
    entries: z.array(bottleneckEntry),
    /** Null when no entry was seen, or not the one asked for. */
    entry: bottleneckEntry.nullable(),
    band: latencyBand.extend({ name: z.enum(LATENCY_BANDS) }),
    /** Null when there is nothing to compare with. */
    baseline: z.object({ kind: z.enum(BASELINES), label: z.string(), traces: z.number(), meanMs: z.number().nullable() }).nullable(),
    contributors: z.array(bottleneckContributor),
    /** The matrix: p0-50, p50-90, p90-99, p99+, and mean self time by contributor id in each. */
    bands: z.array(latencyBand.extend({ meanMs: z.number(), selfMs: z.record(z.string(), z.number()) })),
    /** Traces by duration, whole trace, of the window and of a baseline that has traces of its own. */
    latency: z.array(z.object({ fromMs: z.number(), toMs: z.number(), traces: z.number(), baselineTraces: z.number().nullable() })),
    shapes: z.array(bottleneckShape),
    findings: z.array(bottleneckFinding),
    /** Releases seen on the path in the window, for the comparison. */
    versions: z.array(z.object({ service: z.string(), version: z.string(), traces: z.number() })),
    notes: z.array(note),
  })
  .meta({ id: 'Bottlenecks' })
export type BottlenecksAnswer = z.infer<typeof bottlenecksAnswer>
