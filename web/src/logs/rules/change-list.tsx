'use client'
import { bodyText } from '../line-fields.ts'
import type { FieldChange } from './line-change.ts'

const SHOWN_CHARACTERS = 600

/** Fields that changed, what was struck through. */
export function ChangeList({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <dl className="mono grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-2 gap-y-0.5 leading-normal">
      {changes.map(({ field, before, after }) => (
        <div key={field} className="contents">
          <dt className="max-w-32 truncate text-t3" title={field}>
            {field}
          </dt>
          <dd className="min-w-0 break-words whitespace-pre-wrap">
            {before !== null && <del className="text-t3">{bodyText(before, SHOWN_CHARACTERS)}</del>}{' '}
            {after !== null && <ins className="no-underline">{bodyText(after, SHOWN_CHARACTERS)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
