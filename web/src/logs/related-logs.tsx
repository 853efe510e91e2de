'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { type ReactNode, useMemo, useState } from 'react'
import { ErrorState } from '../ui/error-state.tsx'
import { StaleChip } from '../ui/answer-gate.tsx'
import { LoadMore, NewRows } from '../ui/held-list.tsx'
import { useHeld } from '../ui/use-held.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { type LinkParameters, useHref } from '../url/view-state.ts'
import { idsOfPages, joinedPages, spansDays } from './joined-pages.ts'
import { filtered } from './conditions.ts'
import { LineDetail } from './line-detail.tsx'
import { LineList } from './line-list.tsx'
import { type LogConditions, useLogs } from './questions.ts'
import type { LineView } from './url.ts'

export interface RelatedLogsProps {
  conditions: LogConditions
  order?: 'desc' | 'asc'
  /** The same search as the page of logs takes it. */
  search: string
  /** Over those of the present view, such as its own window. */
  parameters?: LinkParameters
  empty: ReactNode
}

/** The lines of something that has a page of its own: a service, a trace. Those of another thing never stand in for them. */
export function RelatedLogs(props: RelatedLogsProps) {
  return <Lines key={JSON.stringify(props.conditions)} {...props} />
}

function Lines({ conditions, order = 'desc', search, parameters = {}, empty }: RelatedLogsProps) {
  const t = useTranslations('logs')
  const router = useRouter()
  const href = useHref()
  const logs = useLogs(conditions, order)
  const [open, setOpen] = useState('')
  const held = useHeld(logs, { reading: open !== '', idsOf: idsOfPages })
  const { lines, resources } = useMemo(() => joinedPages(held.pages), [held.pages])
  const [show, setShow] = useState<LineView>('fields')
  if (logs.data === undefined) return logs.error !== null ? <ErrorState error={logs.error} onRetry={() => void logs.refetch()} /> : <Skeleton rows={10} />
  const narrowed = (field: string, value: string, wanted: boolean) => router.push(href('/logs', { ...parameters, q: filtered(search, field, value, wanted) }))
  const detail = (line: LogLine) => <LineDetail line={line} resource={resources[line.resource] ?? {}} show={show} onShow={setShow} onFilter={narrowed} />
  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-8 flex-none items-center gap-2 px-3">
        <h2>{t('lines')}</h2>
        <span className="text-11 text-t3">{t(held.hasMore ? 'countMore' : 'count', { count: lines.length })}</span>
        {logs.isError && <StaleChip answer={logs} />}
        <NewRows answer={logs} held={held} words={(count) => t('waiting', { count })} />
        <ViewLink path="/logs" parameters={{ ...parameters, q: search }} className="ml-auto">
          {t('related.open')}
        </ViewLink>
      </div>
      {lines.length === 0 ? (
        empty
      ) : (
        <LineList
          label={t('lines')}
          question={logs.question}
          lines={lines}
          resources={resources}
          columns={[]}
          wrap={false}
          days={spansDays(lines)}
          openId={open}
          onOpen={setOpen}
          detail={detail}
          onReading={held.onReading}
        />
      )}
      <LoadMore held={held} busy={logs.isFetchingNextPage} />
    </div>
  )
}
