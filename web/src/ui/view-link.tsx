'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useHref } from '../url/view-state.ts'
import type { LinkParameters } from '../url/view-state.ts'

export interface ViewLinkProps {
  path: string
  parameters?: LinkParameters
  /** Id of the part of the page. */
  hash?: string
  className?: string
  title?: string
  current?: boolean
  /** Fetches the page ahead while the link is in sight, so that it opens at once. */
  ahead?: boolean
  children: ReactNode
}

/** A link to a page of Skein that carries range, environment and the rest of the shared view. */
export function ViewLink({ path, parameters, hash, className, title, current = false, ahead = false, children }: ViewLinkProps) {
  const href = useHref()
  return (
    <Link
      href={href(path, parameters) + (hash === undefined ? '' : `#${hash}`)}
      prefetch={ahead ? null : false}
      className={className}
      title={title}
      {...(current ? { 'aria-current': 'page' } : {})}
    >
      {children}
    </Link>
  )
}
