import type { StoredPattern } from '@skein/store/contract-log-patterns'
import { LogFate, type LogBatch, serviceOf, timeMsOf } from '../logs/log-batch.ts'
import type { PatternStep } from '../logs/log-step.ts'
import { createDrain, type Drain, type Room } from './drain.ts'
import { type PatternRow, patternBlock } from './pattern-rows.ts'
import { patternId } from './pattern-id.ts'

/** What may be kept a tree and a partition; lines for which there is no room have no pattern. */
export interface PatternLimits {
  templatesPerService: number
  templatesPerPartition: number
}

/** A template of a tree beside its words. */
interface Known {
  number: number
  idLow: number
  idHigh: number
  firstSeenMs: number
  /** Unix day a row last told of it. */
  day: number
}

interface ServicePatterns {
  drain: Drain
  known: Known[]
  nextNumber: number
  tenant: string
  service: string
}

interface PartitionPatterns {
  room: Room
  services: Map<string, ServicePatterns>
}

interface State {
  limits: PatternLimits
  partitions: Map<number, PartitionPatterns>
  changed: Map<Known, PatternRow>
}

const MS_PER_DAY = 86_400_000

export function createPatternStep(limits: PatternLimits): PatternStep {
  const state: State = { limits, partitions: new Map(), changed: new Map() }
  return {
    apply(batch, { emit }) {
      matchBatch(state, batch)
      if (!emit) state.changed.clear()
    },
    take() {
      const rows = [...state.changed.values()]
      state.changed.clear()
      return rows.length === 0 ? [] : [patternBlock(rows)]
    },
    forget: (_, partition) => void state.partitions.delete(partition),
    patternOf(batch, row) {
      const known = knownOf(state, batch, row)
      return known === undefined ? '' : hex(known.idHigh) + hex(known.idLow)
    },
    recognise(batch) {
      for (let row = 0; row < batch.length; row++) {
        const known = batch.fate[row] === LogFate.kept ? knownOf(state, batch, row) : undefined
        if (known !== undefined) setPattern(batch, row, known)
      }
    },
    restore(partition, patterns) {
      state.partitions.delete(partition)
      for (const pattern of patterns) restorePattern(state, partition, pattern)
    },
  }
}

/** The pattern that a row would join as patterns are. */
function knownOf({ partitions }: State, batch: LogBatch, row: number): Known | undefined {
  const { partition, tenant } = batch.envelopes[batch.envelope[row]!]!
  const patterns = partitions.get(partition)?.services.get(keyOf(tenant, serviceOf(batch, row)))
  const template = patterns?.drain.find(batch.bytes, batch.bodyStart[row]!, batch.bodyEnd[row]!) ?? -1
  return patterns?.known[template]
}

function setPattern({ pattern }: LogBatch, row: number, { idLow, idHigh }: Known): void {
  pattern[row * 2] = idLow
  pattern[row * 2 + 1] = idHigh
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0')
}

function keyOf(tenant: string, service: string): string {
  return `${tenant}\0${service}`
}

/** The row that is looked at. */
interface Cursor {
  readonly batch: LogBatch
  row: number
}

function matchBatch(state: State, batch: LogBatch): void {
  const at: Cursor = { batch, row: 0 }
  let last = { envelope: -1, resource: -1, service: -1 }
  let patterns: ServicePatterns | null = null
  let changed: (template: number) => void = () => undefined
  for (; at.row < batch.length; at.row++) {
    if (batch.fate[at.row] !== LogFate.kept) continue
    const [envelope, resource, service] = [batch.envelope[at.row]!, batch.resource[at.row]!, batch.service[at.row]!]
    if (patterns === null || envelope !== last.envelope || resource !== last.resource || service !== last.service) {
      last = { envelope, resource, service }
      const { partition, tenant } = batch.envelopes[envelope]!
      const found = servicePatterns(state, partition, tenant, serviceOf(batch, at.row))
      patterns = found
      changed = (template) => templateChanged(state, at, found, template)
    }
    matchRow(state, at, patterns, changed)
  }
}

function matchRow(state: State, at: Cursor, patterns: ServicePatterns, changed: (template: number) => void): void {
  const { batch, row } = at
  const template = patterns.drain.match(batch.bytes, batch.bodyStart[row]!, batch.bodyEnd[row]!, changed)
  if (template < 0) return
  const known = patterns.known[template]!
  setPattern(batch, row, known)
  if (dayOf(at) > known.day) tell(state, at, patterns, template)
}

function templateChanged(state: State, at: Cursor, patterns: ServicePatterns, template: number): void {
  if (patterns.known[template] === undefined) {
    const id = patternId(patterns.service, patterns.drain.templates[template]!.text)
    patterns.known[template] = { number: patterns.nextNumber++, idLow: id.low, idHigh: id.high, firstSeenMs: timeMsOf(at.batch, at.row), day: 0 }
  }
  tell(state, at, patterns, template)
}

/** The text is taken when asked for: until then it may be widened further. */
function tell(state: State, at: Cursor, { tenant, service, drain, known: all }: ServicePatterns, template: number): void {
  const known = all[template]!
  const { partition, offset } = at.batch.envelopes[at.batch.envelope[at.row]!]!
  known.day = Math.max(known.day, dayOf(at))
  state.changed.set(known, { tenant, service, partition, position: offset, ...known, template: drain.templates[template]! })
}

/** Of log time, so that a line that says it is from another year does not count as use on that day. */
function dayOf({ batch, row }: Cursor): number {
  return Math.floor(batch.envelopes[batch.envelope[row]!]!.logTimeMs / MS_PER_DAY)
}

function servicePatterns(state: State, partition: number, tenant: string, service: string): ServicePatterns {
  const { services, room } = partitionPatterns(state, partition)
  const key = keyOf(tenant, service)
  const known = services.get(key)
  if (known !== undefined) return known
  const fresh = { drain: createDrain(roomOf(room, state.limits.templatesPerService)), known: [], nextNumber: 0, tenant, service }
  services.set(key, fresh)
  return fresh
}

function partitionPatterns(state: State, partition: number): PartitionPatterns {
  const known = state.partitions.get(partition)
  if (known !== undefined) return known
  const fresh = { room: { left: state.limits.templatesPerPartition }, services: new Map<string, ServicePatterns>() }
  state.partitions.set(partition, fresh)
  return fresh
}

/** What is taken of a part is taken of the whole. */
function roomOf(whole: Room, most: number): Room {
  let taken = 0
  return {
    get left() {
      return Math.min(whole.left, most - taken)
    },
    set left(left) {
      const more = Math.min(whole.left, most - taken) - left
      taken += more
      whole.left -= more
    },
  }
}

function restorePattern(state: State, partition: number, pattern: StoredPattern): void {
  const patterns = servicePatterns(state, partition, pattern.tenant, pattern.service)
  patterns.drain.restore(pattern.template)
  const id = BigInt(`0x${pattern.pattern}`)
  patterns.known.push({
    number: pattern.number,
    idLow: Number(id & 0xffff_ffffn),
    idHigh: Number(id >> 32n),
    firstSeenMs: pattern.firstSeenMs,
    day: pattern.day,
  })
  patterns.nextNumber = pattern.number + 1
}
