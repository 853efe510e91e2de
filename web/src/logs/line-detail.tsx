'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { CopyButton } from '../ui/copy-button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { buttonClass } from '../ui/button.tsx'
import { useHref } from '../url/view-state.ts'
import { type Attributes, bodyText, fieldOf, lineJson, lineMs } from './line-fields.ts'
import type { OnFilter } from './conditions.ts'
import { LineContext } from './line-context.tsx'
import { LineFields } from './line-fields-view.tsx'
import { parseOffer } from './rules/parse-offer.ts'
import { LINE_VIEWS, type LineView } from './url.ts'

/** More of a body than this is for the JSON view and the copy. */
const BODY_CHARACTERS = 20_000

export interface LineDetailProps {
  line: LogLine
  resource: Attributes
  show: LineView
  onShow: (show: LineView) => void
  /** Asks for lines with, or without, this value. */
  onFilter: OnFilter
}

/** All of one line, where it leads, and what stands around it. */
export function LineDetail(props: LineDetailProps) {
  const { line, resource, show, onShow } = props
  const t = useTranslations('logs.detail')
  return (
    <section aria-label={t('label')} className="flex flex-col gap-2 border-b border-line bg-sunken px-3 py-2">
      <div className="flex flex-wrap items-center gap-1.5">
        <Segmented small label={t('view')} value={show} onChange={onShow} options={LINE_VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))} />
        <Ways line={line} resource={resource} onFilter={props.onFilter} />
        <span className="ml-auto flex gap-1.5">
          <CopyButton word text={line.body} label={t('copyBody')} />
          <CopyButton word text={() => lineJson(line, resource)} label={t('copyJson')} />
          <CopyLineLink id={line.id} atMs={lineMs(line)} />
        </span>
      </div>
      {show === 'fields' && (
        <>
          <pre
            className="max-h-72 overflow-auto rounded-2 border border-line bg-surface p-2 leading-normal break-words whitespace-pre-wrap [unicode-bidi:isolate]"
            tabIndex={0}
          >
            {bodyText(line.body, BODY_CHARACTERS)}
          </pre>
          <ParseOffer line={line} />
          <LineFields line={line} resource={resource} onFilter={props.onFilter} />
        </>
      )}
      {show === 'json' && (
        <pre className="max-h-96 overflow-auto rounded-2 border border-line bg-surface p-2 leading-normal break-words whitespace-pre-wrap" tabIndex={0}>
          {bodyText(lineJson(line, resource), 4 * BODY_CHARACTERS)}
        </pre>
      )}
      {show === 'context' && <LineContext id={line.id} />}
    </section>
  )
}

/** A line that is JSON nobody reads: the rule that would. */
function ParseOffer({ line }: { line: LogLine }) {
  const t = useTranslations('logs.detail')
  const offer = parseOffer(line, t('parseName', { service: line.service || t('everyService') }))
  if (offer === null) return null
  return (
    <p className="flex flex-wrap items-center gap-2 text-t2">
      {t('parseHint')}
      <ViewLink path="/logs" parameters={{ tab: 'rules', rule: 'new', draft: JSON.stringify(offer) }} className={buttonClass({ small: true })}>
        {t('parse')}
      </ViewLink>
    </p>
  )
}

/** What of a session is replayed before and after the line. */
const REPLAYED_MS = 30 * 60_000

/** From the line to its trace, its service, its session and the like of it. */
function Ways({ line, resource, onFilter }: Pick<LineDetailProps, 'line' | 'resource' | 'onFilter'>) {
  const t = useTranslations('logs.detail')
  const link = buttonClass({ small: true })
  const atMs = Math.floor(lineMs(line))
  const session = fieldOf(line, resource, 'session.id')
  const { pattern } = line
  return (
    <>
      {line.traceId !== null && (
        <ViewLink path="/trace" parameters={{ id: line.traceId, span: line.spanId ?? undefined, around: atMs }} className={link}>
          {t('trace')} <span className="mono text-t3">{line.traceId.slice(0, 8)}</span>
        </ViewLink>
      )}
      {line.service !== '' && (
        <ViewLink path="/service" parameters={{ name: line.service }} className={link}>
          {t('service')}
        </ViewLink>
      )}
      {session !== null && (
        <ViewLink
          path="/replay"
          parameters={{ session, from: new Date(atMs - REPLAYED_MS).toISOString(), to: new Date(atMs + REPLAYED_MS).toISOString() }}
          className={link}
        >
          {t('session')}
        </ViewLink>
      )}
      <ViewLink path="/logs" parameters={{ tab: 'rules', view: 'debug', line: line.id }} className={link}>
        {t('debug')}
      </ViewLink>
      {pattern !== null && (
        <button type="button" className={link} onClick={() => onFilter('pattern', pattern, true)}>
          {t('pattern')}
        </button>
      )}
    </>
  )
}

/** The address of this line alone, with some time around it. */
function CopyLineLink({ id, atMs }: { id: string; atMs: number }) {
  const t = useTranslations('logs.detail')
  const href = useHref()
  const address = () =>
    `${globalThis.location.origin}${href('/logs', { line: id, from: new Date(atMs - 300_000).toISOString(), to: new Date(atMs + 300_000).toISOString() })}`
  return <CopyButton word text={address} label={t('copyLink')} />
}
