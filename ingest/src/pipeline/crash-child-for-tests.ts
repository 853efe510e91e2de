import { createEmbeddedLog } from '@skein/eventlog/embedded/log'
import { configSchema } from '@skein/schemas/config'
import { openChdbStore } from '@skein/store/chdb/store'
import { createIngest } from '../ingest.ts'

/** What the parent may ask: whether all is done, and what the store then holds. */
export interface JudgeQuestion {
  tenant: string
  startMs: number
  endMs: number
  traceIds: string[]
  /** So many paths are waited for, since sums are held for a while; fewer are answered after ten seconds. */
  paths: number
}

export interface Verdict {
  visible: number
  repeats: number
  dead: number
  /** `caller->callee` → paired calls. */
  edges: Record<string, number>
  /** Spans a trace. */
  traces: number[]
  /** Whole traces of which the critical path was counted. */
  paths: number
  /** Bodies of all log lines, and how many lines sums by minute count. */
  lines: string[]
  lineSums: number
}

const [directory = '', workers = '1'] = process.argv.slice(2)
const config = configSchema.parse({ ingest: { workers, rangeMs: 100, rangeRecords: 3000, sumsMs: 300 } })
const limits = { seconds: 30, memoryBytes: 1e9, rowsRead: 1e9, resultRows: 100_000, queued: 16 }
const log = await createEmbeddedLog({
  directory: `${directory}/log`,
  role: 'reader',
  partitions: () => 2,
  quotaBytes: 1e9,
  reserveBytes: 0,
  clock: () => Date.now(),
  report: () => undefined,
})
const store = await openChdbStore({
  directory: `${directory}/store`,
  memoryBytes: 1e9,
  retention: config.retention,
  limits,
  readers: 1,
  writers: 1,
  migrate: true,
})
const logger = { info: () => undefined, warn: () => undefined, error: (facts: object, message: string) => console.error(message, JSON.stringify(facts)) }
const ingest = createIngest({ config, log, store, clock: () => Date.now(), logger })
await ingest.start()
process.on('message', (question: JudgeQuestion) => void judge(question).then((verdict) => process.send?.(verdict)))
process.send?.('started')

async function judge(question: JudgeQuestion): Promise<Verdict> {
  for (;;) {
    const lags = await log.lag(['skein.traces', 'skein.logs'], 'skein.ingest')
    if (lags.every(({ lag }) => lag === 0)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const window = { tenant: question.tenant, startMs: question.startMs, endMs: question.endMs }
  const accepted = await store.intake.accepted(window)
  const sum = (field: 'visible' | 'repeats' | 'dead'): number => accepted.reduce((total, minute) => total + minute[field], 0)
  const edges: Record<string, number> = {}
  for (const edge of await store.topology.edges(window)) {
    const key = `${edge.source.name}->${edge.target.name}`
    if (edge.evidence.paired > 0 && edge.target.kind === 'service' && edge.source.kind === 'service') edges[key] = (edges[key] ?? 0) + edge.evidence.paired
  }
  const traces: number[] = []
  for (const traceId of question.traceIds) traces.push((await store.traces.spans(question.tenant, traceId, 10_000)).spans.length)
  const paths = await pathsOf(window, question.paths)
  const lines = (await store.logs.search({ ...window, search: null, order: 'asc', limit: 50_000 })).map(({ body }) => body)
  const lineSums = await store.logs.count(window)
  const verdict = { visible: sum('visible'), repeats: sum('repeats'), dead: sum('dead'), edges, traces, paths, lines, lineSums }
  await ingest.stop(5000)
  await log.close(1000)
  await store.close()
  return verdict
}

async function pathsOf(window: Parameters<typeof store.paths.entries>[0], wanted: number): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const paths = (await store.paths.entries(window)).reduce((total, entry) => total + entry.traces, 0)
    if (paths >= wanted || attempt === 100) return paths
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
