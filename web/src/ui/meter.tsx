/** A share from 0 to 1 as a bar beside its number. Decoration: the number is the text. */
export function Meter({ share, color = 'text-3' }: { share: number; color?: string }) {
  return (
    <span className="flex h-2 overflow-hidden rounded-[3px] bg-sunken" aria-hidden="true">
      <i className="block h-full" style={{ width: `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`, background: `var(--${color})` }} />
    </span>
  )
}
