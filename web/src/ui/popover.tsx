'use client'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { useDismiss } from './use-dismiss.ts'

export interface PopoverProps {
  /** Names the box that opens. */
  label: string
  /** What the button says. */
  button: ReactNode
  /** Right edge under the button's instead of left under left. */
  right?: boolean
  /** What opens; `close` puts it away. */
  children: (close: () => void) => ReactNode
}

/** A button with a box under it; Esc or a press elsewhere puts it away. */
export function Popover({ label, button, right = false, children }: PopoverProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useDismiss(box, open, () => setOpen(false))
  return (
    <div ref={box} className="relative flex-none">
      <Button aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        {button}
        <Icon name="down" size={12} />
      </Button>
      {open && (
        <div
          role="dialog"
          aria-label={label}
          className={`absolute top-8 z-[var(--z-pop)] flex max-h-[60vh] min-w-48 flex-col gap-2.5 overflow-auto rounded-3 border border-line bg-raised p-2.5 shadow-[var(--shadow-2)] ${right ? 'right-0' : 'left-0'}`}
        >
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  )
}
