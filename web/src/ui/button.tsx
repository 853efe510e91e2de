'use client'
import type { ButtonHTMLAttributes } from 'react'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'outline' | 'primary' | 'ghost'
  small?: boolean
  /** Square, for an icon alone; give it an `aria-label`. */
  square?: boolean
}

const LOOKS = {
  outline: 'border-line-strong bg-surface text-t1 hover:bg-hover',
  primary: 'border-accent bg-accent text-inv hover:bg-accent-hover',
  ghost: 'border-transparent bg-transparent text-t2 hover:bg-hover',
} as const

export interface ButtonShape {
  look?: ButtonProps['look'] | undefined
  small?: boolean | undefined
  square?: boolean | undefined
}

export function buttonClass({ look = 'outline', small = false, square = false }: ButtonShape): string {
  const size = small ? 'h-6 px-[7px] text-11' : 'h-7 px-[9px] text-12'
  return `inline-flex items-center gap-1.5 rounded-2 border font-medium whitespace-nowrap hover:no-underline ${size} ${square ? `justify-center !px-0 ${small ? 'w-6' : 'w-7'}` : ''} ${LOOKS[look]} aria-pressed:border-accent aria-pressed:bg-accent-bg aria-pressed:text-accent-text`
}

export function Button({ look, small, square, className = '', ...rest }: ButtonProps) {
  return <button type="button" {...rest} className={`${buttonClass({ look, small, square })} ${className}`} />
}
