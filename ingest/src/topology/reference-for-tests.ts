import { histogramBucket } from '@skein/schemas/histogram'
import { MINUTE_MS } from './spans-for-tests.ts'

/**
 * Topology worked out the slow, obvious way: from all spans at once, with nothing learnt step by step. What it is given says of each
 * span what naming would find, so that it shares no code with what it checks.
 */
export interface ReferenceSpan {
  partition: number
  trace: string
  id: string
  parent: string | undefined
  name: string
  service: string
  kind: number
  role: 'client' | 'producer' | 'consumer' | 'other'
  operation: 'create' | 'receive' | ''
  /** `kind/name` of the peer node, '' = unnamed. */
  peer: string
  edgeKind: string
  error: boolean
  startMs: number
  durationMs: number
  links: { trace: string; id: string }[]
}

/** Sums by `edge …`, `red …`, `note …` and what is counted. */
export type Sums = Map<string, number>

export function referenceSums(spans: readonly ReferenceSpan[]): Sums {
  const sums: Sums = new Map()
  const world: World = {
    spans,
    parentOf: (span) => spans.find((other) => other !== span && other.trace === span.trace && other.id === span.parent),
    childrenOf: (span) => spans.filter((other) => other !== span && other.trace === span.trace && other.parent === span.id),
    add(what, span, count = 1) {
      const key = `${what} @${Math.floor(span.startMs / MINUTE_MS)}`
      sums.set(key, (sums.get(key) ?? 0) + count)
    },
  }
  for (const span of spans) {
    addServed(world, span)
    addCallTo(world, span)
    addCallBy(world, span)
    addLinks(world, span)
  }
  return sums
}

interface World {
  spans: readonly ReferenceSpan[]
  parentOf(span: ReferenceSpan): ReferenceSpan | undefined
  childrenOf(span: ReferenceSpan): ReferenceSpan[]
  /** `span` gives the minute. */
  add(what: string, span: ReferenceSpan, count?: number): void
}

const CLIENT = 3
const SERVER = 2

function addServed(world: World, span: ReferenceSpan): void {
  const parent = world.parentOf(span)
  const isCall = span.kind === SERVER || span.kind === 5 || span.parent === undefined || (parent !== undefined && parent.service !== span.service)
  if (!isCall) return
  const key = `red ${span.service} ${span.name} ${span.kind}`
  world.add(`${key} calls`, span)
  if (span.error) world.add(`${key} errors`, span)
  world.add(`${key} duration ${histogramBucket(span.durationMs * 1e6)}`, span)
}

function addCall(world: World, call: { edge: string; span: ReferenceSpan; evidence: string; error: boolean }): void {
  world.add(`${call.edge} calls`, call.span)
  world.add(`${call.edge} ${call.evidence}`, call.span)
  if (call.error) world.add(`${call.edge} errors`, call.span)
}

function duration(span: ReferenceSpan): number {
  return histogramBucket(span.durationMs * 1e6)
}

function addCallTo(world: World, span: ReferenceSpan): void {
  const parent = world.parentOf(span)
  if (span.role === 'consumer') addConsumed(world, span, parent)
  else if (parent !== undefined) addCallBetween(world, parent, span)
  else if (span.kind === SERVER && span.parent !== undefined) world.add(`note half_edges ${span.service}`, span)
  else if (span.kind === SERVER) {
    const edge = `edge client/user/${span.service} service/${span.service} ${span.edgeKind} ${span.name}`
    addCall(world, { edge, span, evidence: 'serverOnly', error: span.error })
    world.add(`${edge} server ${duration(span)}`, span)
  }
}

function addCallBetween(world: World, parent: ReferenceSpan, span: ReferenceSpan): void {
  const pairs = parent.role === 'client' && span.kind === SERVER
  if (!pairs && parent.service === span.service) return
  const edge = `edge service/${parent.service} service/${span.service} ${kindBetween(parent, span)} ${span.name}`
  addCall(world, { edge, span: parent, evidence: pairs ? 'paired' : 'parentChild', error: span.error || (parent.role === 'client' && parent.error) })
  world.add(`${edge} server ${duration(span)}`, parent)
  if (pairs && world.childrenOf(parent).filter((child) => child.kind === SERVER).length === 1)
    addMeasured(world, { edge: `${edge} network`, ms: parent.durationMs - span.durationMs, span: parent, skewed: span.service })
}

function kindBetween(parent: ReferenceSpan, span: ReferenceSpan): string {
  const said = parent.role === 'client' || parent.kind <= 1 ? parent.edgeKind : 'call'
  if (said !== 'call') return said
  return span.kind === SERVER ? span.edgeKind : 'call'
}

function addMeasured(world: World, measured: { edge: string; ms: number; span: ReferenceSpan; skewed: string }): void {
  if (measured.ms < -1) world.add(`note skewed_hosts ${measured.skewed}`, measured.span)
  else world.add(`${measured.edge} ${histogramBucket(Math.max(0, measured.ms * 1e6))}`, measured.span)
}

function isProcessOf(receive: ReferenceSpan, child: ReferenceSpan): boolean {
  return receive.operation === 'receive' && child.role === 'consumer' && child.operation !== 'receive' && child.service === receive.service
}

function addConsumed(world: World, span: ReferenceSpan, parent: ReferenceSpan | undefined): void {
  if (world.childrenOf(span).some((child) => isProcessOf(span, child))) return
  const producer = parent?.role === 'producer' ? parent : undefined
  const topic = span.peer === '' ? (producer?.peer ?? '') : span.peer
  if (topic === '') return world.add(`note unnamed_peers ${span.service}`, span)
  const edge = `edge ${topic} service/${span.service} consume ${span.name}`
  addCall(world, { edge, span, evidence: 'topic', error: span.error })
  world.add(`${edge} server ${duration(span)}`, span)
  if (producer !== undefined)
    addMeasured(world, { edge: `${edge} queueWait`, ms: span.startMs - producer.startMs - producer.durationMs, span, skewed: span.service })
}

