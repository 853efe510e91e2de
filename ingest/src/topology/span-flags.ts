import type { EdgeKind } from '@skein/schemas/topology'

/** What a span says about itself, in the bits of `flags`. The bits from `covered` up are learnt from its neighbours; none is ever unset. */
export const Flag = {
  kindMask: 7,
  error: 1 << 3,
  /** A marked copy: only its links count. */
  copy: 1 << 4,
  roleShift: 5,
  roleMask: 3 << 5,
  /** Its own call goes to a database, cache or queue. */
  store: 1 << 7,
  create: 1 << 8,
  receive: 1 << 9,
  edgeKindShift: 10,
  edgeKindMask: 7 << 10,
  linked: 1 << 13,
  /** A client span around it is the call. */
  covered: 1 << 16,
  /** A client span inside it has the server partner. */
  inner: 1 << 17,
  /** It has a client span of the same service inside. */
  nested: 1 << 18,
  hasChild: 1 << 19,
  /** A `receive` with a `process` inside; one with a `process` that has links. */
  processed: 1 << 20,
  linkedProcess: 1 << 21,
  /** A `create` inside a send. */
  inSend: 1 << 22,
  /** Counted as a call of its service. */
  red: 1 << 23,
  /** Let go before and brought back from the store. */
  restored: 1 << 24,
} as const

/** `client`: a call that is no message. `producer`, `consumer`: to or from a topic. */
export const Role = { other: 0, client: 1, producer: 2, consumer: 3 } as const

export function roleOf(flags: number): number {
  return (flags & Flag.roleMask) >> Flag.roleShift
}

export function edgeKindOf(flags: number): number {
  return (flags & Flag.edgeKindMask) >> Flag.edgeKindShift
}

/** Positions in EDGE_KINDS. */
export const EdgeKindId = { http: 0, rpc: 1, db: 2, cache: 3, publish: 4, consume: 5, link: 6, call: 7 } as const satisfies Record<EdgeKind, number>
