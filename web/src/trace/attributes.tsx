'use client'
import type { AttributeValue } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { Icon } from '../ui/icon.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { valueText } from './find-spans.ts'

/** Longer values are cut on screen. */
const SHOWN_CHARACTERS = 2000

export interface AttributesProps {
  values: Readonly<Record<string, AttributeValue>>
  /** Each scalar links to the traces that have it. */
  searchable?: boolean
}

/** Keys in order with their values; values are text, whatever they hold, and only http(s) addresses become links. */
export function Attributes({ values, searchable = false }: AttributesProps) {
  const keys = Object.keys(values).sort()
  if (keys.length === 0) return null
  return (
    <dl className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-3 gap-y-[3px]">
      {keys.map((key) => (
        <div key={key} className="group contents">
          <dt className="mono break-words text-t3">{key}</dt>
          <dd className="mono min-w-0 break-words whitespace-pre-wrap text-t1">
            <Value value={values[key] ?? null} />
            {searchable && <SearchLink name={key} value={values[key] ?? null} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value }: { value: AttributeValue }) {
  const text = valueText(value)
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
  if (!isWebAddress(text)) return shown
  return (
    <a href={text} target="_blank" rel="noopener noreferrer nofollow">
      {shown}
    </a>
  )
}

export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s]+$/i.test(text) || text.length > SHOWN_CHARACTERS) return false
  return URL.canParse(text)
}

function SearchLink({ name, value }: { name: string; value: AttributeValue }) {
  const t = useTranslations('trace.panel')
  if (value === null || typeof value === 'object' || valueText(value).length > 200) return null
  const label = t('tracesWith', { name })
  return (
    <ViewLink
      path="/traces"
      parameters={{ attr: `${name}=${valueText(value)}` }}
      title={label}
      className="ml-1 inline-block align-[-2px] text-t3 opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
    >
      <Icon name="search" size={12} />
      <span className="sr-only">{label}</span>
    </ViewLink>
  )
}
