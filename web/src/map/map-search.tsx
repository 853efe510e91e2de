'use client'
import type { TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { nodeLabel } from './edge-look.ts'
import { searchNodes } from './neighbourhood.ts'

/** Finds a node by name; Enter selects it. `/` comes here. */
export function MapSearch({ nodes, onFound }: { nodes: readonly TopologyNode[]; onFound: (id: string) => void }) {
  const t = useTranslations('map')
  const list = useId()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const found = searchNodes(nodes, text)
  const leave = () => {
    setText('')
    setActive(0)
    input.current?.blur()
  }
  const choose = (node: TopologyNode | undefined) => {
    if (node === undefined) return
    leave()
    onFound(node.id)
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setActive(Math.min(found.length - 1, active + 1)),
    ArrowUp: () => setActive(Math.max(0, active - 1)),
    Enter: () => choose(found[active]),
    Escape: leave,
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key]
    if (act === undefined) return
    act()
    event.preventDefault()
  }
  return (
    <div className="relative max-w-44 min-w-0 grow basis-28">
      <div className="flex h-7 items-center gap-[7px] rounded-2 border border-ctl bg-sunken px-2 text-t3 has-focus-visible:outline-2 has-focus-visible:outline-focus">
        <Icon name="search" size={13} />
        <input
          ref={input}
          data-page-search
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          {...(found.length > 0 ? { 'aria-activedescendant': `${list}-${active}` } : {})}
          aria-label={t('find')}
          placeholder={t('find')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-t1 outline-none placeholder:text-t3"
        />
        <kbd>/</kbd>
      </div>
      <FoundList id={list} nodes={nodes} found={found} active={active} onChoose={choose} />
    </div>
  )
}

interface FoundListProps {
  id: string
  nodes: readonly TopologyNode[]
  found: readonly TopologyNode[]
  active: number
  onChoose: (node: TopologyNode) => void
}

function FoundList({ id, nodes, found, active, onChoose }: FoundListProps) {
  const t = useTranslations('map')
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={t('find')}
      hidden={found.length === 0}
      className="absolute top-8 left-0 z-[var(--z-pop)] w-72 overflow-hidden rounded-2 border border-line-strong bg-raised py-1 shadow-[var(--shadow-2)]"
    >
      {found.map((node, index) => (
        <li
          key={node.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(node)
          }}
          className="flex h-7 cursor-pointer items-center gap-2 px-2.5 hover:bg-hover aria-selected:bg-selected"
        >
          <HealthMark health={node.health} size={10} />
          <span className="truncate">{nodeLabel(node, nodes)}</span>
          <span className="ml-auto text-t3">{t(`kind.${node.kind}`)}</span>
        </li>
      ))}
    </ul>
  )
}
