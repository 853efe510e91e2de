import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchEndToEnd } from './end-to-end.ts'
import { benchLogs } from './logs.ts'
import { benchFreshness } from './freshness.ts'
import { benchMapApi } from './map-api.ts'
import { besidePeer } from './peer.ts'
import { type Figure, summarise, table } from './report.ts'
import { benchSteady } from './steady.ts'
import { benchTail } from './tail.ts'
import { benchTopologyTruth } from './topology-truth.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    spans: { type: 'string' },
    lines: { type: 'string', default: '500000' },
    only: { type: 'string' },
    peer: { type: 'string' },
  },
})
const runs = Number(values.runs)
const spans = Number(values.spans ?? 600_000)

const benches: Record<string, (run: number) => Promise<Figure[]>> = {
  'end-to-end': async (run) => {
    const options = { spans, connections: 4, seed: run + 1 }
    const figures = await benchEndToEnd(options)
    return values.peer === undefined ? figures : besidePeer(figures, values.peer, options)
  },
  logs: (run) => benchLogs({ lines: Number(values.lines), agents: 4, seed: run + 1 }),
  freshness: () => benchFreshness({ spansPerSecond: 2000, seconds: 15 }),
  steady: () => benchSteady({ spansPerSecond: 5000, seconds: 40 }),
  tail: () => benchTail({ linesPerSecond: 5000, seconds: 30 }),
  'map-api': () => benchMapApi(100),
  'topology-truth': (run) => benchTopologyTruth({ spans: Number(values.spans ?? 1_000_000), seed: run + 1 }),
}

const rows = []
for (const [name, bench] of Object.entries(benches)) {
  if (values.only !== undefined && values.only !== name) continue
  const results: Figure[][] = []
  for (let run = 0; run < runs; run++) {
    process.stderr.write(`${name}, run ${run + 1} of ${runs} …\n`)
    results.push(await bench(run))
  }
  rows.push(...summarise(results))
}

const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, memoryGib: Math.round(totalmem() / 2 ** 30), node: process.versions.node }
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const out = join(import.meta.dirname, '..', 'out')
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'bench.json'), `${JSON.stringify({ commit, machine, spans, rows }, null, 2)}\n`)
process.stdout.write(`commit ${commit}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, Node ${machine.node}\n\n${table(rows)}\n`)
