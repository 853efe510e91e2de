'use client'
import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useLogFields } from './questions.ts'

export interface FieldPickerProps {
  label: string
  taken: readonly string[]
  onPick: (field: string) => void
}

/** The name of a field, offered from those of the window. */
export function FieldPicker({ label, taken, onPick }: FieldPickerProps) {
  const t = useTranslations('logs')
  const list = useId()
  const [name, setName] = useState('')
  const [asked, setAsked] = useState(false)
  const fields = useLogFields('', asked)
  const pick = (event: FormEvent) => {
    event.preventDefault()
    const field = name.trim()
    if (field !== '' && !taken.includes(field)) onPick(field)
    setName('')
  }
  return (
    <form className="flex min-w-0 gap-1" onSubmit={pick}>
      <input
        type="text"
        list={list}
        value={name}
        aria-label={label}
        placeholder={label}
        onFocus={() => setAsked(true)}
        onChange={({ target }) => setName(target.value)}
        className="mono h-6 min-w-0 flex-1 rounded-2 border border-ctl bg-surface px-1.5 placeholder:font-sans placeholder:text-t3"
      />
      <datalist id={list}>
        {fields.data?.fields
          .filter(({ field }) => !taken.includes(field))
          .map(({ field }) => (
            <option key={field} value={field} />
          ))}
      </datalist>
      <Button type="submit" small square aria-label={t('addField')} disabled={name.trim() === ''}>
        <Icon name="plus" size={12} />
      </Button>
    </form>
  )
}
