import type { TagTone } from '../ui/chip.tsx'
import type { Change } from './merge-trees.ts'

/** New and gone are changes, slower is bad, faster is good; the word says which. */
export const CHANGE_TONES: Readonly<Record<Change, TagTone>> = {
  new: 'marker',
  gone: 'marker',
  slower: 'degraded',
  faster: 'ok',
  more: 'plain',
  fewer: 'plain',
  same: 'plain',
}
