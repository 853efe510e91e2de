import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DemoLogs, defineDemoRules, followDemoLogs } from '@skein/cli/commands/demo-logs'
import { type Demo, startDemo } from '@skein/demo/demo'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'

interface Truth {
  nodes: string[]
  edges: { source: string; target: string; kind: string; evidence: string }[]
}

const truth = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'demo', 'src', 'topology.json'), 'utf8')) as Truth & {
  /** What is there besides when viewers come through a real Nginx: it sends no spans, and its access log draws its calls. */
  behindNginx: Truth
}

/** A consumer of a busy queue takes several messages at once: more links than calls, which count as none. */
function mainEvidence({ kind, evidence }: TopologyAnswer['edges'][number]): string {
  const counted = Object.entries(evidence).filter(([name]) => name !== 'link' || kind === 'link')
  return counted.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

function seen(map: TopologyAnswer): Truth {
  const names = new Map(map.nodes.map((node) => [node.id, node.name]))
  return {
    nodes: map.nodes.map((node) => `${node.kind} ${node.name}`),
    edges: map.edges.map((edge) => ({
      source: names.get(edge.source) ?? '',
      target: names.get(edge.target) ?? '',
      kind: edge.kind,
      evidence: mainEvidence(edge),
    })),
  }
}

const sorted = (edges: Truth['edges']): string[] => edges.map(({ source, target, kind, evidence }) => `${source} -${kind}-> ${target} (${evidence})`).sort()

/** Where the packages that .ci/run asks for put them. */
const SERVERS = [
  ['Redis', '/usr/bin/redis-server'],
  ['Nginx', '/usr/sbin/nginx'],
] as const

describe.each([
  ['with the servers of this machine', true],
  ['with stand-ins alone', false],
])('the demo %s', (_with, realServers) => {
  let skein: SkeinUp
  let demo: Demo
  let logs: DemoLogs
  const said: string[] = []

  beforeAll(async () => {
    skein = await startUp()
    const env = { PATH: process.env['PATH'] }
    const say = (line: string): void => void said.push(line)
    await defineDemoRules(skein.api, say)
    logs = await followDemoLogs(skein.dataDir, { endpoint: skein.otlpHttp, key: undefined })
    const traffic = { actionsPerSecond: 20, traffic: 'steady', environment: 'demo' } as const
    demo = await startDemo({ ...traffic, otlpEndpoint: skein.otlpHttp, realServers, logFolder: logs.folder, say, env })
  })
  afterAll(async () => {
    await demo.stop()
    await logs.stop()
    await skein.destroy()
  })

  it('says what is real and what is not', () => {
    const standIns = said.find((line) => line.includes('stand-ins: '))
    if (!realServers) expect(standIns).toContain('PostgreSQL, Redis, the queue, the payment partner')
    else {
      const real = said.find((line) => line.includes('real, from this machine'))
      for (const [name, path] of SERVERS) if (existsSync(path)) expect(real).toContain(name)
      for (const [name, path] of SERVERS) if (!existsSync(path)) console.warn(`NOT TESTED: the demo with a real ${name}; ${path} is missing`)
    }
  })

  it('draws its true map, edge for edge, with the evidence it has', async () => {
    const proxy = realServers && existsSync('/usr/sbin/nginx') ? truth.behindNginx : { nodes: [], edges: [] }
    await eventually(
      async () => {
        const map = seen(await apiOf(skein.api).topology('?environment=demo'))
        expect(sorted(map.edges)).toEqual(sorted([...truth.edges, ...proxy.edges]))
        expect(map.nodes.toSorted()).toEqual([...truth.nodes, ...proxy.nodes].toSorted())
      },
      40_000,
      500,
    )
  })

  it('an edge, of whatever kind, leads to a trace that has its call; one that only lines tell of, to none', async () => {
    if (!realServers) return
    const { topology, traces: find } = apiOf(skein.api)
    const { nodes, edges } = await topology('?environment=demo')
    const names = new Map(nodes.map(({ id, name }) => [id, name]))
    const ofEachKind = [...new Map(edges.map((edge) => [`${edge.kind} ${mainEvidence(edge)}`, edge])).values()]
    for (const { source, target, calls, evidence } of ofEachKind) {
      const ends = new URLSearchParams({ environment: 'demo', caller: names.get(source) ?? '', callee: names.get(target) ?? '', limit: '1' })
      // spans follow what they are counted in
      await eventually(async () => expect((await find(`?${ends}`)).traces, String(ends)).toHaveLength(evidence.log < calls ? 1 : 0), 20_000, 500)
    }
  })

  it('its log files are found within 3 s, each line in its trace, and nothing that a rule takes out', async () => {
    const { logs: find, trace } = apiOf(skein.api)
    const [line] = await eventually(async () => {
      const { lines } = await find('?q=service:playback%20started&limit=1')
      expect(Date.now() - Date.parse(lines[0]?.time ?? '')).toBeLessThan(3000)
      return lines
    }, 20_000)
    // spans are exported later than lines are written
    await eventually(async () => {
      const { spans } = await trace(line?.traceId ?? '')
      expect(spans.find(({ spanId }) => spanId === line?.spanId)).toMatchObject({ service: 'playback' })
    }, 20_000)
    const receipts = await eventually(async () => {
      const { lines } = await find('?q=service:payment%20receipt&limit=50')
      expect(lines.length).toBeGreaterThan(0)
      return lines
    }, 20_000)
    for (const { body } of receipts) expect(body).toMatch(/sent to \*+ for card \*+$/)
  })

  it('counts what viewers paid, and what Nginx took, from lines of their logs', async () => {
    const { logMetric } = apiOf(skein.api)
    const [paid] = (await logMetric('demo_receipts')).series
    expect(paid?.total).toMatchObject({ min: 4.99, max: 4.99 })
    if (!realServers || !existsSync('/usr/sbin/nginx')) return
    const took = await eventually(async () => {
      const { series } = await logMetric('nginx_response_time', '?by=http.response.status_code')
      expect(series.map(({ values }) => values[0])).toContain('200')
      return series
    }, 20_000)
    for (const { total } of took) expect(total.p95).toBeLessThanOrEqual(total.max ?? -1)
  })

  it('no database or cache refuses anything while nothing is switched on', async () => {
    const { edges } = await apiOf(skein.api).topology('?environment=demo')
    const behind = edges.filter(({ kind }) => kind === 'db' || kind === 'cache')
    expect(behind.length).toBeGreaterThan(8)
    expect(behind.filter(({ errors }) => errors > 0)).toEqual([])
  })

  it('every call has exactly one evidence, and none is left half when the traffic has ended', async () => {
    const map = await apiOf(skein.api).topology('?environment=demo')
    for (const edge of map.edges)
      expect(Object.values(edge.evidence).reduce((sum, count) => sum + count, 0) - (edge.kind === 'link' ? 0 : edge.evidence.link)).toBe(edge.calls)
  })
})
