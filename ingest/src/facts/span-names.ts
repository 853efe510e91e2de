import type { NodeKind } from '@skein/schemas/topology'
import { type ByteInterner, createByteInterner, viewOf } from '../decode/byte-interner.ts'
import { createTupleIndex, tupleBytes, type TupleIndex } from '../topology/tuple-index.ts'

/**
 * Everything that spans of a worker's batches name, as small integers that stay the same until all of them are forgotten: then there is
 * another object, by which whoever keeps numbers sees it.
 */
export interface SpanNames {
  /** Operations, systems, addresses …, cut to MAX_TEXT_BYTES. */
  texts: ByteInterner
  /** (rule and class, system text, value text): what a span says of its peer. */
  peers: TupleIndex
  /** Peer → the node it means; '' = none. */
  peerKind: NodeKind[]
  peerName: string[]
  /** Text → 0 not asked yet, 1 database, 2 cache. */
  systemKind: number[]
  /** Texts of messaging operations. */
  operations: { create: number; receive: number; settle: number; process: number; deliver: number }
}

export function createSpanNames(): SpanNames {
  const texts = createByteInterner()
  const text = (word: string): number => {
    const bytes = Buffer.from(word)
    return texts.intern(bytes, viewOf(bytes), 0, bytes.length)
  }
  return {
    texts,
    peers: createTupleIndex(),
    peerKind: [],
    peerName: [],
    systemKind: [],
    operations: { create: text('create'), receive: text('receive'), settle: text('settle'), process: text('process'), deliver: text('deliver') },
  }
}

/** Memory, roughly: 200 bytes for the name of a peer. */
export function spanNamesBytes({ texts, peers }: SpanNames): number {
  return texts.usedBytes + tupleBytes(peers) + peers.size * 200
}

export function textOfName(names: SpanNames, text: number): string {
  return text < 0 ? '' : Buffer.from(names.texts.copyOf(text)).toString('utf8')
}
