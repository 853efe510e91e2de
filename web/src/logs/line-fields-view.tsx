'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { isWebAddress } from '../trace/attributes.tsx'
import { valueText } from '../trace/find-spans.ts'
import { Icon } from '../ui/icon.tsx'
import { type Attributes, bodyText, ownFields } from './line-fields.ts'
import type { OnFilter } from './conditions.ts'

const SHOWN_CHARACTERS = 2000
/** A longer value is no value to search by. */
const SEARCHED_CHARACTERS = 400

/** What a line has of its own, its attributes and those of its resource; each value can be asked for or excluded. */
export function LineFields({ line, resource, onFilter }: { line: LogLine; resource: Attributes; onFilter: OnFilter }) {
  const t = useTranslations('logs.detail')
  return (
    <div className="grid items-start gap-x-5 gap-y-2 @min-[560px]:grid-cols-2 @min-[860px]:grid-cols-3">
      <Fields title={t('line')} values={ownFields(line)} onFilter={onFilter} />
      <Fields title={t('attributes')} values={textsOf(line.attributes)} onFilter={onFilter} />
      <Fields title={t('resource')} values={textsOf(resource)} onFilter={onFilter} />
    </div>
  )
}

function textsOf(attributes: Attributes): (readonly [string, string])[] {
  return Object.keys(attributes)
    .sort()
    .map((key) => [key, valueText(attributes[key] ?? null)] as const)
}

function Fields({ title, values, onFilter }: { title: string; values: readonly (readonly [string, string])[]; onFilter: OnFilter }) {
  if (values.length === 0) return null
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 text-11 text-t3">{title}</h3>
      <dl className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-3 gap-y-[3px]">
        {values.map(([field, value]) => (
          <div key={field} className="group contents">
            <dt className="mono break-words text-t3">{field}</dt>
            <dd className="mono min-w-0 break-words whitespace-pre-wrap text-t1">
              <Value value={value} />
              {value.length <= SEARCHED_CHARACTERS && <Filters field={field} value={value} onFilter={onFilter} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Value({ value }: { value: string }) {
  const shown = bodyText(value, SHOWN_CHARACTERS)
  if (!isWebAddress(value)) return shown
  return (
    <a href={value} target="_blank" rel="noopener noreferrer nofollow">
      {shown}
    </a>
  )
}

function Filters({ field, value, onFilter }: { field: string; value: string; onFilter: OnFilter }) {
  const t = useTranslations('logs.detail')
  const named = { field, value: value.length > 60 ? `${value.slice(0, 60)}…` : value }
  return (
    <span className="ml-1 inline-flex w-0 gap-0.5 align-[-2px] whitespace-nowrap text-t3 opacity-0 group-hover:opacity-100 focus-within:opacity-100">
      <button
        type="button"
        title={t('filterFor', named)}
        aria-label={t('filterFor', named)}
        onClick={() => onFilter(field, value, true)}
        className="hover:text-t1"
      >
        <Icon name="plus" size={13} />
      </button>
      <button
        type="button"
        title={t('filterOut', named)}
        aria-label={t('filterOut', named)}
        onClick={() => onFilter(field, value, false)}
        className="hover:text-t1"
      >
        <Icon name="minus" size={13} />
      </button>
    </span>
  )
}
