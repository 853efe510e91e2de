import { z } from 'zod'

/** Name of a label. */
export const PROBE_LABEL = /^[a-z][a-z0-9_]{0,31}$/
const MAX_LABELS = 16
const count = z.coerce.number().int().positive()
/** What ends of a way are grouped by: `network` → `calico`. */
export const probeLabelsSchema = z
  .record(z.string().regex(PROBE_LABEL, 'must be a small letter, then at most 31 small letters, digits and _'), z.string().min(1).max(128))
  .refine((labels) => !Object.hasOwn(labels, 'node'), 'must not have node, which is what ways are put together by without a label')
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must be at most ${MAX_LABELS}`)

/** What a probe can measure of the way to a peer. */
export const PROBE_MEASURES = ['connect', 'http', 'requests', 'bandwidth'] as const
export type ProbeMeasure = (typeof PROBE_MEASURES)[number]

const peer = z.strictObject({
  address: z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/, 'must be host:port')
    .describe('host:port of the peer server of another agent'),
  labels: probeLabelsSchema.default({}).describe('Labels of this way; they go before those of both ends'),
})
export type ProbePeer = z.infer<typeof peer>

/** Measuring the network between agents. */
export const agentProbeSchema = z.strictObject({
  name: z.string().min(1).max(128).optional().describe('Name of this node in the table of networks; unset means host.name'),
  labels: probeLabelsSchema.default({}).describe('What nodes are grouped by, such as { network: calico, zone: bj-1 }'),
  host: z.string().min(1).default('127.0.0.1').describe('Where the peer server listens; give the address of the network that peers reach this node by'),
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('Port of the peer server, 4319 by custom; 0 is off: this node measures but is not measured'),
  key: z.string().min(1).max(256).optional().describe('Peers must send the same key; unset lets anyone who reaches the port measure'),
  peers: z
    .array(peer)
    .max(256)
    .refine((peers) => new Set(peers.map(({ address }) => address)).size === peers.length, 'must name each address once')
    .default([])
    .describe('Agents to measure, with `address` and `labels`'),
  measure: z
    .array(z.enum(PROBE_MEASURES))
    .default([...PROBE_MEASURES])
    .describe(`Any of ${PROBE_MEASURES.join(', ')}`),
  seconds: count.min(5).max(86_400).default(60).describe('A round over all peers begins this often'),
  bandwidthSeconds: count.min(5).max(86_400).default(600).describe('Bandwidth and requests per second, which load the network, are measured this often'),
  transferBytes: count
    .min(64 * 1024)
    .max(256 * 1024 * 1024)
    .default(8 * 1024 * 1024)
    .describe('Sent each way to measure bandwidth, at most; also the most that the peer server sends or takes at a time'),
  limitMs: count.min(100).max(30_000).default(3000).describe('Longest time of one measurement of one peer'),
})
export type AgentProbeConfig = z.infer<typeof agentProbeSchema>

/** Name of the log record that tells what a probe found. */
export const PROBE_EVENT = 'skein.probe'

/** Attributes of a `PROBE_EVENT`. A measure that was not taken, or failed, is not there. */
export const ProbeAttribute = {
  from: 'skein.probe.from',
  to: 'skein.probe.to',
  address: 'skein.probe.address',
  connectMs: 'skein.probe.connect_ms',
  httpP50Ms: 'skein.probe.http_p50_ms',
  httpP95Ms: 'skein.probe.http_p95_ms',
  requestsPerSecond: 'skein.probe.requests_per_second',
  downBytesPerSecond: 'skein.probe.down_bytes_per_second',
  upBytesPerSecond: 'skein.probe.up_bytes_per_second',
  /** How many of the measures failed, and why the first did. */
  errors: 'skein.probe.errors',
  error: 'skein.probe.error',
} as const

/** With the name of a label behind it: attributes that hold labels of the two ends. */
export const PROBE_FROM_LABEL = 'skein.probe.from.'
export const PROBE_TO_LABEL = 'skein.probe.to.'
