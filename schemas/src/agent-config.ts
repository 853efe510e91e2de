import { z } from 'zod'
import { agentProbeSchema } from './agent-probe.ts'
import { readRegex } from './rules/regex.ts'

const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')])
const count = z.coerce.number().int().positive()
const names = z.record(z.string().min(1), z.string())

/** Ways to tell where an event of several lines begins. */
export const MULTILINE_PRESETS = ['none', 'java', 'node', 'python', 'go', 'timestamp'] as const
export type MultilinePreset = (typeof MULTILINE_PRESETS)[number]

const multiline = z
  .union([z.enum(MULTILINE_PRESETS), z.strictObject({ start: z.string().min(1) })], {
    error: `must be one of ${MULTILINE_PRESETS.join(', ')}, or { start: regular expression of a first line }`,
  })
  .superRefine((value, context) => {
    if (typeof value === 'string') return
    const read = readRegex(value.start)
    if (!read.ok) context.addIssue({ code: 'custom', path: ['start'], message: `column ${read.column}: ${read.message}` })
  })

/** Files that are read alike. */
export const agentFilesSchema = z.strictObject({
  include: z.array(z.string().min(1)).min(1).describe('Globs: *, **, ?, [a-z], {a,b}; relative ones start where the agent does'),
  exclude: z.array(z.string().min(1)).default([]),
  service: z.string().min(1).optional().describe('service.name; unset means the workload of a container, else the name of the file up to its first dot'),
  format: z.enum(['auto', 'text', 'cri', 'docker']).default('auto').describe('auto knows container logs by where they lie'),
  multiline: multiline.default('none'),
  multilineMs: count.default(1000).describe('How long the last event of a file waits for more lines'),
  startAt: z.enum(['end', 'beginning']).default('end').describe('Where to start in files that were there before the agent first looked for them'),
  attributes: names.default({}).describe('Resource attributes of these files'),
})
export type AgentFiles = z.infer<typeof agentFilesSchema>

/** What `skein agent` reads and where it sends it. */
export const agentConfigSchema = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base address of OTLP over HTTP; unset means Skein on this machine, at its own port'),
  key: z.string().optional().describe('Ingest key, when the collector wants one; empty is none'),
  dataDir: z
    .string()
    .min(1)
    .optional()
    .describe('Where positions, and metrics and results of probes that wait for the collector, are kept; unset means `agent` in the data directory'),
  hostName: z.string().min(1).optional().describe('host.name; unset means what the system says'),
  environment: z.string().min(1).optional().describe('deployment.environment.name'),
  cluster: z.string().min(1).optional().describe('k8s.cluster.name'),
  attributes: names.default({}).describe('Further resource attributes of all that is sent'),
  paths: z.array(z.string().min(1)).default([]).describe('Globs of log files that need nothing special'),
  files: z
    .array(agentFilesSchema)
    .default([])
    .describe('Log files with `include`, `exclude`, `service`, `format`, `multiline`, `multilineMs`, `startAt`, `attributes`'),
  containers: flag.default(false).describe('Read the logs of all containers of a Kubernetes node'),
  journald: z
    .strictObject({
      enabled: flag.default(false).describe("Follow the system's journal"),
      units: z.array(z.string().min(1)).default([]).describe('Only these units'),
    })
    .prefault({}),
  healthPort: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('/livez, /readyz and /metrics of the agent, on loopback, 4320 by custom; 0 is off'),
  compression: z.enum(['auto', 'gzip', 'zstd', 'none']).default('auto').describe('auto is zstd, or gzip where the collector does not take that'),
  requests: count.max(32).default(4).describe('Requests in flight; of one file there is one'),
  requestBytes: count
    .min(1024 * 1024)
    .default(2 * 1024 * 1024)
    .describe('Size of a request before compression'),
  lineBytes: count
    .min(1024)
    .max(256 * 1024)
    .default(256 * 1024)
    .describe('Longer lines are cut and marked'),
  probe: agentProbeSchema.prefault({}).describe('Measures the network between agents'),
  metrics: z
    .strictObject({
      enabled: flag.default(false).describe('Read CPU, memory, disks, file systems and network of the host and its containers, and send them as OTLP metrics'),
      seconds: count.min(5).max(3600).default(15).describe('How often they are read'),
      containers: flag.default(true).describe('Also of each container, from its cgroup, and the network of each pod'),
      root: z
        .string()
        .min(1)
        .default('/')
        .describe(
          'Where /proc and /sys of the host are; where it is mounted when the agent runs in a container (which then shares the process ids of the host)',
        ),
    })
    .prefault({}),
  bufferBytes: count
    .min(8 * 1024 * 1024)
    .default(512 * 1024 * 1024)
    .describe('Disk for metrics and results of probes that wait while the collector is away; when it is full the oldest go'),
  maxFiles: count.default(10_000).describe('Files followed at a time; further ones wait and are told of'),
})
export type AgentConfig = z.infer<typeof agentConfigSchema>
