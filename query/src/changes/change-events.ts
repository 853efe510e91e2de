import type { ChangeEvent, EventKind, EventSource } from '@skein/schemas/api/events'
import type { CompareNote } from '@skein/schemas/api/compare-note'
import type { Store } from '@skein/store/contract'
import type { TenantWindow } from '@skein/store/contract-terms'
import type { PostedEvent, VersionStart } from '@skein/store/contract-events'
import { createHash } from 'node:crypto'
import { isoTime } from '../window.ts'

/** Of posted and of found ones each; a chart cannot show more. */
const MAX_EVENTS = 1000

export interface ChangeFilter {
  environment?: string | undefined
  cluster?: string | undefined
  service?: string | undefined
  kind?: EventKind | undefined
  source?: EventSource | undefined
}

/** What changed in a window, oldest first: what was posted, and the versions that the telemetry shows. */
export async function readChanges(store: Store, window: TenantWindow, filter: ChangeFilter): Promise<{ events: ChangeEvent[]; notes: CompareNote[] }> {
  const [posted, versions] = await Promise.all([
    filter.source === 'found' ? [] : store.events.posted(window, MAX_EVENTS + 1),
    filter.source === 'posted' || (filter.kind ?? 'version') !== 'version' ? [] : store.events.versions(window),
  ])
  const events = [...posted.slice(-MAX_EVENTS).map(postedEvent), ...versions.slice(-MAX_EVENTS).map(foundEvent)]
  return { events: events.filter((event) => matches(event, filter)).sort(byTimeThenId), notes: limitNotes(posted.length > MAX_EVENTS, versions.length) }
}

function limitNotes(tooManyPosted: boolean, versions: number): CompareNote[] {
  if (!tooManyPosted && versions <= MAX_EVENTS) return []
  const message = `There are more changes than an answer may have: the newest ${MAX_EVENTS} of those posted and of those found were looked at`
  return [{ code: 'limit', message, count: Math.max(0, versions - MAX_EVENTS) }]
}

/** What an event does not say concerns everyone. */
function matches(event: ChangeEvent, { environment, cluster, service, kind }: ChangeFilter): boolean {
  const concerns = (said: string, wanted: string | undefined): boolean => wanted === undefined || said === '' || said === wanted
  return (
    concerns(event.environment, environment) &&
    concerns(event.cluster, cluster) &&
    concerns(event.service, service) &&
    (kind === undefined || event.kind === kind)
  )
}

function byTimeThenId(a: ChangeEvent, b: ChangeEvent): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1
}

export function postedEvent({ timeMs, ...event }: PostedEvent): ChangeEvent {
  return { ...event, time: isoTime(timeMs), source: 'posted', instanceShare: null }
}

function foundEvent(start: VersionStart): ChangeEvent {
  const { environment, cluster, namespace, service, fromVersion, toVersion, minuteMs, instances, instancesOfAll } = start
  return {
    id: foundId(start),
    time: isoTime(minuteMs),
    kind: 'version',
    source: 'found',
    title: `${service} ${fromVersion} → ${toVersion}`,
    environment,
    cluster,
    namespace,
    service,
    fromVersion,
    toVersion,
    link: '',
    attributes: { instances: String(instances), 'instances.all': String(instancesOfAll) },
    instanceShare: instancesOfAll === 0 ? null : instances / instancesOfAll,
  }
}

/** The same start has the same id whenever it is asked for. */
function foundId({ environment, cluster, namespace, service, toVersion, minuteMs }: VersionStart): string {
  const named = JSON.stringify([environment, cluster, namespace, service, toVersion, minuteMs])
  return `version-${createHash('sha256').update(named).digest('hex').slice(0, 16)}`
}
