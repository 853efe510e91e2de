'use client'
import { useLayoutEffect, useRef, useState } from 'react'
import { EvidenceChips } from '../ui/evidence-chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Tag } from '../ui/chip.tsx'
import { pointAt } from './geometry.ts'
import type { Scene } from './scene.ts'
import { SplitBars } from './split-bars.tsx'
import type { ViewportControl } from './use-viewport.ts'

const WIDTH_PX = 340
const GAP_PX = 18

/** What an edge says, beside its middle, while the pointer is on it. */
export function EdgeCallout({ scene, id, viewport }: { scene: Scene; id: string; viewport: ViewportControl }) {
  const item = scene.edges.find((edge) => edge.id === id)
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const { view, size } = viewport
  const middle = item === undefined ? { x: 0, y: 0 } : pointAt(item.curve, 0.5)
  const { k, x, y } = view()
  const at = { x: middle.x * k + x, y: middle.y * k + y }
  useLayoutEffect(() => {
    const height = box.current?.offsetHeight ?? 0
    const above = at.y > height + GAP_PX + 8 ? at.y - height - GAP_PX : at.y + GAP_PX
    setTop(Math.max(8, Math.min(size.height - height - 8, above)))
  }, [at.y, size.height])
  if (item === undefined) return null
  const left = Math.max(8, Math.min(size.width - WIDTH_PX - 48, at.x - WIDTH_PX / 2))
  const [source, target] = [item.source, item.target].map((end) => scene.nodes.find((node) => node.id === end)?.node.name ?? '')
  return (
    <div
      ref={box}
      aria-hidden="true"
      className="pointer-events-none absolute z-[var(--z-pop)] grid gap-1.5 rounded-3 border border-line-strong bg-raised px-3 py-2.5 shadow-[var(--shadow-2)]"
      style={{ left, top, width: WIDTH_PX }}
    >
      <div className="flex min-w-0 items-center gap-1.5">
        <HealthMark health={item.edge.health} />
        <b className="truncate text-13 font-semibold">
          {source} → {target}
        </b>
        <Tag>{item.edge.kind}</Tag>
      </div>
      <div className="flex flex-wrap gap-1">
        <EvidenceChips evidence={item.edge.evidence} />
      </div>
      <SplitBars edge={item.edge} />
    </div>
  )
}