function partnersOf(world: World, span: ReferenceSpan): ReferenceSpan[] {
  if (span.role !== 'client') return []
  return world.childrenOf(span).filter((child) => child.kind === SERVER || (child.service !== span.service && child.role !== 'consumer'))
}

function addCallBy(world: World, span: ReferenceSpan): void {
  const partners = partnersOf(world, span)
  if (partners.length > 0) {
    const first = partners.toSorted((a, b) => a.startMs - b.startMs || byIdWords(a, b))[0]!
    return world.add(`edge service/${span.service} service/${first.service} ${kindBetween(span, first)} ${first.name} client ${duration(span)}`, span)
  }
  if (span.role === 'client' ? !isOwnCall(world, span) : span.role !== 'producer' || isCreateInSend(world, span)) return
  if (span.peer === '') return world.add(`note unnamed_peers ${span.service}`, span)
  const edge = `edge service/${span.service} ${span.peer} ${span.edgeKind} ${span.name}`
  addCall(world, { edge, span, evidence: span.role === 'producer' ? 'topic' : 'clientOnly', error: span.error })
  world.add(`${edge} client ${duration(span)}`, span)
}

function byIdWords(a: ReferenceSpan, b: ReferenceSpan): number {
  const words = (span: ReferenceSpan): [number, number] => {
    const bytes = Buffer.from(span.id.padStart(16, '0'), 'hex')
    return [bytes.readInt32LE(0), bytes.readInt32LE(4)]
  }
  const [[a0, a1], [b0, b1]] = [words(a), words(b)]
  return a0 - b0 || a1 - b1
}

function isCreateInSend(world: World, span: ReferenceSpan): boolean {
  const sends = (other: ReferenceSpan | undefined): boolean => other?.role === 'producer' && other.operation !== 'create' && other.service === span.service
  if (span.operation !== 'create') return false
  const isChild = (other: ReferenceSpan): boolean => other.trace === span.trace && other.parent === span.id
  const links = (other: ReferenceSpan): boolean => other.links.some(({ trace, id }) => trace === span.trace && id === span.id)
  return sends(world.parentOf(span)) || world.spans.some((other) => sends(other) && links(other) && !isChild(other))
}

function nests(outer: ReferenceSpan, inner: ReferenceSpan): boolean {
  return outer.kind === CLIENT && inner.kind === CLIENT && outer.service === inner.service
}

function isStore(span: ReferenceSpan): boolean {
  return span.edgeKind === 'db' || span.edgeKind === 'cache' || span.role === 'producer' || span.role === 'consumer'
}

function isOwnCall(world: World, span: ReferenceSpan): boolean {
  const around = new Set<ReferenceSpan>()
  for (let inner = span, outer = world.parentOf(span); outer !== undefined && nests(outer, inner) && !around.has(outer); outer = world.parentOf(outer)) {
    around.add(outer)
    inner = outer
  }
  const within = new Set<ReferenceSpan>()
  const open = [span]
  for (let outer = open.pop(); outer !== undefined; outer = open.pop())
    for (const inner of world.childrenOf(outer))
      if (nests(outer, inner) && !within.has(inner)) {
        within.add(inner)
        open.push(inner)
      }
  if ([...around].some((outer) => isStore(outer) || partnersOf(world, outer).length > 0)) return false
  if ([...within].some((inner) => partnersOf(world, inner).length > 0)) return false
  return isStore(span) || within.size === 0
}

function addLinks(world: World, span: ReferenceSpan): void {
  const done = new Set<ReferenceSpan>()
  for (const link of span.links) {
    const target = world.spans.find((other) => other.trace === link.trace && other.id === link.id)
    if (target === undefined || target === span || done.has(target)) continue
    if (target.trace === span.trace && target.id === span.parent) continue
    done.add(target)
    if (span.role === 'consumer') addLinkedMessage(world, span, target)
    else if (span.role !== 'producer' && span.service !== target.service && span.trace !== target.trace) {
      const edge = `edge service/${target.service} service/${span.service} link ${span.name}`
      addCall(world, { edge, span: target, evidence: 'link', error: span.error })
      world.add(`${edge} server ${duration(span)}`, target)
    }
  }
}

/** Where the target is, is a `process` with links inside this `receive` there as well? */
function giveWay(world: World, receive: ReferenceSpan, target: ReferenceSpan): boolean {
  const partitionOf = (link: { trace: string }): number | undefined => world.spans.find((other) => other.trace === link.trace)?.partition
  return world
    .childrenOf(receive)
    .some(
      (child) =>
        isProcessOf(receive, child) &&
        child.links.length > 0 &&
        [child, ...child.links].some((at) => ('partition' in at ? at.partition : partitionOf(at)) === target.partition),
    )
}

function addLinkedMessage(world: World, span: ReferenceSpan, target: ReferenceSpan): void {
  if (giveWay(world, span, target)) return
  const topic = span.peer !== '' ? span.peer : target.role === 'producer' ? target.peer : ''
  if (topic === '') return
  const edge = `edge ${topic} service/${span.service} consume ${span.name}`
  world.add(`${edge} link`, span)
  if (target.role === 'producer')
    addMeasured(world, { edge: `${edge} queueWait`, ms: span.startMs - target.startMs - target.durationMs, span, skewed: span.service })
}
