'use client'
import type { OperationsAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useOperations } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { durationColumn, errorsColumn, rateColumn, redColumnsWithTraces } from '../services/red-columns.tsx'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'

type Operation = OperationsAnswer['operations'][number]

/** What the service does, busiest first; each leads to its traces. */
export function OperationsCard({ scope }: { scope: ServiceScope }) {
  const t = useTranslations('service')
  const operations = useOperations(scope)
  const { seconds } = useRatedWindow(operations.data?.window)
  const columns = useOperationColumns(scope, seconds)
  return (
    <Card
      title={t('operations')}
      sub={operations.data?.truncated === true ? t('operationsMost', { count: operations.data.operations.length }) : t('operationsSub')}
      busy={operations.isPlaceholderData}
      end={<CsvButton name={`${scope.name}-operations`} rows={operations.data?.operations ?? []} columns={columns} />}
    >
      <AnswerGate answer={operations}>
        {(answer) =>
          answer.operations.length === 0 ? (
            <p className="border-t border-line px-3 py-3 text-t2">{t('noOperations')}</p>
          ) : (
            <DataTable
              className="max-h-[340px]"
              label={t('operations')}
              rows={answer.operations}
              columns={columns}
              rowId={(row) => `${row.kind} ${row.operation}`}
              initialSort={{ id: 'rate', desc: true }}
            />
          )
        }
      </AnswerGate>
    </Card>
  )
}

function useOperationColumns({ name: service, namespace }: ServiceScope, seconds: number): readonly TableColumn<Operation>[] {
  const t = useTranslations('column')
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'operation',
        header: t('operation'),
        value: (row) => row.operation,
        className: 'max-w-[260px] truncate',
        cell: (row) => (
          <ViewLink path="/traces" parameters={{ service, namespace, operation: row.operation }} title={row.operation} className="text-t1">
            {row.operation}
          </ViewLink>
        ),
      },
      { id: 'kind', header: t('kind'), value: (row) => row.kind, cell: (row) => <span className="text-t3">{row.kind}</span>, secondary: true },
      ...redColumnsWithTraces(
        [
          rateColumn<Operation>(t('rate'), format, seconds),
          errorsColumn<Operation>(t('errors'), format),
          durationColumn<Operation>('p50Ms', format),
          durationColumn<Operation>('p95Ms', format),
        ],
        ({ operation }) => ({ service, namespace, operation }),
      ),
    ],
    [t, format, service, namespace, seconds],
  )
}
