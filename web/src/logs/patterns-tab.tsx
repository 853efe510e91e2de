'use client'
import { type LogPattern, logPatternsAnswer, type LogPatternsAnswer } from '@skein/schemas/api/log-patterns'
import { SEVERITY_CLASSES, type SeverityClass } from '@skein/schemas/severity'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { ClusterPicker } from '../frame/cluster-picker.tsx'
import { useRangeText } from '../frame/use-range-text.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Tag } from '../ui/chip.tsx'
import { NothingMatches, type RemovableFilter } from '../ui/empty-state.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { useNoteText } from '../ui/use-note-text.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { NeverLogged } from './no-lines.tsx'
import { PATTERN_SORTS, PATTERN_VIEWS, patternsParsers, type PatternsState } from './patterns-url.ts'
import { RuleLink } from './rule-link.tsx'
import { SEVERITIES_BY_WEIGHT, severityFill, SeverityMark, severityNamed } from './severity-look.tsx'
import { templateMatch } from './template-match.ts'
import { Template } from './template.tsx'
import type { SetLogs, TabProps } from './url.ts'

const LEAST_MS = 15_000
const LIMIT = 200

type SetPatterns = (state: Partial<PatternsState>) => void

function usePatterns({ only, sort, pservice, ptext, psev }: PatternsState) {
  const { view } = useView()
  const scope = useScope()
  const live = liveIntervalMs(view)
  return useAnswer('/api/logs/patterns', logPatternsAnswer, {
    query: { ...scope, limit: LIMIT, sort, service: pservice, text: ptext, severity: psev, only: only === 'all' ? undefined : only },
    intervalMs: live === null ? null : Math.max(live, LEAST_MS),
  })
}

/** What lines say once numbers and names are taken out: how often, since when, and whether that is new. */
export function PatternsTab({ set }: TabProps) {
  const [state, setState] = useQueryStates(patternsParsers, { history: 'push' })
  const patterns = usePatterns(state)
  const change: SetPatterns = (next) => void setState(next)
  return (
    <section className="flex min-w-0 flex-1 flex-col bg-surface">
      <Filters state={state} set={change} answer={patterns.data} />
      <div className="relative min-h-0 flex-1 overflow-auto">
        {patterns.isPlaceholderData && <div className="busy-line" aria-hidden="true" />}
        <AnswerGate answer={patterns}>
          {(answer) => (answer.patterns.length === 0 ? <NoPatterns answer={answer} state={state} set={change} /> : <PatternTable answer={answer} set={set} />)}
        </AnswerGate>
      </div>
    </section>
  )
}

function Filters({ state, set, answer }: { state: PatternsState; set: SetPatterns; answer: LogPatternsAnswer | undefined }) {
  const t = useTranslations('logs.patterns')
  const format = useFormat()
  const base = answer?.base ?? null
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchBox label={t('search')} value={state.ptext} onChange={(ptext) => set({ ptext })} />
      <Segmented
        label={t('which')}
        value={state.only}
        onChange={(only) => set({ only })}
        options={PATTERN_VIEWS.map((value) => ({ value, label: t(`only.${value}`) }))}
      />
      <select
        aria-label={t('severity')}
        value={state.psev}
        onChange={({ target }) => set({ psev: severityNamed(target.value) ?? '' })}
        className="h-7 rounded-2 border border-ctl bg-surface px-1.5"
      >
        <option value="">{t('anySeverity')}</option>
        {SEVERITY_CLASSES.filter((each) => each !== 'none').map((each) => (
          <option key={each} value={each}>
            {`≥ ${each.toUpperCase()}`}
          </option>
        ))}
      </select>
      {state.pservice !== '' && (
        <Button onClick={() => set({ pservice: '' })} aria-label={t('removeService', { service: state.pservice })}>
          {state.pservice} ×
        </Button>
      )}
      <ClusterPicker />
      <span className="ml-auto flex items-center gap-2">
        {answer !== undefined && <span className="text-t3">{base === null ? t('noBase') : t('base', { from: format.dateTime(Date.parse(base.start)) })}</span>}
        <Segmented
          small
          label={t('order')}
          value={state.sort}
          onChange={(sort) => set({ sort })}
          options={PATTERN_SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))}
        />
      </span>
    </div>
  )
}

