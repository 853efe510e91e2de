'use client'
import { useEffect, useState } from 'react'
import type { LoadedPages, PageAnswer, Pages } from '../api/use-pages.ts'

/** What a reader sees of one list. */
interface Held<Page> {
  question: string
  data: LoadedPages<Page>
}

export interface HeldPages<Page> {
  /** All of one moment: what belongs to a row stands in the page that it came with. */
  pages: readonly Page[]
  /** New rows that wait. */
  waiting: number
  letIn: () => void
  /** There are rows behind these. */
  hasMore: boolean
  loadMore: () => void
  /** The list is told when a reader leaves the edge that new rows come in at, and when back there. */
  onReading: (reading: boolean) => void
}

export interface HeldOptions<Page> {
  /** Somebody reads, wherever the list is scrolled to. */
  reading: boolean
  /** Ids of the rows. Keep it stable between renders. */
  idsOf: (pages: readonly Page[]) => readonly string[]
}

/** A list that stands still while it is read: new rows wait and are counted, and come in when let in or when nobody reads. */
export function useHeld<Page extends PageAnswer>(answer: Pages<Page>, { reading, idsOf }: HeldOptions<Page>): HeldPages<Page> {
  const { question, data, isPlaceholderData, loadBehind } = answer
  const [held, setHeld] = useState<Held<Page> | null>(null)
  // who read another list reads no more
  const [scrolledOf, setScrolledOf] = useState('')
  const reads = reading || scrolledOf === question
  useEffect(() => {
    if (data === undefined || isPlaceholderData) return
    setHeld((before) => (before !== null && reads && staysHeld(before, { question, data }, idsOf) ? before : { question, data }))
  }, [question, data, isPlaceholderData, reads, idsOf])
  const heldData = reads ? heldOf(held, question, idsOf) : null
  const shown = heldData ?? data
  return {
    pages: shown?.pages ?? [],
    waiting: heldData === null || data === undefined ? 0 : newCount(idsOf(heldData.pages), idsOf(data.pages)),
    letIn: () => data !== undefined && setHeld({ question, data }),
    hasMore: !isPlaceholderData && hasMore(shown),
    loadMore: () => shown !== undefined && loadBehind(shown),
    onReading: (scrolled) => setScrolledOf(scrolled ? question : ''),
  }
}

function heldOf<Page>(held: Held<Page> | null, question: string, idsOf: HeldOptions<Page>['idsOf']): LoadedPages<Page> | null {
  return held?.question === question && idsOf(held.data.pages).length > 0 ? held.data : null
}

/** Whether there are rows behind those that are loaded. */
export function hasMore<Page extends PageAnswer>(data: LoadedPages<Page> | undefined): boolean {
  return (data?.pages.at(-1)?.cursor ?? null) !== null
}

/** A reader keeps the rows before him: not those of another list, nor none; and takes the page that he asked for behind them. */
export function staysHeld<Page>(before: Held<Page>, next: Held<Page>, idsOf: (pages: readonly Page[]) => readonly string[]): boolean {
  return before.question === next.question && next.data.pages.length <= before.data.pages.length && idsOf(before.data.pages).length > 0
}

/** How many of the new rows are not among the old. */
export function newCount(before: readonly string[], ids: readonly string[]): number {
  if (before === ids) return 0
  const known = new Set(before)
  return ids.filter((id) => !known.has(id)).length
}
