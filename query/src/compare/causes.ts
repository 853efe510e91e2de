import type { ChangeEvent } from '@skein/schemas/api/events'
import type { TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeCause } from '@skein/schemas/api/topology-diff'
import type { ServiceKey } from '@skein/store/contract-terms'
import { isoTime } from '../window.ts'

const MINUTE_MS = 60_000
/** A change shows within this time of its cause. */
const NEAR_MS = 30 * MINUTE_MS
/** Minutes are whole: a cause may be written down a little after what it caused. */
const SLACK_MS = 2 * MINUTE_MS
const MAX_CAUSES = 5
const NAMED_INSTANCES = 3

export interface InstanceStart extends ServiceKey {
  instance: string
  minuteMs: number
}

/** What happened around the window. */
export interface Happened {
  events: readonly ChangeEvent[]
  instances: readonly InstanceStart[]
  /** Nodes that have an edge with this one. */
  nextTo: (nodeId: string) => readonly TopologyNode[]
  /** Start of the window. */
  startMs: number
}

export interface Suspect {
  source: TopologyNode
  target: TopologyNode
  /** When the change showed, Unix ms; null when that is not known. */
  onsetMs: number | null
}

/** Whom a cause concerns; the earlier the likelier: callees are to blame for how calls go more often than callers, what concerns everyone less. */
const PLACES = ['target', 'source', 'everywhere', 'nextTo'] as const
type Place = (typeof PLACES)[number]

interface Candidate {
  cause: EdgeCause
  timeMs: number
  place: Place
  near: boolean
}

/** Candidates and no more than that, the likeliest first: near in time before long before, at an end before next to one. */
export function causesOf(edge: Suspect, happened: Happened): EdgeCause[] {
  const near = Map.groupBy([...happened.nextTo(edge.target.id), ...happened.nextTo(edge.source.id)], ({ name }) => name)
  const nextTo: NextTo = (event) => near.get(event.service)?.some((node) => isOf(event, node)) ?? false
  const candidates = [
    ...happened.events.flatMap((event) => eventCandidate(edge, event, { nextTo, startMs: happened.startMs })),
    ...instanceCandidates(edge, happened),
  ]
  const rankOf = ({ near, place }: Candidate): number => PLACES.indexOf(place) + (near ? 0 : PLACES.length)
  return candidates
    .sort((a, b) => rankOf(a) - rankOf(b) || b.timeMs - a.timeMs)
    .slice(0, MAX_CAUSES)
    .map(({ cause }) => cause)
}

/** Whether an event is of a service next to an end. */
type NextTo = (event: ChangeEvent) => boolean

function eventCandidate(edge: Suspect, event: ChangeEvent, { nextTo, startMs }: { nextTo: NextTo; startMs: number }): Candidate[] {
  const place = placeOf(edge, event, nextTo)
  const timeMs = Date.parse(event.time)
  if (place === null || isTooLate(edge, timeMs)) return []
  const near = isNear(edge, timeMs, startMs)
  const confidence = near && (place === 'target' || place === 'source') ? 'likely' : 'possible'
  const { kind, time, title, service, id } = event
  return [{ cause: { kind, time, title, service, confidence, eventId: id }, timeMs, place, near }]
}

function placeOf({ source, target }: Suspect, event: ChangeEvent, nextTo: NextTo): Place | null {
  if (event.service === '') return isIn(event, target) || isIn(event, source) ? 'everywhere' : null
  if (isOf(event, target)) return 'target'
  if (isOf(event, source)) return 'source'
  return nextTo(event) ? 'nextTo' : null
}

type Where = Pick<ChangeEvent, 'environment' | 'cluster' | 'namespace'>

/** What an event does not say, it says of all; a peer that is no service has no cluster of its own. */
function isIn(event: Where, node: TopologyNode): boolean {
  const fits = (said: string, is: string): boolean => said === '' || said === is
  if (!fits(event.environment, node.environment)) return false
  return node.kind !== 'service' || (fits(event.cluster, node.cluster) && fits(event.namespace, node.namespace))
}

function isOf(event: Where & { service: string }, node: TopologyNode): boolean {
  return node.kind === 'service' && node.name === event.service && isIn(event, node)
}

function isTooLate({ onsetMs }: Suspect, timeMs: number): boolean {
  return onsetMs !== null && timeMs > onsetMs + SLACK_MS
}

function isNear({ onsetMs }: Suspect, timeMs: number, startMs: number): boolean {
  return timeMs >= (onsetMs ?? startMs) - NEAR_MS
}

/** New instances of an end, together one candidate, unless a new version brought them. */
function instanceCandidates(edge: Suspect, { instances, events, startMs }: Happened): Candidate[] {
  return (['target', 'source'] as const).flatMap((place) => {
    const node = edge[place]
    const own = instances.filter((start) => isOf(start, node) && !isTooLate(edge, start.minuteMs) && !cameWithVersion(start, events))
    const [first] = own.toSorted((a, b) => a.minuteMs - b.minuteMs)
    if (first === undefined) return []
    const names = own.slice(0, NAMED_INSTANCES).map(({ instance }) => instance)
    const title = own.length > names.length ? `${names.join(', ')}, +${own.length - names.length}` : names.join(', ')
    const cause = { kind: 'instance' as const, time: isoTime(first.minuteMs), title, service: node.name, confidence: 'possible' as const, eventId: null }
    return [{ cause, timeMs: first.minuteMs, place, near: isNear(edge, first.minuteMs, startMs) }]
  })
}

function cameWithVersion(start: InstanceStart, events: readonly ChangeEvent[]): boolean {
  return events.some(
    (event) =>
      event.kind === 'version' &&
      event.service === start.service &&
      event.environment === start.environment &&
      Math.abs(Date.parse(event.time) - start.minuteMs) <= NEAR_MS,
  )
}
