import type { EventKind } from '@skein/schemas/api/events'
import type { ServiceKey, TenantWindow } from './contract-terms.ts'

/** A change somebody told of. Texts are empty where it does not say. */
export interface PostedEvent {
  id: string
  timeMs: number
  kind: EventKind
  title: string
  environment: string
  cluster: string
  namespace: string
  service: string
  fromVersion: string
  toVersion: string
  link: string
  attributes: Record<string, string>
}

/** A version that a service began to run while another one had run before it. */
export interface VersionStart extends ServiceKey {
  /** The minute in which it was first seen. */
  minuteMs: number
  /** The one seen last before. */
  fromVersion: string
  toVersion: string
  /** In the minute of the first quarter of an hour in which the new version had its largest share of the service's instances. */
  instances: number
  instancesOfAll: number
}

/** What changed: told by somebody, or seen in the telemetry. */
export interface EventStore {
  /** Durable and visible when resolved. Of several with one id the first counts; the answer is the one that does. */
  post(tenant: string, event: PostedEvent): Promise<PostedEvent>
  /** Oldest first; of more than `limit` the newest. */
  posted(window: TenantWindow, limit: number): Promise<PostedEvent[]>
  /** Oldest first. A version not seen for an hour that comes back starts again. */
  versions(window: TenantWindow): Promise<VersionStart[]>
  /** Instances of these services not seen in the hour before the window, while others were. */
  instanceStarts(window: TenantWindow, services: readonly string[]): Promise<(ServiceKey & { instance: string; minuteMs: number })[]>
}
