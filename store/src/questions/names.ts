import type { ByteLru } from '../cache/byte-lru.ts'
import type { TenantWindow } from '../contract-terms.ts'

/** What an id stands for, remembered: it never changes. */
export interface Names<Name> {
  /** Asks for those of the window that are not known. */
  of(window: TenantWindow, ids: readonly string[]): Promise<ReadonlyMap<string, Name>>
}

const NAME_BYTES = 600

export function createNames<Name extends { id: string }>(
  lru: ByteLru,
  kind: string,
  ask: (window: TenantWindow, ids: readonly string[]) => Promise<readonly Name[]>,
): Names<Name> {
  return {
    async of(window, ids) {
      const key = `${kind} names ${window.tenant}`
      const known = (lru.get(key) ?? new Map<string, Name>()) as ReadonlyMap<string, Name>
      const unknown = ids.filter((id) => !known.has(id))
      if (unknown.length === 0) return known
      const names = new Map(known)
      for (const name of await ask(window, unknown)) names.set(name.id, name)
      lru.put(key, names, names.size * NAME_BYTES)
      return names
    },
  }
}

/** 16 hex digits of each id, given as low and high halves. */
export function hexIds(halves: Int32Array): string[] {
  return Array.from({ length: halves.length / 2 }, (_, at) => hex(halves[at * 2 + 1]!) + hex(halves[at * 2]!))
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0')
}
