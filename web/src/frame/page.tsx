'use client'
import { useTranslations } from 'next-intl'
import { useContext } from 'react'
import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { ViewLink } from '../ui/view-link.tsx'
import { CrumbSlot } from './crumb-slot.ts'

export interface PageProps {
  /** The heading, already in the reader's language. */
  title: string
  /** The list this page is an item of. */
  parent?: { label: string; path: string }
  /** Beside the heading: a verdict, an id. */
  after?: ReactNode
  /** Filters of this page: the 44 px bar. */
  bar?: ReactNode
  /** Children fill the body to its edges and scroll by themselves. */
  canvas?: boolean
  children: ReactNode
}

/** One page: heading into the top bar, filters below it, then the body. */
export function Page({ title, parent, after, bar, canvas = false, children }: PageProps) {
  const slot = useContext(CrumbSlot)
  const brand = useTranslations()('brand')
  return (
    <>
      <title>{`${title} · ${brand}`}</title>
      {slot !== null && createPortal(<Heading title={title} parent={parent} after={after} />, slot)}
      {bar !== undefined && (
        <div className="flex min-h-[var(--bar-h)] flex-none flex-wrap items-center gap-2 border-b border-line bg-surface px-3 py-1.5">{bar}</div>
      )}
      {canvas ? (
        <div className="relative flex min-h-0 flex-1">{children}</div>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-3">{children}</div>
      )}
    </>
  )
}

function Heading({ title, parent, after }: { title: string; parent: PageProps['parent'] | undefined; after: ReactNode }) {
  return (
    <>
      {parent !== undefined && (
        <span className="hidden items-center gap-1.5 whitespace-nowrap phone:flex">
          <ViewLink path={parent.path}>{parent.label}</ViewLink>
          <span className="text-t3">/</span>
        </span>
      )}
      <h1 className="truncate">{title}</h1>
      {after !== undefined && <div className="ml-1.5 hidden min-w-0 items-center gap-1.5 truncate text-12 wide:flex">{after}</div>}
    </>
  )
}
