'use client'
import type { DropsAnswer, RulesAnswer, RuleView } from '@skein/schemas/api/log-rules'
import type { PipelineDefinition } from '@skein/schemas/log-rule'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Tag } from '../../ui/chip.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { PipelineHead } from './pipeline-head.tsx'
import { pipelineName } from './pipeline-name.ts'
import { Move } from './move.tsx'
import { moved } from './moved.ts'

type Pipeline = RulesAnswer['pipelines'][number]

export interface RuleListProps {
  answer: RulesAnswer
  /** What the rules dropped in the window; undefined while it is not known. */
  drops: DropsAnswer | undefined
  selected: string
  onSelect: (id: string) => void
  onOrder: (pipelines: PipelineDefinition[]) => void
  onToggle: (rule: RuleView) => void
}

/** Pipelines and their rules in the order they apply; each can be moved, and switched on and off. */
export function RuleList({ answer, drops, selected, onSelect, onOrder, onToggle }: RuleListProps) {
  const t = useTranslations('logs.rules')
  const { pipelines } = answer
  const order = pipelines.map(orderOf)
  return (
    <>
      {pipelines.map((pipeline, at) => (
        <section key={pipeline.id} aria-label={pipelineName(pipeline, t('main'))} className={pipeline.enabled ? '' : 'opacity-70'}>
          <PipelineHead
            pipeline={pipeline}
            at={at}
            count={pipelines.length}
            onMove={(to) => onOrder(moved(order, at, to))}
            onChange={(change) => onOrder(order.with(at, { ...orderOf(pipeline), ...change }))}
            {...(pipeline.rules.length === 0 ? { onRemove: () => onOrder(order.toSpliced(at, 1)) } : {})}
          />
          {pipeline.rules.length === 0 && <p className="px-3 pb-2 text-t3">{t('noRules')}</p>}
          <ol>
            {pipeline.rules.map((rule, place) => (
              <RuleItem
                key={rule.id}
                rule={rule}
                number={place + 1}
                dropped={droppedBy(drops, rule.id)}
                selected={rule.id === selected}
                onSelect={() => onSelect(rule.id)}
                onToggle={() => onToggle(rule)}
                {...(place > 0 ? { onUp: () => onOrder(order.with(at, withRules(pipeline, place, place - 1))) } : {})}
                {...(place < pipeline.rules.length - 1 ? { onDown: () => onOrder(order.with(at, withRules(pipeline, place, place + 1))) } : {})}
              />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

export const orderOf = ({ id, name, enabled, match, rules }: Pipeline): PipelineDefinition => ({
  id,
  name,
  enabled,
  match,
  rules: rules.map((rule) => rule.id),
})

function withRules(pipeline: Pipeline, from: number, to: number): PipelineDefinition {
  const order = orderOf(pipeline)
  return { ...order, rules: moved(order.rules, from, to) }
}

/** Lines that a rule dropped; those it did not judge because it was off are no drops. */
function droppedBy(drops: DropsAnswer | undefined, id: string): number | null {
  return drops === undefined ? null : drops.groups.filter(({ rule, reason }) => rule === id && reason !== 'broken').reduce((sum, { lines }) => sum + lines, 0)
}

interface RuleItemProps {
  rule: RuleView
  number: number
  dropped: number | null
  selected: boolean
  onSelect: () => void
  onToggle: () => void
  onUp?: () => void
  onDown?: () => void
}

function RuleItem({ rule, number, dropped, selected, onSelect, onToggle, onUp, onDown }: RuleItemProps) {
  const t = useTranslations('logs.rules')
  const format = useFormat()
  const { name, enabled, match, actions } = rule.definition
  return (
    <li className={`group flex items-start gap-2 border-b border-grid py-1.5 pr-2 pl-3 ${selected ? 'bg-selected' : 'hover:bg-hover'}`}>
      <input type="checkbox" checked={enabled} aria-label={t('switch', { name })} title={t('switch', { name })} onChange={onToggle} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <button type="button" aria-pressed={selected} onClick={onSelect} className="block w-full text-left">
          <span className={`block truncate font-medium ${enabled ? '' : 'text-t3 line-through'}`}>
            {number}. {name}
          </span>
          <span className="mono block truncate text-t3" title={match}>
            {match === '' ? t('everyLine') : match}
          </span>
          <span className="mt-0.5 flex flex-wrap items-center gap-1">
            {actions.map(({ type }, at) => (
              <Tag key={at} tone={type === 'drop' || type === 'sample' || type === 'rate_limit' ? 'degraded' : 'plain'}>
                {t(`type.${type}`)}
              </Tag>
            ))}
          </span>
        </button>
        {dropped !== null && dropped > 0 && (
          <ViewLink path="/logs" parameters={{ tab: 'dropped' }} className="inline-flex min-h-6 items-center text-11">
            {t('droppedLines', { count: format.text(format.count(dropped)) })}
          </ViewLink>
        )}
      </div>
      <span className="flex flex-col">
        <Move label={t('ruleUp', { name })} up onClick={onUp} />
        <Move label={t('ruleDown', { name })} onClick={onDown} />
      </span>
    </li>
  )
}
