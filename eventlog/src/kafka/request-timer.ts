import { createRequire } from 'node:module'

interface RequestQueue {
  pending: unknown[]
  throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  checkPendingRequests(): void
}

const CHECK_MS = 10

/**
 * kafkajs 2.2.4 arms a timer of negative delay on every connection for ever: Node 24 warns, and an idle process spends 2 % of a core.
 * The timer is needed only while requests wait.
 */
export function calmRequestTimers(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests(this: RequestQueue): void }
  }
  prototype.scheduleCheckPendingRequests = function scheduleWhenWaiting() {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return
    const delayMs = Math.max(this.throttledUntil - new Date().getTime(), CHECK_MS)
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    }, delayMs)
  }
}
