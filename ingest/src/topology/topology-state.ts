import type { BatchEnvelope } from '../decode/span-batch.ts'
import { type Catalogue, createCatalogue } from './catalogue.ts'
import { createLinkTable } from './link-table.ts'
import type { LookUpLimits } from './look-up.ts'
import type { Pairing } from './pairing.ts'
import { createPushedOut } from './pushed-out.ts'
import { createRollup, type Rollup } from './rollup.ts'
import { createSpanTable, NONE, type SpanKey } from './span-columns.ts'

export interface TopologyOptions {
  /** How long a span waits for its partner, in log time. */
  pairWindowMs: number
  maxSpansPerPartition: number
  /** Of partners that are held no more; absent, nobody looks. */
  lookUps?: LookUpLimits
}

export interface TopologyState {
  options: TopologyOptions
  catalogue: Catalogue
  rollup: Rollup
  pairings: Map<string, Pairing>
  /** Names and log time at the last compaction of the catalogue. */
  compacted: { names: number; logTimeMs: number }
}

export function createTopologyState(options: TopologyOptions): TopologyState {
  return {
    options,
    catalogue: createCatalogue(),
    rollup: createRollup(),
    pairings: new Map(),
    compacted: { names: 0, logTimeMs: 0 },
  }
}

export function pairingName(topic: string, partition: number): string {
  return `${partition} ${topic}`
}

export function pairingOf(state: TopologyState, envelope: Pick<BatchEnvelope, 'topic' | 'partition'>): Pairing {
  const name = pairingName(envelope.topic, envelope.partition)
  const known = state.pairings.get(name)
  if (known !== undefined) return known
  const pairing = newPairing(state)
  state.pairings.set(name, pairing)
  return pairing
}

function newPairing(state: Pick<TopologyState, 'catalogue' | 'rollup'>): Pairing {
  return {
    catalogue: state.catalogue,
    rollup: state.rollup,
    spans: createSpanTable(),
    links: createLinkTable(),
    logTimeMs: Number.NEGATIVE_INFINITY,
    draft: { group: NONE, minute: 0, meta: 0, weight: 1, source: NONE },
    key: emptyKey(),
    target: emptyKey(),
    checked: 0,
    lookUps: { second: 0, traces: new Set() },
    pushedOut: createPushedOut(),
    restoring: false,
  }
}

/** Room to read an identity into. */
export function emptyKey(): SpanKey {
  return { tenant: 0, trace0: 0, trace1: 0, trace2: 0, trace3: 0, id0: 0, id1: 0 }
}
