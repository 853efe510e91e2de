'use client'
import { type AttributeDifference, traceComparisonAnswer } from '@skein/schemas/api/trace-comparison'
import { useTranslations } from 'next-intl'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Tag } from '../ui/chip.tsx'
import { useNoteText } from '../ui/use-note-text.ts'
import { useScope } from '../url/view-state.ts'
import { filterOf } from './comparison-filter.ts'
import { queryOf, type Selection, selectionQuery, type TracesState } from './url.ts'

const SHOWN = 12
const VALUES_SHOWN = 4

export interface ComparisonCardProps {
  state: TracesState
  selection: Selection
  onFilter: (filter: Partial<TracesState>) => void
  /** Shows the selected alone. */
  onNarrow: () => void
  onClear: () => void
}

/** What the selected traces have in common that the others have not, the largest difference first. */
export function ComparisonCard({ state, selection, onFilter, onNarrow, onClear }: ComparisonCardProps) {
  const t = useTranslations('traces.comparison')
  const noteText = useNoteText('compare')
  const format = useFormat()
  const scope = useScope()
  const answer = useAnswer('/api/traces/comparison', traceComparisonAnswer, {
    query: { ...scope, ...queryOf(state), ...selectionQuery(selection) },
    intervalMs: null,
  })
  const sub =
    answer.data === undefined ? undefined : t('sides', { selected: format.integer(answer.data.selected.traces), rest: format.integer(answer.data.rest.traces) })
  return (
    <Card
      title={t(selection.kind === 'errors' ? 'titleErrors' : 'title')}
      sub={sub}
      busy={answer.isPlaceholderData}
      className="max-h-[340px] flex-none"
      end={
        <>
          <Key color="var(--accent)" text={t('selected')} />
          <Key color="var(--unknown)" text={t('rest')} />
          {answer.data?.sampled === true && <Tag title={answer.data.notes.map(noteText).join(' ')}>{t('sampled')}</Tag>}
          <Button small onClick={onNarrow}>
            {t('narrow')}
          </Button>
          <Button small onClick={onClear}>
            {t('clear')}
          </Button>
        </>
      }
    >
      <AnswerGate answer={answer}>
        {({ attributes, notes }) =>
          attributes.length === 0 ? (
            <p className="px-3 pb-3 text-t2">{notes[0] === undefined ? t('nothing') : noteText(notes[0])}</p>
          ) : (
            <div className="grid gap-x-6 gap-y-3 overflow-auto px-3 pb-3 wide:grid-cols-2" tabIndex={0} role="group" aria-label={t('title')}>
              {attributes.slice(0, SHOWN).map((attribute) => (
                <Difference key={`${attribute.scope} ${attribute.key}`} attribute={attribute} state={state} onFilter={onFilter} />
              ))}
            </div>
          )
        }
      </AnswerGate>
    </Card>
  )
}

/** What the colour of a bar stands for. */
function Key({ color, text }: { color: string; text: string }) {
  return (
    <span className="flex items-center gap-1 text-11 whitespace-nowrap text-t2">
      <i aria-hidden="true" className="h-[9px] w-[9px] rounded-[2px]" style={{ background: color }} />
      {text}
    </span>
  )
}

function Difference({ attribute, state, onFilter }: Pick<ComparisonCardProps, 'state' | 'onFilter'> & { attribute: AttributeDifference }) {
  const t = useTranslations('traces.comparison')
  const format = useFormat()
  const { key, scope, values, score } = attribute
  return (
    <section aria-label={key} className="min-w-0">
      <h3 className="mb-1 flex items-baseline gap-2">
        <span className="mono truncate" title={key}>
          {key}
        </span>
        <span className="text-11 font-normal text-t3">
          {t(scope)} · {t('score', { score: format.text(format.share(score, 1)) })}
        </span>
      </h3>
      <table className="w-full table-fixed">
        <thead className="sr-only">
          <tr>
            <th scope="col">{key}</th>
            <th scope="col">{t('selected')}</th>
            <th scope="col">{t('rest')}</th>
          </tr>
        </thead>
        <tbody>
          {values.slice(0, VALUES_SHOWN).map(({ value, selectedShare, restShare }) => (
            <tr key={value}>
              <th scope="row" className="w-[40%] text-left font-normal">
                <Value attribute={attribute} value={value} state={state} onFilter={onFilter} />
              </th>
              <td>
                <ShareBar share={selectedShare} color="var(--accent)" text={format.text(format.share(selectedShare, 1))} />
              </td>
              <td>
                <ShareBar share={restShare} color="var(--unknown)" text={format.text(format.share(restShare, 1))} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Value({ attribute, value, state, onFilter }: Parameters<typeof Difference>[0] & { value: string }) {
  const t = useTranslations('traces.comparison')
  const filter = filterOf(attribute, value, state)
  const shown = value === '' ? t('empty') : value
  if (filter === null) {
    return (
      <span className="mono block truncate" title={value}>
        {shown}
      </span>
    )
  }
  return (
    <button
      type="button"
      title={t('filter', { key: attribute.key, value })}
      onClick={() => onFilter(filter)}
      className="mono block min-h-6 w-full truncate text-left hover:underline"
    >
      {shown}
    </button>
  )
}

function ShareBar({ share, color, text }: { share: number; color: string; text: string }) {
  return (
    <span className="flex items-center gap-1.5 pl-2">
      <span className="h-2 flex-1 overflow-hidden rounded-1 bg-sunken" aria-hidden="true">
        <i className="block h-full" style={{ width: `${Math.min(1, share) * 100}%`, background: color }} />
      </span>
      <span className="w-12 text-right">{text}</span>
    </span>
  )
}
