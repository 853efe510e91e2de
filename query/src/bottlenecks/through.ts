import type { PathQuestions } from '@skein/store/contract-paths'
import { entryText, type PathContributor } from '@skein/store/path-text'

type EntryRow = Awaited<ReturnType<PathQuestions['entries']>>[number]
type Mention = Awaited<ReturnType<PathQuestions['mentions']>>[number]

/** The entries whose traces spend time at a node of this name, or on the way to it, those that spend most there first. */
export function entriesThrough(entries: readonly EntryRow[], mentions: readonly Mention[], name: string): EntryRow[] {
  const timeNs = new Map<string, number>()
  for (const mention of mentions) {
    if (!isAt(mention.contributor, name)) continue
    const key = entryText(mention.entry)
    timeNs.set(key, (timeNs.get(key) ?? 0) + mention.timeNs)
  }
  const at = (row: EntryRow): number => timeNs.get(entryText(row.entry)) ?? 0
  return entries.filter((row) => at(row) > 0).sort((a, b) => at(b) - at(a))
}

/** Its own time, and that of an edge to or from it. */
function isAt({ node, edge }: PathContributor, name: string): boolean {
  return node.name === name || edge?.other.name === name
}
