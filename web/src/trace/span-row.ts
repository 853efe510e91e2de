import type { TraceSpan } from '@skein/schemas/api/traces'

/** What of a span is drawn. A whole `TraceSpan` is one too; long traces keep the rest where they were read. */
export type SpanHead = Pick<TraceSpan, 'spanId' | 'name' | 'kind' | 'service'> & { status: Pick<TraceSpan['status'], 'code'> }

/** One line of the waterfall, in depth-first order. Times are ns after the start of the trace. */
export interface SpanRow {
  /** Unique in the tree; survives a reload of the same trace. */
  key: string
  /** Null where spans name a parent that was never received. */
  span: SpanHead | null
  /** Id of that parent. */
  missingId: string
  depth: number
  /** Index of the parent row, −1 for a root. */
  parent: number
  /** Index after the last row of the subtree. */
  end: number
  startNs: number
  durationNs: number
  /** True where a span is its own ancestor; the tree is cut there. */
  cut: boolean
  /** Time of the row, or before it, in which nothing of it ran; null when none is known. */
  wait: RowWait | null
  /** Began when its parent had ended: nobody waited for it. */
  late: boolean
}

/**
 * Time that is not work. `network`: inside a client's bar, before and after its server ran. `client`: the whole bar of a client whose partner
 * reported nothing. `queue`: before a consumer's bar, since its producer had ended.
 */
export interface RowWait {
  kind: 'network' | 'client' | 'queue'
  beforeNs: number
  afterNs: number
  /** Clocks disagree: the length is right, the places are guessed. */
  skewed: boolean
}
