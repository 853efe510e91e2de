import type { ByteLru } from '../cache/byte-lru.ts'
import type { TenantWindow } from '../contract-terms.ts'
import { isTooManyRows } from './in-parts.ts'

/** What an id stands for, remembered: it never changes. */
export interface Names<Name> {
  /** Names of ids, given as low and high halves, in their order; asks for those of the window that are not known. The same array of ids has the same names. */
  of(window: TenantWindow, halves: Int32Array): Promise<readonly (Name | undefined)[]>
}

const NAME_BYTES = 600
const NAMES_A_QUESTION = 50_000
const FEW_MINUTES_MS = 600_000

export function createNames<Name extends { id: string }>(
  lru: ByteLru,
  kind: string,
  ask: (window: TenantWindow, ids: readonly string[]) => Promise<readonly Name[]>,
): Names<Name> {
  const found = new WeakMap<Int32Array, readonly (Name | undefined)[]>()
  const lookUp = async (window: TenantWindow, ids: readonly string[]): Promise<ReadonlyMap<string, Name>> => {
    const key = `${kind} names ${window.tenant}`
    const known = (lru.get(key) ?? new Map<string, Name>()) as ReadonlyMap<string, Name>
    const names = new Map(known)
    for (const asked of narrowFirst(window)) {
      const unknown = ids.filter((id) => !names.has(id))
      for (let from = 0; from < unknown.length; from += NAMES_A_QUESTION)
        for (const name of await askHalves(unknown.slice(from, from + NAMES_A_QUESTION), (some) => ask(asked, some))) names.set(name.id, name)
    }
    if (names.size === known.size) return known
    lru.put(key, names, names.size * NAME_BYTES)
    return names
  }
  return {
    async of(window, halves) {
      const before = found.get(halves)
      if (before !== undefined) return before
      const ids = hexIds(halves)
      const known = await lookUp(window, ids)
      const names = ids.map((id) => known.get(id))
      if (!names.includes(undefined)) found.set(halves, names)
      return names
    },
  }
}

/** Most ids come again and again, so that a few minutes have all of them: to look through a day costs much more. */
function narrowFirst(window: TenantWindow): TenantWindow[] {
  return window.endMs - window.startMs <= FEW_MINUTES_MS ? [window] : [{ ...window, startMs: window.endMs - FEW_MINUTES_MS }, window]
}

/** Names that are more than an answer may hold are asked for by half as many ids. */
async function askHalves<Name>(ids: readonly string[], ask: (ids: readonly string[]) => Promise<readonly Name[]>): Promise<readonly Name[]> {
  try {
    return await ask(ids)
  } catch (error) {
    if (ids.length < 2 || !isTooManyRows(error)) throw error
    const middle = ids.length >> 1
    return [...(await askHalves(ids.slice(0, middle), ask)), ...(await askHalves(ids.slice(middle), ask))]
  }
}

/** 16 hex digits of each id, given as low and high halves. */
function hexIds(halves: Int32Array): string[] {
  return Array.from({ length: halves.length / 2 }, (_, at) => hex(halves[at * 2 + 1]!) + hex(halves[at * 2]!))
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0')
}
