'use client'
import { useTranslations } from 'next-intl'
import { Icon } from './icon.tsx'

export interface SearchBoxProps {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
}

/** The search of a page: `/` focuses it, Esc empties it and leaves. */
export function SearchBox({ label, value, onChange, className = 'w-56' }: SearchBoxProps) {
  const t = useTranslations('action')
  return (
    <div
      className={`flex h-7 min-w-0 items-center gap-[7px] rounded-2 border border-ctl bg-sunken px-2 text-t3 has-focus-visible:outline-2 has-focus-visible:outline-focus ${className}`}
    >
      <Icon name="search" size={14} />
      <input
        data-page-search
        type="text"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          onChange('')
          event.currentTarget.blur()
        }}
        className="min-w-0 flex-1 bg-transparent text-t1 outline-none placeholder:text-t3"
      />
      {value === '' ? (
        <kbd>/</kbd>
      ) : (
        <button type="button" aria-label={t('clear')} onClick={() => onChange('')}>
          <Icon name="close" size={12} />
        </button>
      )}
    </div>
  )
}
