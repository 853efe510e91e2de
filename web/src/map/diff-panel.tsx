'use client'
import type { EdgeDiff, TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import type { Answer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { Causes, ChangeTag, Effects } from './difference.tsx'

const SHOWN = 40

export interface DiffPanelProps {
  diff: Answer<TopologyDiffAnswer>
  onEdge: (id: string) => void
  onClose: () => void
}

/** What changed between two windows, the largest effect first, each with what may have caused it. */
export function DiffPanel({ diff, onEdge, onClose }: DiffPanelProps) {
  const t = useTranslations('map.diff')
  return (
    <SidePanel label={t('title')} title={<h2 className="text-14">{t('title')}</h2>} onClose={onClose}>
      <AnswerGate answer={diff}>{(answer) => <Differences answer={answer} onEdge={onEdge} />}</AnswerGate>
    </SidePanel>
  )
}

function Differences({ answer, onEdge }: { answer: TopologyDiffAnswer; onEdge: (id: string) => void }) {
  const t = useTranslations('map.diff')
  const format = useFormat()
  const { base, edges, compared } = answer
  return (
    <>
      <p className="px-3 pb-2 text-t2">
        {t(`choice.${base.choice}`)} {format.dateTime(Date.parse(base.start))} – {format.clock(Date.parse(base.end))}
      </p>
      {answer.notes.map((note) => (
        <p key={note.code} className="mx-3 mb-2 rounded-2 bg-degraded-bg px-2.5 py-1.5 text-t2">
          {t(`note.${note.code}`, { count: note.count })}
        </p>
      ))}
      {edges.length === 0 && compared > 0 && <p className="border-t border-line px-3 py-3 text-t2">{t('same', { compared })}</p>}
      {edges.length > 0 && (
        <ul>
          {edges.slice(0, SHOWN).map((edge) => (
            <Difference key={edge.id} edge={edge} onEdge={onEdge} />
          ))}
        </ul>
      )}
      {edges.length > SHOWN && <p className="border-t border-line px-3 py-2 text-t3">{t('more', { count: edges.length - SHOWN })}</p>}
    </>
  )
}

function Difference({ edge, onEdge }: { edge: EdgeDiff; onEdge: (id: string) => void }) {
  return (
    <li className="grid gap-1 border-t border-line px-3 py-2 hover:bg-hover">
      <span className="flex min-w-0 items-center gap-1.5">
        <button type="button" onClick={() => onEdge(edge.id)} className="min-w-0 truncate text-left font-semibold text-accent-text hover:underline">
          {edge.source.name} → {edge.target.name}
        </button>
        <span className="ml-auto flex-none">
          <ChangeTag edge={edge} />
        </span>
      </span>
      <Effects effects={edge.effects} />
      {edge.causes.length > 0 && <Causes causes={edge.causes.slice(0, 3)} />}
    </li>
  )
}
