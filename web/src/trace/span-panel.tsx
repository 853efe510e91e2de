'use client'
import type { TraceLinksAnswer, TraceSpan } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { PanelSection } from '../map/panel-parts.tsx'
import { Tag } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { useHref } from '../url/view-state.ts'
import { Attributes } from './attributes.tsx'
import { earlyNs } from './doubts.ts'
import type { TraceReaderClient, TraceReading } from './reader-client.ts'
import { nsText } from './span-duration.ts'
import { SpanLinks } from './span-links.tsx'
import type { SpanHead, SpanRow } from './span-row.ts'
import type { TraceModel } from './trace-model.ts'
import { SpanLogs } from './trace-logs.tsx'
import { useDetail } from './use-detail.ts'
import { WhereItWent } from './where-it-went.tsx'

export interface SpanPanelProps {
  reading: TraceReading
  reader: TraceReaderClient
  row: SpanRow
  index: number
  linking: TraceLinksAnswer
  onSelect: (key: string) => void
  onClose: () => void
}

/** Everything one span says of itself. */
export function SpanPanel(props: SpanPanelProps) {
  const { reading, row, index, onClose } = props
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
    <SidePanel label={t('label')} title={<Title span={span} />} end={<CopyLink traceId={reading.traceId} span={row.key} />} onClose={onClose}>
      <Facts model={reading.model} row={row} span={span} />
      <WhereItWent model={reading.model} row={row} index={index} />
      <Details {...props} span={span} />
    </SidePanel>
  )
}

function Details({ reading, reader, row, linking, onSelect }: SpanPanelProps & { span: SpanHead }) {
  const t = useTranslations('trace.panel')
  const { model } = reading
  const detail = useDetail(reader, row.key)
  const incoming = useMemo(() => linking.links.filter(({ to }) => to.includes(row.key)), [linking, row.key])
  if (detail === null) return <Skeleton rows={8} />
  const resource = model.resources[detail.resource] ?? {}
  return (
    <>
      {detail.status.message !== '' && (
        <p className="mx-3 mb-2 rounded-2 bg-bad-bg px-2.5 py-[7px] break-words whitespace-pre-wrap text-t2">{detail.status.message.slice(0, 2000)}</p>
      )}
      <PanelSection title={t('attributes')} end={Object.keys(detail.attributes).length}>
        <Attributes values={detail.attributes} searchable />
      </PanelSection>
      <SpanLogs reading={reading} spanId={detail.spanId} />
      {detail.events.length > 0 && <Events model={model} span={detail} />}
      <SpanLinks traceId={reading.traceId} detail={detail} incoming={incoming} onSelect={onSelect} />
      <PanelSection title={t('resource')} end={Object.keys(resource).length}>
        <Attributes values={resource} />
      </PanelSection>
      <Ids
        ids={[
          { label: t('traceId'), value: reading.traceId },
          { label: t('spanId'), value: detail.spanId },
          { label: t('parentId'), value: detail.parentSpanId },
          { label: t('scope'), value: detail.scope },
        ]}
      />
    </>
  )
}

function Title({ span }: { span: SpanHead }) {
  return (
    <>
      {span.status.code === 'error' && <HealthMark health="bad" size={14} />}
      <h2 className="truncate text-14" title={span.name}>
        {span.name}
      </h2>
    </>
  )
}

/** The address of this span alone, whatever else the page shows. */
function CopyLink({ traceId, span }: { traceId: string; span: string }) {
  const t = useTranslations('trace.panel')
  const href = useHref()
  const address = `${globalThis.location.origin}${href('/trace', { id: traceId, span })}`
  return <CopyButton text={address} label={t('copyLink')} />
}

function Facts({ model, row, span }: { model: TraceModel; row: SpanRow; span: SpanHead }) {
  const t = useTranslations('trace.panel')
  const format = useFormat()
  const early = earlyNs(row, model.rows[row.parent])
  return (
    <>
      <Tags model={model} row={row} span={span} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-[3px] px-3 py-2.5">
        <dt className="text-t3">{t('duration')}</dt>
        <dd className="font-semibold">{nsText(row.durationNs, format)}</dd>
        <dt className="text-t3">{t('start')}</dt>
        <dd>
          +{nsText(row.startNs, format)}{' '}
          <span className="text-t3">· {format.dateTime(Number((model.originUnixNano + BigInt(Math.round(row.startNs))) / 1_000_000n))}</span>
        </dd>
      </dl>
      {early > 0 && <Doubt text={t('skew', { early: nsText(early, format) })} />}
      {early === 0 && row.wait?.skewed === true && <Doubt text={t('skewedWait')} />}
      {row.cut && <Doubt text={t('cycle')} />}
      {row.late && <p className="mx-3 mb-2 text-11 text-t2">{t('late')}</p>}
    </>
  )
}

function Doubt({ text }: { text: string }) {
  return <p className="mx-3 mb-2 rounded-2 bg-degraded-bg px-2.5 py-[7px] text-t2">{text}</p>
}

function Tags({ model, row, span }: { model: TraceModel; row: SpanRow; span: SpanHead }) {
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
              <b className="min-w-0 font-semibold break-words">{event.name}</b>
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
