'use client'
import { useId } from 'react'

interface SegmentedOption<T extends string> {
  value: T
  label: string
}

export interface SegmentedProps<T extends string> {
  label: string
  options: readonly SegmentedOption<T>[]
  value: T
  onChange: (value: T) => void
  small?: boolean
}

/** One of two to seven; arrow keys move, as radio buttons do. */
export function Segmented<T extends string>({ label, options, value, onChange, small = false }: SegmentedProps<T>) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className="inline-flex flex-none overflow-hidden rounded-2 border border-line-strong bg-surface">
      {options.map((option) => (
        <label
          key={option.value}
          className={`relative inline-flex cursor-pointer items-center border-line not-first:border-l font-medium whitespace-nowrap text-t2 has-checked:bg-selected has-checked:font-semibold has-checked:text-t1 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus ${small ? 'h-[22px] px-[7px] text-11' : 'h-[26px] px-[9px] text-12'}`}
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
