'use client'
import type { TraceSpan } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { PanelSection } from '../map/panel-parts.tsx'
import { Tag } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { Attributes } from './attributes.tsx'
import { selfTimes } from './self-time.ts'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-tree.ts'
import type { TraceModel } from './trace-model.ts'

export interface SpanPanelProps {
  model: TraceModel
  row: SpanRow
  index: number
  onClose: () => void
}

/** Everything one span says of itself. */
export function SpanPanel({ model, row, index, onClose }: SpanPanelProps) {
  const t = useTranslations('trace.panel')
  const { span } = row
  if (span === null) {
    return (
      <SidePanel label={t('label')} title={<h2 className="truncate text-14">{t('missingTitle')}</h2>} onClose={onClose}>
        <p className="px-3 py-2 text-t2">{t('missingBody')}</p>
        <Ids ids={[{ label: t('spanId'), value: row.missingId }]} />
      </SidePanel>
    )
  }
  return (
    <SidePanel label={t('label')} title={<Title span={span} />} onClose={onClose}>
      <Facts model={model} row={row} index={index} span={span} />
      <PanelSection title={t('attributes')} end={Object.keys(span.attributes).length}>
        <Attributes values={span.attributes} searchable />
      </PanelSection>
      {span.events.length > 0 && <Events model={model} span={span} />}
      {span.links.length > 0 && <Links span={span} />}
      <PanelSection title={t('resource')} end={Object.keys(model.resources[span.resource] ?? {}).length}>
        <Attributes values={model.resources[span.resource] ?? {}} />
      </PanelSection>
      <Ids
        ids={[
          { label: t('spanId'), value: span.spanId },
          { label: t('parentId'), value: span.parentSpanId },
          { label: t('scope'), value: span.scope },
        ]}
      />
    </SidePanel>
  )
}

function Title({ span }: { span: TraceSpan }) {
  return (
    <>
      {span.status.code === 'error' && <HealthMark health="bad" size={14} />}
      <h2 className="truncate text-14" title={span.name}>
        {span.name}
      </h2>
    </>
  )
}

function Facts({ model, row, index, span }: Omit<SpanPanelProps, 'onClose'> & { span: TraceSpan }) {
  const t = useTranslations('trace.panel')
  const format = useFormat()
  const self = useMemo(() => selfTimes(model.rows)[index] ?? 0, [model.rows, index])
  const parent = model.rows[row.parent]
  const early = parent?.span === null || parent === undefined ? 0 : parent.startNs - row.startNs
  return (
    <>
      <Tags model={model} row={row} span={span} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-[3px] px-3 py-2.5">
        <dt className="text-t3">{t('duration')}</dt>
        <dd className="font-semibold">{nsText(row.durationNs, format)}</dd>
        <dt className="text-t3">{t('self')}</dt>
        <dd>{nsText(self, format)}</dd>
        <dt className="text-t3">{t('start')}</dt>
        <dd>
          +{nsText(row.startNs, format)}{' '}
          <span className="text-t3">· {format.dateTime(Number((model.originUnixNano + BigInt(Math.round(row.startNs))) / 1_000_000n))}</span>
        </dd>
      </dl>
      {span.status.message !== '' && (
        <p className="mx-3 mb-2 rounded-2 bg-bad-bg px-2.5 py-[7px] break-words whitespace-pre-wrap text-t2">{span.status.message.slice(0, 2000)}</p>
      )}
      {early > 1000 && <p className="mx-3 mb-2 rounded-2 bg-degraded-bg px-2.5 py-[7px] text-t2">{t('skew', { early: nsText(early, format) })}</p>}
    </>
  )
}

function Tags({ model, row, span }: Omit<SpanPanelProps, 'onClose' | 'index'> & { span: TraceSpan }) {
  const t = useTranslations('trace.panel')
  const format = useFormat()
  const onPathNs = model.path.rows.get(row.key)?.ownNs ?? 0
  return (
    <div className="flex flex-wrap gap-1 px-3 pt-1">
      <Tag>{span.kind}</Tag>
      <ViewLink path="/service" parameters={{ name: span.service }}>
        <Tag tone="accent">{span.service}</Tag>
      </ViewLink>
      {span.status.code !== 'unset' && <Tag tone={span.status.code === 'error' ? 'bad' : 'ok'}>{span.status.code}</Tag>}
      {onPathNs > 0 && <Tag tone="accent">{t('onPath', { time: nsText(onPathNs, format) })}</Tag>}
    </div>
  )
}

function Events({ model, span }: { model: TraceModel; span: TraceSpan }) {
  const t = useTranslations('trace.panel')
  const format = useFormat()
  return (
    <PanelSection title={t('events')} end={span.events.length}>
      <ol className="grid gap-2">
        {span.events.map((event, index) => (
          <li key={`${event.timeUnixNano} ${index}`}>
            <p className="flex items-baseline gap-2">
              <span className="mono text-t3">{offsetText(event.timeUnixNano, model, (ns) => nsText(ns, format))}</span>
              <b className="font-semibold break-words">{event.name}</b>
            </p>
            <Attributes values={event.attributes} />
          </li>
        ))}
      </ol>
    </PanelSection>
  )
}

/** Time after the start of the trace; an unset time is a dash. */
function offsetText(timeUnixNano: string, model: TraceModel, text: (ns: number) => string): string {
  if (!/^[1-9]\d{0,19}$/.test(timeUnixNano)) return '–'
  const offset = Number(BigInt(timeUnixNano) - model.originUnixNano)
  return offset < 0 ? `−${text(-offset)}` : `+${text(offset)}`
}

function Links({ span }: { span: TraceSpan }) {
  const t = useTranslations('trace.panel')
  return (
    <PanelSection title={t('links')} end={span.links.length}>
      <ul className="grid gap-1.5">
        {span.links.map((link, index) => (
          <li key={`${link.traceId} ${link.spanId} ${index}`} className="min-w-0">
            <ViewLink path="/trace" parameters={{ id: link.traceId, span: link.spanId }} className="mono break-all">
              {link.traceId} / {link.spanId}
            </ViewLink>
            <Attributes values={link.attributes} />
          </li>
        ))}
      </ul>
    </PanelSection>
  )
}

function Ids({ ids }: { ids: readonly { label: string; value: string }[] }) {
  const t = useTranslations('trace.panel')
  return (
    <PanelSection title={t('ids')}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3">
        {ids
          .filter(({ value }) => value !== '')
          .map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-t3">{label}</dt>
              <dd className="mono truncate" title={value}>
                {value}
              </dd>
              <dd>
                <CopyButton text={value} label={t('copy', { what: label })} />
              </dd>
            </div>
          ))}
      </dl>
    </PanelSection>
  )
}
