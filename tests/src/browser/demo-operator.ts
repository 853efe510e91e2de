import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Demo, startDemo } from '@skein/demo/demo'
import { apiOf } from '../harness/api.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'

export interface Truth {
  nodes: string[]
  edges: { source: string; target: string; kind: string; evidence: string }[]
}

export const truth = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'demo', 'src', 'topology.json'), 'utf8')) as Truth
export const SERVICES = truth.nodes.filter((node) => node.startsWith('service ')).map((node) => node.slice('service '.length))

export interface Operator {
  skein: SkeinUp
  demo: Demo
  stop(): Promise<void>
}

/** `skein up` and the demo beside it, resolved when the map is whole. */
export async function startOperator(): Promise<Operator> {
  const skein = await startUp()
  let demo: Demo | null = null
  const stop = async () => {
    await demo?.stop()
    await skein.destroy()
  }
  try {
    demo = await startDemo({
      otlpEndpoint: skein.otlpHttp,
      actionsPerSecond: 20,
      traffic: 'steady',
      realServers: false,
      environment: 'demo',
      say: () => undefined,
      env: { PATH: process.env['PATH'] },
    })
    await eventually(() => wholeMap(skein), 60_000, 500)
    return { skein, demo, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function wholeMap(skein: SkeinUp): Promise<void> {
  const { edges } = await apiOf(skein.api).topology()
  if (edges.length !== truth.edges.length) throw new Error(`the map has ${edges.length} of ${truth.edges.length} edges`)
}

/** Id of an edge by the names of its ends. */
export async function edgeId(skein: SkeinUp, source: string, target: string): Promise<string> {
  const { nodes, edges } = await apiOf(skein.api).topology()
  const name = new Map(nodes.map((node) => [node.id, node.name]))
  const found = edges.find((edge) => name.get(edge.source) === source && name.get(edge.target) === target)
  if (found === undefined) throw new Error(`no edge ${source} → ${target}`)
  return found.id
}
