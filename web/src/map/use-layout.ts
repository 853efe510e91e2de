'use client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Grouping, groupsOf } from './groups.ts'
import { createLayoutClient, createLocalPort, type LayoutClient, type LayoutPort } from './layout-client.ts'
import type { LayoutInput } from './layout/graph.ts'
import type { LayoutResult } from './layout/layout.ts'
import type { Topology } from './neighbourhood.ts'

/** What decides the layout: who is there and who calls whom. Rates count by decade only, so that a busier minute moves nothing. */
export function layoutInput({ nodes, edges }: Topology, by: Grouping = 'cluster'): LayoutInput {
  // layers are columns already: a box around each would say it twice
  const groups = groupsOf({ nodes, edges }, by === 'layer' ? 'none' : by)
  return {
    nodes: nodes.map((node) => ({ id: node.id, name: node.name, kind: node.kind, group: groups.get(node.id) ?? '' })),
    edges: edges.map(({ id, source, target, calls }) => ({ id, source, target, weight: 10 ** Math.round(Math.log10(1 + calls)) })),
  }
}

const structureOf = ({ nodes, edges }: LayoutInput): string =>
  [...nodes.map((node) => `${node.id} ${node.group}`), ...edges.map((edge) => edge.id)].sort().join(' ')

/** The layout of a topology, made off the main thread; null until the first is there. It is asked again only when nodes or edges come or go. */
export function useLayout(topology: Topology | undefined, by: Grouping = 'cluster'): { layout: LayoutResult | null; redraw: () => void } {
  const [layout, setLayout] = useState<LayoutResult | null>(null)
  const client = useRef<LayoutClient | null>(null)
  const previous = useRef<LayoutResult | null>(null)
  const input = useMemo(() => (topology === undefined ? null : layoutInput(topology, by)), [topology, by])
  const structure = input === null ? '' : structureOf(input)

  const latest = useRef(input)
  useEffect(() => {
    latest.current = input
  })
  useEffect(() => {
    const open = (port: LayoutPort) => {
      client.current = createLayoutClient(port, (result) => {
        previous.current = result
        setLayout(result)
      })
    }
    const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
    open(worker as unknown as LayoutPort)
    // where no worker may run, a slower page is better than none
    worker.addEventListener('error', () => {
      client.current?.close()
      open(createLocalPort())
      if (latest.current !== null) client.current?.ask(latest.current)
    })
    return () => client.current?.close()
  }, [])
  useEffect(() => {
    if (latest.current === null) return
    client.current?.ask(previous.current === null ? latest.current : { ...latest.current, previous: previous.current })
  }, [structure])

  const redraw = () => {
    previous.current = null
    if (latest.current !== null) client.current?.ask(latest.current)
  }
  return { layout, redraw }
}
