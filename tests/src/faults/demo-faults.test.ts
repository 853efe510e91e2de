import { startControl } from '@skein/demo/control-server'
import { type Demo, startDemo } from '@skein/demo/demo'
import { FAULTS, type Fault, type FaultId } from '@skein/demo/faults'
import { type InstancesAnswer, instancesAnswer } from '@skein/schemas/api/services'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { send } from '../harness/http.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'

type Edge = TopologyAnswer['edges'][number]

const PATIENCE_MS = 60_000

let skein: SkeinUp
let demo: Demo
let control: Awaited<ReturnType<typeof startControl>>
let before: Map<string, Edge>

beforeAll(async () => {
  skein = await startUp()
  const options = { otlpEndpoint: skein.otlpHttp, actionsPerSecond: 20, traffic: 'steady', realServers: true, environment: 'demo' } as const
  demo = await startDemo({ ...options, say: () => undefined, env: { PATH: process.env['PATH'] } })
  control = await startControl(demo, 0)
  before = await eventually(async () => {
    const edges = await edgesNow()
    expect(edges.size).toBe(25)
    return edges
  }, PATIENCE_MS)
  // All at once: each is to blame for its own, whatever else is wrong.
  await demo.set('release', true)
  for (const { id } of FAULTS) expect((await switched(id, true)).status).toBe(200)
})

afterAll(async () => {
  control.stop()
  await demo.stop()
  await skein.destroy()
})

function switched(id: string, on: unknown, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ on })
  return send(`${control.url}/faults/${id}`, { method: 'PUT', headers: { 'content-type': 'application/json', ...headers }, body })
}

async function edgesNow(): Promise<Map<string, Edge>> {
  const { nodes, edges } = await apiOf(skein.api).topology('?environment=demo')
  const names = new Map(nodes.map(({ id, name }) => [id, name]))
  return new Map(edges.map((edge) => [`${names.get(edge.source)} → ${names.get(edge.target)}`, edge]))
}

async function instancesOf(service: string): Promise<InstancesAnswer> {
  return instancesAnswer.parse(await (await fetch(`${skein.api}/api/services/${service}/instances`)).json())
}

function faultOf(id: FaultId): Fault {
  const fault = FAULTS.find((each) => each.id === id)
  if (fault === undefined) throw new Error(`there is no fault ${id}`)
  return fault
}

const nameOf = ({ blame: { edge } }: Fault): string => `${edge?.source} → ${edge?.target}`

/** Repeats an assertion on the edge that is to blame. */
function blamed(id: FaultId, assertion: (edge: Edge | undefined) => void): Promise<void> {
  return eventually(async () => assertion((await edgesNow()).get(nameOf(faultOf(id)))), PATIENCE_MS, 500)
}

describe('each fault of the demo shows where it is', () => {
  it('a connection per call: time is lost between the two', () =>
    blamed('connections', (edge) => {
      expect(edge?.network?.p99Ms).toBeGreaterThan(500)
      expect(edge?.server?.p99Ms).toBeLessThan(edge?.network?.p99Ms ?? 0)
    }))

  it('a slow database: on the edges to it, and no other database', async () => {
    await blamed('database', (edge) => expect(edge?.client?.p95Ms).toBeGreaterThan(350))
    for (const [name, { client }] of await edgesNow()) {
      if (name.includes('postgresql/') && !name.endsWith('postgresql/catalogue')) expect([name, (client?.p50Ms ?? 0) < 350]).toEqual([name, true])
    }
  })

  it('a failing partner: half of its calls are errors', () =>
    blamed('partner', (edge) => {
      expect(edge?.errors).toBeGreaterThan(3)
      expect(before.get(nameOf(faultOf('partner')))?.errors).toBe(0)
    }))

  it('a bad instance: it has the errors, and the other hardly any', async () => {
    const { blame } = faultOf('instance')
    await blamed('instance', (edge) => expect(edge?.errors).toBeGreaterThan(3))
    await eventually(async () => {
      const { instances } = await instancesOf(blame.node)
      const shares = instances.map(({ instance, calls, errors }) => ({ instance, share: errors / calls }))
      expect(shares.map(({ instance }) => instance).toSorted()).toEqual(['epg-1', 'epg-2'])
      for (const { instance, share } of shares) expect([instance, share > 0.2]).toEqual([instance, instance === blame.instance])
    }, PATIENCE_MS)
  })

  it('a release that adds a call: an edge that was not there, from instances of the new version', async () => {
    const { blame } = faultOf('release')
    expect(before.has(nameOf(faultOf('release')))).toBe(false)
    await blamed('release', (edge) => expect(edge?.evidence.paired).toBeGreaterThan(3))
    const versions = (await instancesOf(blame.node)).instances.map(({ version }) => version)
    expect(versions).toContain(blame.version)
  })

  it('a queue that backs up: messages wait longer and longer', () => blamed('queue', (edge) => expect(edge?.queueWait?.p95Ms).toBeGreaterThan(3000)))

  it.each([
    ['database', 'GET /epg', 'clientWait'],
    ['connections', 'POST /play/:title', 'network'],
  ] as const)('own time of the slowest on their critical paths is at the fault %s', (id, operation, part) =>
    eventually(async () => {
      const query = new URLSearchParams({ environment: 'demo', service: 'gateway', operation, band: 'p99' })
      const [worst] = (await apiOf(skein.api).bottlenecks(`?${query}`)).contributors
      const { edge } = faultOf(id).blame
      expect([worst?.part, worst?.node.name, worst?.edge?.target.name]).toEqual([part, edge?.source, edge?.target])
      expect(worst?.share).toBeGreaterThan(0.4)
    }, PATIENCE_MS),
  )

  it('switched off, nothing is on and the old version serves again', async () => {
    for (const { id } of FAULTS) await switched(id, false)
    const { faults } = JSON.parse((await send(`${control.url}/faults`, { method: 'GET' })).body) as { faults: { on: boolean }[] }
    expect(faults.map(({ on }) => on)).toEqual(FAULTS.map(() => false))
  })
})

describe('the switch takes no orders from strangers', () => {
  it('a page of another site, a name that is not loopback, a word it does not know', async () => {
    expect((await switched('queue', true, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await switched('queue', true, { host: 'evil.example' })).status).toBe(421)
    expect((await switched('queue', 'yes')).status).toBe(400)
    expect((await switched('everything', true)).status).toBe(404)
    expect(demo.isOn('queue')).toBe(false)
  })
})
