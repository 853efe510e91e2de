'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { type FieldValues, type OnFilter, valuesOf } from './conditions.ts'
import { FieldPicker } from './field-picker.tsx'
import type { LogConditions } from './questions.ts'
import { severityNamed, SeverityMark } from './severity-look.tsx'
import { type Facet, useFacetsByField } from './use-facets-by-field.ts'

/** Always counted; all but the first two only where lines have them. */
const STANDARD = ['severity', 'service', 'environment', 'cluster', 'service.version', 'k8s.pod.name', 'host.name', 'log.file.name'] as const
const SHOWN = 6
/** With more values than this there is a search inside. */
const SEARCHED_OVER = 20

export interface LogFacetsProps {
  conditions: LogConditions
  /** Fields counted over the standard ones. */
  added: readonly string[]
  onAdded: (fields: string[]) => void
  onToggle: OnFilter
}

/** What the lines hold, by field: a press asks for a value, a second press no longer does, × excludes it. */
export function LogFacets({ conditions, added, onAdded, onToggle }: LogFacetsProps) {
  const t = useTranslations('logs.facet')
  const fields = [...new Set([...STANDARD, ...added])]
  const facets = useFacetsByField(conditions, fields)
  const of = (field: string) => valuesOf(conditions.q, field)
  const isTold = ({ field, values }: Facet): boolean =>
    added.includes(field) || values.length > 1 || (values.length === 1 && !['environment', 'cluster'].includes(field)) || of(field).included.length > 0
  return (
    <aside aria-label={t('label')} className="hidden w-[204px] flex-none flex-col gap-3 overflow-auto border-r border-line bg-surface p-3 min-[1000px]:flex">
      {facets === null && <Skeleton rows={8} className="!p-0" />}
      {facets?.filter(isTold).map((facet) => (
        <FacetList
          key={facet.field}
          facet={facet}
          chosen={of(facet.field)}
          onToggle={onToggle}
          {...(added.includes(facet.field) ? { onRemove: () => onAdded(added.filter((each) => each !== facet.field)) } : {})}
        />
      ))}
      <FieldPicker label={t('add')} taken={fields} onPick={(field) => onAdded([...added, field])} />
    </aside>
  )
}

interface FacetListProps {
  facet: Facet
  chosen: FieldValues
  onToggle: OnFilter
  onRemove?: () => void
}

function FacetList({ facet, chosen, onToggle, onRemove }: FacetListProps) {
  const t = useTranslations('logs.facet')
  const [all, setAll] = useState(false)
  const [sought, setSought] = useState('')
  const { field } = facet
  const title = isNamed(field) ? t(field) : field
  const values = withChosen(facet.values, chosen)
  const matching = values.filter(({ value }) => value.toLowerCase().includes(sought.toLowerCase()))
  const shown = all || sought !== '' ? matching : matching.filter(({ value }, index) => index < SHOWN || isChosen(chosen, value))
  return (
    <section aria-label={title}>
      <FacetTitle title={title} count={values.length} field={field} {...(onRemove === undefined ? {} : { onRemove })} />
      {all && values.length > SEARCHED_OVER && (
        <input
          type="text"
          value={sought}
          aria-label={t('search', { field: title })}
          placeholder={t('search', { field: title })}
          onChange={({ target }) => setSought(target.value)}
          className="mb-1 h-6 w-full rounded-2 border border-ctl bg-sunken px-1.5 text-11"
        />
      )}
      <ul>
        {shown.map(({ value, lines }) => (
          <FacetValue key={value} facet={facet} value={value} lines={lines} chosen={chosen} onToggle={onToggle} />
        ))}
      </ul>
      {matching.length > SHOWN && sought === '' && (
        <Button look="ghost" small onClick={() => setAll(!all)}>
          {all ? t('fewer') : t('more', { count: matching.length - SHOWN })}
        </Button>
      )}
    </section>
  )
}

