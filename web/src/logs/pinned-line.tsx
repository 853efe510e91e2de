'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { Resources } from './line-fields.ts'
import { gridColumns, LineRow } from './line-row.tsx'
import { useLogContext } from './questions.ts'

export interface PinnedLineProps {
  id: string
  onClose: () => void
  detail: (line: LogLine, resources: Resources) => ReactNode
}

/** The line that the address names, above a list that does not hold it. */
export function PinnedLine({ id, onClose, detail }: PinnedLineProps) {
  const t = useTranslations('logs')
  const answer = useLogContext(id, 0)
  return (
    <section aria-label={t('pinned')} className="max-h-[45%] flex-none overflow-auto border-b border-line-strong">
      <div className="flex items-center gap-2 px-3 pt-1.5 text-11 text-t3">
        {t('pinned')}
        <Button look="ghost" small square className="ml-auto" aria-label={t('unpin')} title={t('unpin')} onClick={onClose}>
          <Icon name="close" size={12} />
        </Button>
      </div>
      <AnswerGate answer={answer} skeleton={<Skeleton rows={3} />}>
        {({ line, resources }) => (
          <>
            <div role="treegrid" aria-label={t('pinned')}>
              <LineRow
                line={line}
                index={0}
                resource={resources[line.resource] ?? {}}
                columns={[]}
                grid={gridColumns([], true)}
                wrap={false}
                days
                open
                focusable={false}
                onToggle={onClose}
              />
            </div>
            {detail(line, resources)}
          </>
        )}
      </AnswerGate>
    </section>
  )
}
