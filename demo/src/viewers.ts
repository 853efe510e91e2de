import { Agent, request } from 'node:http'
import { createSessions } from './sessions.ts'

/** What viewers do, and how often of 100 actions. */
const ACTIONS: readonly (readonly [share: number, method: string, path: string])[] = [
  [30, 'GET', '/epg'],
  [25, 'GET', '/home'],
  [25, 'POST', '/play/7'],
  [15, 'POST', '/login'],
  [5, 'POST', '/orders'],
]

export interface Viewers {
  stop(): void
  readonly counts: { sent: number; failed: number }
}

const TICK_MS = 20

/**
 * Traffic from outside: no tracing, so that the gateway's callers are unknown, as from real televisions. `perSecond` is asked at every tick, with the
 * time since the start in ms.
 */
export function startViewers(gatewayPort: number, perSecond: (sinceStartMs: number) => number): Viewers {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const counts = { sent: 0, failed: 0 }
  const sessions = createSessions(Math.round(performance.timeOrigin).toString(36))
  let next = 0
  const send = (): void => {
    const draw = (next++ * 37) % 100 // spreads the actions evenly; 37 and 100 have no common divisor
    let sum = 0
    const action = ACTIONS.find(([share]) => {
      sum += share
      return draw < sum
    })
    if (action === undefined) return
    const [, method, path] = action
    counts.sent++
    const outgoing = request(
      { host: '127.0.0.1', port: gatewayPort, method, path, agent, timeout: 10_000, headers: { 'x-session-id': sessions.of(method, path) } },
      (response) => {
        if ((response.statusCode ?? 500) >= 500) counts.failed++
        response.resume()
      },
    )
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => {
      counts.failed++
    })
    outgoing.end()
  }
  const startedAt = performance.now()
  let lastAt = startedAt
  let due = 0
  const timer = setInterval(() => {
    const at = performance.now()
    due += ((at - lastAt) / 1000) * perSecond(at - startedAt)
    lastAt = at
    for (; due >= 1; due--) send()
  }, TICK_MS)
  return {
    counts,
    stop() {
      clearInterval(timer)
      agent.destroy()
    },
  }
}
