import type { MetricNote } from '@skein/schemas/api/log-metrics'
import { MAX_METRIC_COMBINATIONS, OTHER_VALUE } from '@skein/schemas/log-rule'
import type { MetricSum } from './figures.ts'

export interface NotesOf {
  sum: Pick<MetricSum, 'lines' | 'folded' | 'missing' | 'noNumber'>
  field: string | null
  /** Of the rule, that counted in the window. */
  versions: readonly number[]
  broken: number
  isDefined: boolean
  /** Log lines came since the rule holds. */
  isRead: boolean
}

export function metricNotes({ sum, field, versions, broken, isDefined, isRead }: NotesOf): MetricNote[] {
  const say = (code: MetricNote['code'], count: number, message: string): MetricNote[] => (count === 0 ? [] : [{ code, message, count }])
  const named = field ?? 'its field'
  return [
    ...say('no_rule', isDefined ? 0 : 1, 'No rule makes this metric any more; what it counted is kept as long as sums are.'),
    ...say('not_yet', isRead || sum.lines > 0 ? 0 : 1, 'No log line came since its rule holds: whether there was something to count is not known.'),
    ...say(
      'metric_changed',
      versions.length > 1 ? versions.length : 0,
      `Its rule was changed in this window: versions ${versions.join(', ')} counted, each as it said.`,
    ),
    ...say('broken_rule', broken, `${broken} lines were not counted: its rule failed or took too long, and was off for what remained of a minute.`),
    ...say('missing', sum.missing, `${sum.missing} of ${sum.lines} lines have no ${named}: they are in no figure.`),
    ...say('no_number', sum.noNumber, `${sum.noNumber} of ${sum.lines} lines have in ${named} what is no number, or one beyond 10^12: they are in no figure.`),
    ...say(
      'folded',
      sum.folded,
      `${sum.folded} lines are counted as ${OTHER_VALUE}: more than ${MAX_METRIC_COMBINATIONS} combinations of values are not told apart.`,
    ),
  ]
}
