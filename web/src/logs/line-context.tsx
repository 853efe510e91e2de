'use client'
import type { LogContextAnswer } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { gridColumns, LineRow } from './line-row.tsx'
import { useLogContext } from './questions.ts'

const STEPS = [10, 50, 200] as const
const ignore = (): void => undefined

/** The lines before and after one, of the same file or resource, whatever the search. */
export function LineContext({ id }: { id: string }) {
  const t = useTranslations('logs.context')
  const [around, setAround] = useState<number>(STEPS[0])
  const answer = useLogContext(id, around)
  const wider = STEPS.find((step) => step > around)
  return (
    <AnswerGate answer={answer}>
      {(context) => (
        <div className="flex flex-col gap-1.5">
          <p className="text-t3">{context.file === null ? t('ofResource') : t('ofFile', { file: context.file })}</p>
          <ContextLines context={context} />
          {wider !== undefined && (
            <p>
              <Button small onClick={() => setAround(wider)}>
                {t('wider', { count: wider })}
              </Button>
            </p>
          )}
        </div>
      )}
    </AnswerGate>
  )
}

function ContextLines({ context }: { context: LogContextAnswer }) {
  const t = useTranslations('logs.context')
  const grid = gridColumns([], false)
  const lines = [...context.before, context.line, ...context.after]
  return (
    <div className="max-h-80 overflow-auto rounded-2 border border-line bg-surface" tabIndex={0} role="region" aria-label={t('label')}>
      <div role="treegrid" aria-label={t('label')}>
        {lines.map((line, index) => (
          <LineRow
            key={line.id}
            line={line}
            index={index}
            resource={{}}
            columns={[]}
            grid={grid}
            wrap
            days={false}
            open={line.id === context.line.id}
            focusable={false}
            onToggle={ignore}
          />
        ))}
      </div>
    </div>
  )
}
