import { describe, expect, it } from 'vitest'
import { fuzzyDistance } from '../fuzzy.ts'
import { foundEntries, pastedTraceId, type PaletteEntry, readRecent, restingEntries, withRecent } from './entries.ts'

const entry = (id: string, group: PaletteEntry['group'], label: string, also?: string): PaletteEntry => ({
  id,
  group,
  label,
  icon: 'search',
  run: () => {},
  ...(also === undefined ? {} : { also }),
})
const ENTRIES = [
  entry('page:map', 'page', 'Map', '拓扑'),
  entry('page:traces', 'page', 'Traces'),
  entry('service:playback', 'service', 'playback'),
  entry('service:play-history', 'service', 'play-history'),
  entry('operation:playback', 'operation', 'playback · POST /play/:title'),
  entry('action:theme', 'action', 'Dark theme'),
]
const ids = (entries: readonly PaletteEntry[]): string[] => entries.map(({ id }) => id)

describe('the palette', () => {
  it('finds by beginnings, words, letters in order, and the name in the other language', () => {
    expect(ids(foundEntries(ENTRIES, 'playback'))[0]).toBe('service:playback')
    expect(ids(foundEntries(ENTRIES, 'post play'))).toEqual(['operation:playback'])
    expect(ids(foundEntries(ENTRIES, 'plhist'))).toEqual(['service:play-history'])
    expect(ids(foundEntries(ENTRIES, '拓'))).toEqual(['page:map'])
    expect(ids(foundEntries(ENTRIES, 'zzz'))).toEqual([])
  })

  it('puts what answers everything behind what was meant', () => {
    const logs: PaletteEntry = { ...entry('logs:typed', 'action', 'Search logs for plhist'), last: true }
    expect(ids(foundEntries([logs, ...ENTRIES], 'plhist'))).toEqual(['service:play-history', 'logs:typed'])
    expect(ids(foundEntries([logs, ...ENTRIES], 'zzz'))).toEqual(['logs:typed'])
  })

  it('begins with what was chosen last and never says a thing twice', () => {
    const resting = restingEntries(ENTRIES, ['service:playback', 'page:map', 'gone'])
    expect(ids(resting)).toEqual(['service:playback', 'page:map', 'page:traces', 'action:theme'])
    expect(resting.slice(0, 2).every(({ group }) => group === 'recent')).toBe(true)
  })

  it('knows a trace by its id, however it is pasted', () => {
    const id = 'b01c77e2b01c77e2b01c77e2b01c77e2'
    expect([id, ` ${id.toUpperCase()}\n`, `00-${id}-00f067aa0ba902b7-01`, `https://a/trace?id=${id}&span=1`].map(pastedTraceId)).toEqual([id, id, id, id])
    expect(['', 'playback', '0'.repeat(32), `${id}0`].map(pastedTraceId)).toEqual([null, null, null, null])
  })

  it('remembers a few, the last first, and survives a spoilt memory', () => {
    expect(withRecent(['a', 'b', 'c', 'd', 'e', 'f'], 'c')).toEqual(['c', 'a', 'b', 'd', 'e', 'f'])
    expect(withRecent(['a', 'b', 'c', 'd', 'e', 'f'], 'g')).toHaveLength(6)
    expect([null, '{', '3', '["a",1]'].map(readRecent)).toEqual([[], [], [], ['a']])
  })
})

describe('likeness', () => {
  it('is nearer for an exact word than for its beginning, for that than for its inside, for that than for scattered letters', () => {
    const order = ['drm', 'drm-keys', 'keys-drm', 'xdrm', 'dxrm'].map((text) => fuzzyDistance(text, 'drm') ?? Infinity)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(new Set(order).size).toBe(5)
  })

  it('needs every word', () => {
    expect(fuzzyDistance('playback POST', 'playback get')).toBeNull()
    expect(fuzzyDistance('Ürün', 'urun')).not.toBeNull()
  })
})
