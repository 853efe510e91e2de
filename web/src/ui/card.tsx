import type { ReactNode } from 'react'

export interface CardProps {
  /** What a link to this part of the page names. */
  id?: string
  title?: string
  sub?: ReactNode
  end?: ReactNode
  /** A thin line on top while newer data is on its way. */
  busy?: boolean
  className?: string
  children: ReactNode
}

/** One bordered section with a heading; the body decides its own padding. */
export function Card({ id, title, sub, end, busy = false, className = '', children }: CardProps) {
  return (
    <section id={id} aria-label={title} className={`relative flex min-w-0 flex-col overflow-hidden rounded-3 border border-line bg-surface ${className}`}>
      {busy && <div className="busy-line" aria-hidden="true" />}
      {title !== undefined && (
        <div className="flex min-h-9 flex-none items-center gap-2 px-3 pt-[9px] pb-[7px]">
          <h2 className="whitespace-nowrap">{title}</h2>
          {sub !== undefined && <span className="truncate text-11 text-t3">{sub}</span>}
          {end !== undefined && <div className="ml-auto flex flex-none items-center gap-1.5 whitespace-nowrap">{end}</div>}
        </div>
      )}
      {children}
    </section>
  )
}
