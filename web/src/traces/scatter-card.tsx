'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Scatter } from './scatter.tsx'
import { type OpenTrace, type Selection, selectionText, type SetTraces, type TracesState } from './url.ts'
import { usePoints } from './use-points.ts'

export interface ScatterCardProps {
  state: TracesState
  set: SetTraces
  selection: Selection | null
  onOpen: OpenTrace
}

/** The whole window as dots, and the ways to choose some of them. */
export function ScatterCard({ state, set, selection, onOpen }: ScatterCardProps) {
  const t = useTranslations('traces')
  const format = useFormat()
  const points = usePoints(state)
  const { data } = points
  const shown = data?.traceIds.length ?? 0
  const words = { shown: format.integer(shown), total: format.integer(data?.total ?? 0), count: shown }
  const failed = data?.errors.some((errors) => errors > 0) === true
  return (
    <Card
      title={t('scatter')}
      sub={data === undefined ? undefined : t(data.total > shown ? 'scatterSample' : 'scatterNote', words)}
      busy={points.isPlaceholderData}
      className="flex-none"
      end={
        <>
          <span className="hidden text-11 text-t3 wide:inline">{t('scatterHint')}</span>
          {failed && state.error === 'any' && (
            <Button small aria-pressed={selection?.kind === 'errors'} onClick={() => set({ sel: selection?.kind === 'errors' ? '' : 'errors' })}>
              {t('errorsAgainstRest')}
            </Button>
          )}
        </>
      }
    >
      <AnswerGate answer={points} skeleton={<Skeleton height={170} />}>
        {(answer) => (
          <Scatter points={answer} selection={selection} onOpen={onOpen} onSelect={(next) => set({ sel: next === null ? '' : selectionText(next) })} />
        )}
      </AnswerGate>
    </Card>
  )
}
