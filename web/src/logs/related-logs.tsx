'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { type ReactNode, useMemo, useState } from 'react'
import { ErrorState } from '../ui/error-state.tsx'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { type LinkParameters, useHref } from '../url/view-state.ts'
import { joinedPages, spansDays } from './joined-pages.ts'
import { toggled, toggledOut } from './conditions.ts'
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

/** The lines of something that has a page of its own: a service, a trace. */
export function RelatedLogs({ conditions, order = 'desc', search, parameters = {}, empty }: RelatedLogsProps) {
  const t = useTranslations('logs')
  const router = useRouter()
  const href = useHref()
  const logs = useLogs(conditions, order)
  const { lines, resources } = useMemo(() => joinedPages(logs.data?.pages ?? []), [logs.data])
  const [open, setOpen] = useState('')
  const [show, setShow] = useState<LineView>('fields')
  if (logs.data === undefined) return logs.isError ? <ErrorState error={logs.error} onRetry={() => void logs.refetch()} /> : <Skeleton rows={10} />
  const narrowed = (field: string, value: string, wanted: boolean) =>
    router.push(href('/logs', { ...parameters, q: wanted ? toggled(search, field, value) : toggledOut(search, field, value) }))
  const detail = (line: LogLine) => <LineDetail line={line} resource={resources[line.resource] ?? {}} show={show} onShow={setShow} onFilter={narrowed} />
  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-8 flex-none items-center gap-2 px-3">
        <h2>{t('lines')}</h2>
        <span className="text-11 text-t3">{logs.hasNextPage ? t('countMore', { count: lines.length }) : t('count', { count: lines.length })}</span>
        <ViewLink path="/logs" parameters={{ ...parameters, q: search }} className="ml-auto">
          {t('related.open')}
        </ViewLink>
      </div>
      {lines.length === 0 ? (
        empty
      ) : (
        <LineList
          label={t('lines')}
          lines={lines}
          resources={resources}
          columns={[]}
          wrap={false}
          days={spansDays(lines)}
          openId={open}
          onOpen={setOpen}
          detail={detail}
        />
      )}
      {logs.hasNextPage && (
        <p className="flex-none border-t border-line px-3 py-1.5">
          <Button small disabled={logs.isFetchingNextPage} onClick={() => void logs.fetchNextPage()}>
            {logs.isFetchingNextPage ? t('loadingMore') : t('more')}
          </Button>
        </p>
      )}
    </div>
  )
}
