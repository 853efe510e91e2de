import type { NodeKey } from '@skein/schemas/topology'
import type { EdgeRow, Store } from '@skein/store/contract'
import type { TenantWindow } from '@skein/store/contract-terms'
import type { TraceCall } from '@skein/store/contract-traces'
import { shownName } from './assemble.ts'
import { createPeerNames } from './resolve.ts'
import { edgeInScope, type Scope } from './scope.ts'

export interface CallsAsked extends Scope {
  /** Names as the map shows them; without a caller, calls of anybody. */
  caller?: string | undefined
  callee?: string | undefined
}

/** The calls that edges of the map between two nodes are made of, as they are stored; undefined where no callee is asked for. */
export async function callsBetween(
  { topology, services }: Pick<Store, 'topology' | 'services'>,
  window: TenantWindow,
  asked: CallsAsked,
): Promise<TraceCall[] | undefined> {
  const { caller, callee, environment, cluster, namespace } = asked
  if (!callee) return undefined
  const [edges, known, addresses] = await Promise.all([topology.edges(window), services.services(window), services.addresses(window)])
  const rename = createPeerNames(known, addresses)
  const scope = { environment: environment || undefined, cluster: cluster || undefined, namespace: namespace || undefined }
  return edges
    .filter((edge) => hasSpans(edge))
    .filter((edge) => {
      const ends = { source: rename(edge.source), target: rename(edge.target) }
      return shownName(ends.target) === callee && (!caller || shownName(ends.source) === caller) && edgeInScope(ends, scope)
    })
    .map(({ kind, source, target }) => ({ kind, source: endOf(source), target: endOf(target) }))
}

/** An edge that only lines of logs tell of is in no trace. */
function hasSpans({ calls, evidence }: EdgeRow): boolean {
  return calls > evidence.log
}

function endOf({ kind, name }: NodeKey): TraceCall['source'] {
  return { kind, name }
}
