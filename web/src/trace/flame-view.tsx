'use client'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { type FlameBlock, flameBlocks } from './flame-layout.ts'
import { FlameTable } from './flame-table.tsx'
import { type OperationNode, operationTree } from './operation-tree.ts'
import { READABLE } from './readable.ts'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-row.ts'
import type { TraceModel } from './trace-model.ts'
import type { Found } from './use-found.ts'
import { useWidth } from '../ui/use-width.ts'

const LEVEL_PX = 22
/** Narrower blocks cannot be seen or hit. */
const LEAST_PX = 1.5
const LABEL_PX = 40

export interface FlameViewProps {
  model: TraceModel
  rows: readonly SpanRow[]
  found: ReadonlySet<string> | null
  /** Opens the longest span of a node. */
  onSelect: (key: string) => void
}

/** The trace by operation instead of by span: what the work adds up to. A click narrows to a block, the table says the same. */
export function FlameView({ model, rows, found, onSelect }: FlameViewProps) {
  const t = useTranslations('trace.flame')
  const format = useFormat()
  const nodes = useMemo(() => operationTree(rows), [rows])
  const [focus, setFocus] = useState(-1)
  const [lit, setLit] = useState(-1)
  const sought = useMemo(() => (found === null ? null : soughtNodes(rows, nodes, found)), [rows, nodes, found])
  const shown = nodes[lit >= 0 ? lit : focus]
  const totalNs = useMemo(() => nodes.reduce((sum, node) => sum + node.selfNs, 0), [nodes])
  const open = (place: number) => {
    setFocus(place)
    const node = nodes[place]
    if (node !== undefined) onSelect(node.longest.key)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-9 flex-none items-center gap-2.5 border-b border-line px-3 py-1.5">
        <h2 className="text-12 whitespace-nowrap">{t('title')}</h2>
        <p className="truncate text-11 text-t2" aria-live="polite">
          {shown === undefined ? t('note') : <NodeText node={shown} totalNs={totalNs} />}
        </p>
        <span className="flex-1" />
        {focus >= 0 && (
          <Button small onClick={() => setFocus(-1)}>
            {t('whole', { time: nsText(totalNs, format) })}
          </Button>
        )}
      </div>
      <Blocks nodes={nodes} focus={focus} lit={lit} sought={sought} colors={model.colors} onLight={setLit} onOpen={open} />
      <FlameTable nodes={nodes} totalNs={totalNs} colors={model.colors} onOpen={open} />
    </div>
  )
}

function NodeText({ node, totalNs }: { node: OperationNode; totalNs: number }) {
  const t = useTranslations('trace.flame')
  const format = useFormat()
  return t('node', {
    span: `${node.service} ${node.name}`,
    count: node.count,
    total: nsText(node.subtreeNs, format),
    share: format.text(format.share(totalNs > 0 ? node.subtreeNs / totalNs : 0, 1)),
    self: nsText(node.selfNs, format),
  })
}

/** Places of the nodes that hold a span that is sought. */
function soughtNodes(rows: readonly SpanRow[], nodes: readonly OperationNode[], found: ReadonlySet<string>): ReadonlySet<string> {
  const wanted = new Set(rows.filter((row) => found.has(row.key)).map((row) => `${row.span?.service} ${row.span?.name}`))
  return new Set(nodes.filter((node) => wanted.has(`${node.service} ${node.name}`)).map((node) => node.key))
}

interface BlocksProps {
  nodes: readonly OperationNode[]
  focus: number
  lit: number
  colors: ReadonlyMap<string, string>
  sought: Found
  onLight: (place: number) => void
  onOpen: (place: number) => void
}

function Blocks({ nodes, focus, lit, sought, colors, onLight, onOpen }: BlocksProps) {
  const t = useTranslations('trace.flame')
  const box = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(box)
  const blocks = useMemo(() => flameBlocks(nodes, focus, LEAST_PX / Math.max(1, widthPx)), [nodes, focus, widthPx])
  const levels = blocks.reduce((most, block) => Math.max(most, block.level), 0) + 1
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveInFlame(blocks, nodes, lit >= 0 ? lit : focus, event.key)
    if (event.key === 'Enter' && lit >= 0) onOpen(lit)
    else if (next === null) return
    else onLight(next)
    event.preventDefault()
  }
  return (
    <div
      role="group"
      aria-label={t('picture', { count: nodes.length })}
      tabIndex={0}
      className="min-h-0 flex-[2] overflow-auto p-3 outline-offset-[-2px]"
      onKeyDown={onKeyDown}
      onPointerLeave={() => onLight(-1)}
    >
      <div ref={box} className="relative" style={{ height: levels * LEVEL_PX }}>
        {widthPx > 0 &&
          blocks.map((block) => (
            <Block
              key={block.place}
              block={block}
              node={nodes[block.place]}
              widthPx={widthPx}
              color={colors.get(nodes[block.place]?.service ?? '') ?? 'var(--unknown)'}
              faded={sought !== null && !sought.has(nodes[block.place]?.key ?? '')}
              lit={block.place === lit}
              onLight={onLight}
              onOpen={onOpen}
            />
          ))}
      </div>
    </div>
  )
}

interface BlockProps extends Pick<BlocksProps, 'onLight' | 'onOpen'> {
  block: FlameBlock
  node: OperationNode | undefined
  widthPx: number
  color: string
  faded: boolean
  lit: boolean
}

function Block({ block, node, widthPx, color, faded, lit, onLight, onOpen }: BlockProps) {
  const t = useTranslations('trace')
  if (node === undefined) return null
  const px = block.width * widthPx
  const text = node.service === '' && node.name === '' ? t('missing') : `${node.service} ${node.name}`
  const ground = faded ? `color-mix(in srgb, ${color} 25%, var(--surface))` : color
  return (
    <div
      aria-hidden="true"
      data-flame={text}
      onPointerEnter={() => onLight(block.place)}
      onClick={() => onOpen(block.place)}
      className={`absolute flex h-[21px] cursor-pointer items-center gap-1 overflow-hidden rounded-[2px] px-1 text-10 leading-[21px] font-semibold whitespace-nowrap ${lit ? 'outline-2 outline-offset-[-2px] outline-focus' : ''}`}
      style={{
        left: `${block.left * 100}%`,
        width: Math.max(1, px - 1),
        top: block.level * LEVEL_PX,
        paddingInline: px > LABEL_PX ? 4 : 0,
        ['--block' as string]: ground,
        background: 'var(--block)',
        color: READABLE,
      }}
    >
      {px > LABEL_PX && (
        <span className="truncate">
          {text}
          {node.count > 1 && ` ×${node.count}`}
        </span>
      )}
      {px > LABEL_PX && node.errors > 0 && <HealthMark health="bad" size={9} />}
    </div>
  )
}

/** Up to the parent, down to the first child, sideways among siblings. */
function moveInFlame(blocks: readonly FlameBlock[], nodes: readonly OperationNode[], from: number, key: string): number | null {
  if (!key.startsWith('Arrow')) return null
  const here = nodes[from]
  if (here === undefined) return blocks[0]?.place ?? null
  if (key === 'ArrowUp') return here.parent >= 0 ? here.parent : from
  if (key === 'ArrowDown') return blocks.find(({ place }) => nodes[place]?.parent === from)?.place ?? from
  const siblings = blocks.filter(({ place }) => nodes[place]?.parent === here.parent).map(({ place }) => place)
  const at = siblings.indexOf(from) + (key === 'ArrowRight' ? 1 : -1)
  return siblings[Math.min(siblings.length - 1, Math.max(0, at))] ?? from
}
