/** Who reads lines as they come in. While somebody does, whoever writes them hurries. */
export interface OpenTails {
  /** Null when a tenant has all it may; else what to call, once, when this one ends. */
  enter(tenant: string): (() => void) | null
  /** Whether there is any. */
  any(): boolean
}

export const MAX_TAILS_PER_TENANT = 20

export function createOpenTails(): OpenTails {
  const open = new Map<string, number>()
  return {
    enter(tenant) {
      const count = open.get(tenant) ?? 0
      if (count >= MAX_TAILS_PER_TENANT) return null
      open.set(tenant, count + 1)
      return () => {
        const left = (open.get(tenant) ?? 1) - 1
        if (left === 0) open.delete(tenant)
        else open.set(tenant, left)
      }
    },
    any: () => open.size > 0,
  }
}
