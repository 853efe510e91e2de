import type { Settings } from './settings.ts'

/** What is not there yet is looked for so often, and what looks unchanged read, should a file's time have misled us. */
const LOOK_ANYWAY_MS = 1000

export interface PollingOptions extends Pick<Settings, 'pollMs' | 'idlePollMs' | 'report'> {
  /** Hands out what there is; says whether there was anything. `anyway`: also of what is new or looks unchanged. */
  poll: (anyway: boolean) => boolean
}

/** Polls more and more seldom while nothing comes, and at once as often as ever when something does. */
export function createPolling({ poll, pollMs, idlePollMs, report }: PollingOptions): { stop(): void } {
  let waitMs = pollMs
  let sinceLookMs = 0
  let timer: NodeJS.Timeout

  function run(): void {
    sinceLookMs += waitMs
    const anyway = sinceLookMs >= LOOK_ANYWAY_MS
    if (anyway) sinceLookMs = 0
    let found = false
    try {
      found = poll(anyway)
    } catch (error) {
      report('error', 'log_poll_failed', { error: String(error) })
    }
    waitMs = found ? pollMs : Math.min(waitMs * 2, Math.max(pollMs, idlePollMs))
    timer = setTimeout(run, waitMs)
  }

  timer = setTimeout(run, waitMs)
  return { stop: () => clearTimeout(timer) }
}
