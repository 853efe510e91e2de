import type { TenantWindow } from '@skein/store/contract-terms'
import type { EventStore, PostedEvent, VersionStart } from '@skein/store/contract-events'
import { SERVICES } from './tv-operator.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** What is in trouble got into it 25 minutes before the hour. */
const RELEASE_MINUTE = 35

/** What was posted to this very store, and a release of the service that fails, an hour each. */
export function fakeEvents(clock: () => number): EventStore {
  const told = new Map<string, PostedEvent>()
  return {
    async post(tenant, event) {
      const key = JSON.stringify([tenant, event.id])
      const known = told.get(key)
      if (known === undefined) told.set(key, event)
      return known ?? event
    },
    posted: async ({ startMs, endMs }, limit) =>
      [...told.values()]
        .filter(({ timeMs }) => timeMs >= startMs && timeMs < endMs)
        .sort((a, b) => a.timeMs - b.timeMs)
        .slice(-limit),
    versions: async (window) => releases(window, clock()),
    instanceStarts: async () => [],
  }
}

function releases({ startMs, endMs }: TenantWindow, nowMs: number): VersionStart[] {
  const service = SERVICES.find((each) => each.service === 'drm-license')
  if (service === undefined) return []
  const first = Math.floor(startMs / HOUR_MS) * HOUR_MS
  const hours = Math.max(0, Math.ceil((Math.min(endMs, nowMs) - first) / HOUR_MS))
  return Array.from({ length: hours }, (_, hour) => first + hour * HOUR_MS + RELEASE_MINUTE * MINUTE_MS)
    .filter((minuteMs) => minuteMs >= startMs && minuteMs < Math.min(endMs, nowMs))
    .map((minuteMs) => ({
      environment: service.environment,
      cluster: service.cluster,
      namespace: service.namespace,
      service: service.service,
      minuteMs,
      fromVersion: '4.12.2',
      toVersion: service.version,
      instances: 2,
      instancesOfAll: service.instances,
    }))
}
