import { Brand } from './brand.tsx'

const ROWS = 10
/** The same in every language. */
const NAME = 'Skein'

/** What a page shows until its program is there: where things will be, since nothing is known yet, not even the language. */
export function Opening() {
  return (
    <div aria-hidden="true" className="flex h-dvh flex-col">
      <title>{NAME}</title>
      <div className="flex h-[var(--top-h)] flex-none items-center border-b border-line bg-surface px-4">
        <Brand />
      </div>
      <div className="flex flex-col gap-2 p-6">
        {Array.from({ length: ROWS }, (_, row) => (
          <div key={row} className="skeleton h-5" />
        ))}
      </div>
    </div>
  )
}
