import { type ReactNode, useId } from 'react'

/** Class of an input, a select or a text area in a form. */
export const INPUT_CLASS = 'min-h-7 w-full min-w-0 rounded-2 border border-ctl bg-surface px-2 text-t1 aria-invalid:border-bad'

export interface FieldProps {
  label: string
  /** What is wrong with what it holds. */
  errors?: readonly string[]
  hint?: string | undefined
  className?: string
  /** Gets what ties the input to its label and errors. */
  children: (props: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string }) => ReactNode
}

/** An input with its label above and what is wrong with it below. */
export function Field({ label, errors = [], hint, className = '', children }: FieldProps) {
  const id = useId()
  const wrong = errors.length > 0
  const described = wrong ? `${id}-errors` : hint === undefined ? undefined : `${id}-hint`
  return (
    <div className={`flex min-w-0 flex-col gap-0.5 ${className}`}>
      <label htmlFor={id} className="text-11 text-t3">
        {label}
      </label>
      {children({ id, 'aria-invalid': wrong, ...(described === undefined ? {} : { 'aria-describedby': described }) })}
      {hint !== undefined && !wrong && (
        <p id={`${id}-hint`} className="text-11 text-t3">
          {hint}
        </p>
      )}
      {wrong && (
        <ul id={`${id}-errors`} className="m-0 list-none text-11 text-bad-text">
          {errors.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
