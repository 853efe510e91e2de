'use client'
import type { LogLine, LogsAnswer } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Pages } from '../api/use-pages.ts'
import { StaleChip } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { LoadMore, NewRows } from '../ui/held-list.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { type HeldPages, useHeld } from '../ui/use-held.ts'
import { filtered } from './conditions.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import { idsOfPages, joinedPages, spansDays } from './joined-pages.ts'
import { LineDetail } from './line-detail.tsx'
import type { Resources } from './line-fields.ts'
import { LineList } from './line-list.tsx'
import { LogNotes } from './log-notes.tsx'
import { NoLines } from './no-lines.tsx'
import { PinnedLine } from './pinned-line.tsx'
import { type LogConditions, useLogs } from './questions.ts'
import type { LogsState, SetLogs } from './url.ts'

export interface LinesSectionProps {
  conditions: LogConditions
  state: LogsState
  set: SetLogs
}

/** The lines of the search; new ones wait while somebody reads. */
export function LinesSection({ conditions, state, set }: LinesSectionProps) {
  const t = useTranslations('logs')
  const logs = useLogs(conditions, state.order)
  const held = useHeld(logs, { reading: state.line !== '', idsOf: idsOfPages })
  const { lines, resources } = useMemo(() => joinedPages(held.pages), [held.pages])
  if (logs.data === undefined) return logs.error !== null ? <ErrorState error={logs.error} onRetry={() => void logs.refetch()} /> : <Skeleton rows={14} />
  if (lines.length === 0) return <NoLines notes={held.pages[0]?.notes ?? []} state={state} set={set} />
  const detail = (line: LogLine) => <Details line={line} resources={resources} state={state} set={set} />
  return (
    <>
      <Head logs={logs} held={held} count={lines.length} state={state} set={set} />
      {state.line !== '' && !lines.some(({ id }) => id === state.line) && (
        <PinnedLine
          id={state.line}
          onClose={() => set({ line: '' })}
          detail={(line, more) => <Details line={line} resources={more} state={state} set={set} />}
        />
      )}
      <div className="@container flex min-h-0 flex-1 flex-col">
        <LineList
          label={t('lines')}
          question={logs.question}
          lines={lines}
          resources={resources}
          columns={state.cols}
          wrap={state.wrap}
          days={spansDays(lines)}
          openId={state.line}
          onOpen={(line) => set({ line })}
          detail={detail}
          onReading={held.onReading}
        />
      </div>
      <LoadMore held={held} busy={logs.isFetchingNextPage} />
    </>
  )
}

interface DetailsProps {
  line: LogLine
  resources: Resources
  state: LogsState
  set: SetLogs
}

function Details({ line, resources, state, set }: DetailsProps) {
  return (
    <LineDetail
      line={line}
      resource={resources[line.resource] ?? {}}
      show={state.show}
      onShow={(show) => set({ show })}
      onFilter={(field, value, wanted) => set({ q: filtered(state.q, field, value, wanted), line: '' })}
    />
  )
}

interface HeadProps {
  logs: Pages<LogsAnswer>
  held: HeldPages<LogsAnswer>
  count: number
  state: LogsState
  set: SetLogs
}

function Head({ logs, held, count, state, set }: HeadProps) {
  const t = useTranslations('logs')
  return (
    <div className="relative flex min-h-9 flex-none flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1">
      {logs.isPlaceholderData && <div className="busy-line" aria-hidden="true" />}
      <h2 className="whitespace-nowrap">{t('lines')}</h2>
      <span className="text-11 text-t3">{t(held.hasMore ? 'countMore' : 'count', { count })}</span>
      <LogNotes notes={held.pages[0]?.notes ?? []} />
      {logs.isError && <StaleChip answer={logs} />}
      <NewRows answer={logs} held={held} words={(count) => t('waiting', { count })} />
      <span className="ml-auto flex items-center gap-1.5">
        <Segmented
          small
          label={t('order')}
          value={state.order}
          onChange={(order) => set({ order })}
          options={[
            { value: 'desc', label: t('newest') },
            { value: 'asc', label: t('oldest') },
          ]}
        />
        <Button small aria-pressed={state.wrap} onClick={() => set({ wrap: !state.wrap })}>
          {t('wrap')}
        </Button>
        <ColumnsMenu columns={state.cols} onColumns={(cols) => set({ cols })} />
      </span>
    </div>
  )
}
