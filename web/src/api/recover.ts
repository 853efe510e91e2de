/** A failed question is asked again at least this often, live or not, so that a page heals by itself. */
const RECOVER_MS = 5000

/** When to ask again after a failure; `intervalMs` is how often the question is asked anyway, null never. */
export const recoverIntervalMs = (intervalMs: number | null): number => Math.max(intervalMs ?? 0, RECOVER_MS)