function FacetTitle({ title, count, field, onRemove }: { title: string; count: number; field: string; onRemove?: () => void }) {
  const t = useTranslations('logs.facet')
  return (
    <h3 className="mb-1 flex items-center gap-1">
      <span className="truncate">{title}</span>
      {onRemove !== undefined && (
        <button type="button" aria-label={t('remove', { field })} title={t('remove', { field })} onClick={onRemove} className="text-t3 hover:text-t1">
          <Icon name="close" size={11} />
        </button>
      )}
      <span className="ml-auto font-normal text-t3">{count > SHOWN ? count : ''}</span>
    </h3>
  )
}

const NAMED = ['severity', 'service', 'environment', 'cluster'] as const
const isNamed = (field: string): field is (typeof NAMED)[number] => NAMED.some((each) => each === field)

/** What the search says stays to be taken back, also where no line has it. */
function withChosen(values: Facet['values'], { included, excluded }: FieldValues): Facet['values'] {
  const missing = [...included, ...excluded].filter((value) => !values.some((each) => each.value === value))
  return [...values, ...missing.map((value) => ({ value, lines: 0 }))]
}

const isChosen = ({ included, excluded }: FieldValues, value: string): boolean => included.includes(value) || excluded.includes(value)

interface FacetValueProps {
  facet: Facet
  value: string
  lines: number
  chosen: FieldValues
  onToggle: OnFilter
}

function FacetValue({ facet, value, lines, chosen, onToggle }: FacetValueProps) {
  const t = useTranslations('logs.facet')
  const format = useFormat()
  const { field, counted } = facet
  const asked = chosen.included.includes(value)
  const out = chosen.excluded.includes(value)
  const severity = field === 'severity' ? severityNamed(value) : null
  return (
    <li className="group relative">
      <button
        type="button"
        role="checkbox"
        aria-checked={asked}
        aria-label={`${value} ${out ? t('excluded') : ''} ${format.integer(lines)}`}
        title={value}
        onClick={() => onToggle(field, value, true)}
        onKeyDown={(event) => {
          if (event.key !== 'x') return
          event.preventDefault()
          onToggle(field, value, false)
        }}
        className="grid min-h-6 w-full grid-cols-[13px_minmax(0,1fr)_auto] items-center gap-x-1.5 rounded-1 py-[2px] text-left hover:bg-hover"
      >
        <span
          className={`grid h-[13px] w-[13px] place-items-center rounded-1 border text-10 ${asked ? 'border-accent bg-accent text-inv' : 'border-ctl bg-surface text-t2'}`}
        >
          {asked ? <Check /> : out ? '≠' : ''}
        </span>
        <span className={`flex min-w-0 items-center gap-1 ${out ? 'text-t3 line-through' : ''}`}>
          {severity !== null && <SeverityMark severity={severity} size={8} />}
          <span className="truncate">{severity === null ? value : value.toUpperCase()}</span>
        </span>
        <span className="text-t3 group-focus-within:pr-6 group-hover:pr-6">{format.text(format.count(lines))}</span>
        <span aria-hidden="true" className="col-span-2 col-start-2 h-[2px] overflow-hidden rounded-1 bg-sunken">
          <i className="block h-full bg-line-strong" style={{ width: `${counted > 0 ? Math.min(100, (lines / counted) * 100) : 0}%` }} />
        </span>
      </button>
      <button
        type="button"
        aria-pressed={out}
        aria-label={t('exclude', { field, value })}
        title={t('exclude', { field, value })}
        onClick={() => onToggle(field, value, false)}
        className="absolute top-0 right-0 grid h-6 w-6 place-items-center text-t3 opacity-0 group-hover:opacity-100 hover:text-t1 focus-visible:opacity-100"
      >
        <Icon name="close" size={12} />
      </button>
    </li>
  )
}

function Check() {
  return (
    <svg width={9} height={9} viewBox="0 0 10 10" fill="none" stroke="currentColor" strokeWidth={2} aria-hidden="true">
      <path d="M1.500 5.200 4 7.600 8.500 2.500" />
    </svg>
  )
}
