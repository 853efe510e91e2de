import { describe, expect, it } from 'vitest'
import type { LoadedPages } from '../api/use-pages.ts'
import { newCount, staysHeld } from './use-held.ts'

interface Page {
  cursor: string | null
  ids: readonly string[]
}
const idsOf = (pages: readonly Page[]) => pages.flatMap(({ ids }) => ids)
const pagesOf = (...pages: readonly (readonly string[])[]): LoadedPages<Page> => ({
  pages: pages.map((ids) => ({ cursor: 'more', ids })),
  pageParams: pages.map(() => ''),
})
const of = (question: string, ...pages: readonly (readonly string[])[]) => ({ question, data: pagesOf(...pages) })

describe('a list that is read', () => {
  it('stands still under newer rows', () => {
    expect(staysHeld(of('q', ['b', 'c']), of('q', ['a', 'b']), idsOf)).toBe(true)
  })

  it('shows the page that its reader asked for', () => {
    expect(staysHeld(of('q', ['b', 'c']), of('q', ['b', 'c'], ['d']), idsOf)).toBe(false)
  })

  it('is never the answer to another question', () => {
    expect(staysHeld(of('q', ['b', 'c']), of('other', ['a']), idsOf)).toBe(false)
  })

  it('is nothing that could be read while it is empty', () => {
    expect(staysHeld(of('q', []), of('q', ['a']), idsOf)).toBe(false)
  })

  it('counts the new rows that wait', () => {
    expect(newCount(['b', 'c'], ['b', 'c'])).toBe(0)
    expect(newCount(['b', 'c'], ['x', 'a', 'b'])).toBe(2)
  })
})
