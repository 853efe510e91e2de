'use client'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

/** Moves something one place; nothing where it cannot go further. */
export function Move({ label, up = false, onClick }: { label: string; up?: boolean; onClick: (() => void) | undefined }) {
  if (onClick === undefined) return null
  return (
    <Button look="ghost" small square aria-label={label} title={label} onClick={onClick}>
      <Icon name="down" size={12} className={up ? 'rotate-180' : ''} />
    </Button>
  )
}
