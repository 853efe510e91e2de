'use client'
import type { TraceLinksAnswer, TraceSpan } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { PanelSection } from '../map/panel-parts.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { Attributes } from './attributes.tsx'

export interface SpanLinksProps {
  traceId: string
  detail: TraceSpan
  /** Spans of other traces that link to this one. */
  incoming: TraceLinksAnswer['links']
  onSelect: (key: string) => void
}

/** Links both ways: what this span names, and what names it; a producer says so also where nothing does. */
export function SpanLinks({ traceId, detail, incoming, onSelect }: SpanLinksProps) {
  const t = useTranslations('trace.panel')
  // a link is near in time to what it names
  const around = detail.startTimeUnixNano.slice(0, -6)
  return (
    <>
      {detail.links.length > 0 && (
        <PanelSection title={t('links')} end={detail.links.length}>
          <ul className="grid gap-1.5">
            {detail.links.map((link, index) => (
              <li key={`${link.traceId} ${link.spanId} ${index}`} className="min-w-0">
                {link.traceId === traceId ? (
                  <button type="button" className="text-accent-text hover:underline" onClick={() => onSelect(link.spanId)}>
                    {t('linkHere')} <span className="mono">{link.spanId}</span>
                  </button>
                ) : (
                  <ViewLink path="/trace" parameters={{ id: link.traceId, span: link.spanId, around }} className="mono break-all">
                    {link.traceId} / {link.spanId}
                  </ViewLink>
                )}
                <Attributes values={link.attributes} />
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
      {(incoming.length > 0 || detail.kind === 'producer') && (
        <PanelSection title={t('linkedFrom')} end={incoming.length}>
          <p className="mb-1.5 text-t3">{t('linkedFromRange')}</p>
          <ul className="grid gap-1.5">
            {incoming.map((link) => (
              <li key={`${link.traceId} ${link.spanId}`} className="min-w-0 truncate">
                <ViewLink path="/trace" parameters={{ id: link.traceId, span: link.spanId, around: link.startTimeUnixNano.slice(0, -6) }}>
                  <b className="font-semibold">{link.service}</b> {link.name} <span className="mono text-t3">{link.traceId.slice(0, 8)}</span>
                </ViewLink>
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
    </>
  )
}
