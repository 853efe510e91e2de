import type { StatusAnswer } from '@skein/schemas/api/status'
import type { Health } from '@skein/schemas/api/window'

const LATE_MS = 10_000
const VERY_LATE_MS = 60_000

/** Whether Skein itself takes, keeps and shows what is sent. */
export function healthOf(status: Pick<StatusAnswer, 'store' | 'log' | 'droppedLastHour' | 'behindMs'>): Health {
  if (!status.store.ok || !status.log.ok) return 'bad'
  if (status.droppedLastHour > 0) return 'degraded'
  if (status.behindMs === null) return 'unknown'
  if (status.behindMs > VERY_LATE_MS) return 'bad'
  return status.behindMs > LATE_MS ? 'degraded' : 'ok'
}

/** True while the newest data is younger than 10 s, by the server's own clock. */
export function isFresh({ newestData, now }: Pick<StatusAnswer, 'newestData' | 'now'>): boolean {
  return newestData !== null && Date.parse(now) - Date.parse(newestData) < LATE_MS
}