function NoPatterns({ answer, state, set }: { answer: LogPatternsAnswer; state: PatternsState; set: SetPatterns }) {
  const t = useTranslations('logs.patterns')
  const empty = useTranslations('logs.empty')
  const range = useRangeText()
  const filters: RemovableFilter[] = []
  if (state.only !== 'all') filters.push({ label: t(`only.${state.only}`), remove: () => set({ only: 'all' }) })
  if (state.ptext !== '') filters.push({ label: state.ptext, remove: () => set({ ptext: '' }) })
  if (state.psev !== '') filters.push({ label: `severity>=${state.psev}`, remove: () => set({ psev: '' }) })
  if (state.pservice !== '') filters.push({ label: `service:${state.pservice}`, remove: () => set({ pservice: '' }) })
  const noteText = useNoteText('patterns')
  const [first] = answer.notes
  const none = answer.notes.some(({ code }) => code === 'no_logs')
  const quiet = <NothingMatches filters={filters} quiet={t('quiet', { range })} body={none || first === undefined ? empty('quietBody') : noteText(first)} />
  return none ? <NeverLogged otherwise={quiet} /> : quiet
}

function PatternTable({ answer, set }: { answer: LogPatternsAnswer; set: SetLogs }) {
  const t = useTranslations('logs.patterns')
  const column = useTranslations('column')
  return (
    <table className="data-table" aria-label={t('label')}>
      <thead>
        <tr>
          <th scope="col" className="w-8">
            <span className="sr-only">{t('severity')}</span>
          </th>
          <th scope="col">{t('template')}</th>
          <th scope="col" className="hidden wide:table-cell">
            {column('service')}
          </th>
          <th scope="col">{t('history')}</th>
          <th scope="col" className="num">
            {t('lines')}
          </th>
          <th scope="col" className="num">
            {t('firstSeen')}
          </th>
          <th scope="col">
            <span className="sr-only">{t('actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.patterns.map((pattern) => (
          <PatternRow key={`${pattern.service} ${pattern.id}`} pattern={pattern} set={set} />
        ))}
      </tbody>
    </table>
  )
}

/** The worst class that a fair share of its lines are of. */
function worstOf({ severities }: LogPattern): SeverityClass {
  return SEVERITIES_BY_WEIGHT.find((each) => (severities[each] ?? 0) > 0) ?? 'none'
}

function PatternRow({ pattern, set }: { pattern: LogPattern; set: SetLogs }) {
  const t = useTranslations('logs.patterns')
  const format = useFormat()
  const severity = worstOf(pattern)
  const firstMs = Date.parse(pattern.firstSeen)
  return (
    <tr>
      <td>
        <span title={severity.toUpperCase()}>
          <SeverityMark severity={severity} size={11} />
          <span className="sr-only">{severity.toUpperCase()}</span>
        </span>
      </td>
      <td className="!max-w-none !py-1 !whitespace-normal">
        <button
          type="button"
          className="mono block text-left leading-[1.5] break-words hover:underline"
          onClick={() => set({ tab: 'search', q: pattern.query, line: '' })}
        >
          <Template text={pattern.template} />
        </button>
        <Verdicts pattern={pattern} />
      </td>
      <td className="hidden wide:table-cell">{pattern.service}</td>
      <td>
        <Sparkline values={pattern.series} width={84} height={20} color={severityFill(severity)} />
      </td>
      <td className="num">
        <b className="block font-semibold">{format.text(format.count(pattern.lines))}</b>
        <span className="block text-t3">{format.text(format.share(pattern.share, 1))}</span>
      </td>
      <td className="num text-t2" title={pattern.firstSeen}>
        {Number.isNaN(firstMs) ? '–' : format.dateTime(firstMs)}
      </td>
      <td className="num">
        <Button small onClick={() => set({ tab: 'search', q: pattern.query, line: '' })}>
          {t('open')}
        </Button>{' '}
        <RuleLink small match={templateMatch(pattern)} label={t('rule')} />
      </td>
    </tr>
  )
}

function Verdicts({ pattern }: { pattern: LogPattern }) {
  const t = useTranslations('logs.patterns')
  const { newInRelease, surging, baseLines, lines } = pattern
  const times = baseLines === null || baseLines === 0 ? null : lines / baseLines
  if (!pattern.new && newInRelease === null && !surging) return null
  return (
    <span className="mt-0.5 flex flex-wrap gap-1">
      {newInRelease !== null && <Tag tone="bad">{t('newSince', { version: newInRelease })}</Tag>}
      {pattern.new && newInRelease === null && <Tag tone="accent">{t('new')}</Tag>}
      {surging && (
        <Tag tone="degraded">{times === null ? t('surging') : t('times', { times: times >= 10 ? Math.round(times) : Number(times.toFixed(1)) })}</Tag>
      )}
    </span>
  )
}
