import { EDGE_KINDS } from '@skein/schemas/topology'
import { type Catalogue, createCatalogue, edgeDetail, edgeIndex, instanceIndex, nodeIndex, scopeId, tenantId } from './catalogue.ts'
import { internText, textOf } from './intern.ts'
import { LinkState } from './link-table.ts'
import { Meta, type Pairing } from './pairing.ts'
import { NONE } from './span-columns.ts'
import { tupleId } from './tuple-index.ts'

/**
 * A new catalogue of what held spans still name; their ids are changed to its. Nothing may be accumulated meanwhile: do it after the
 * rollup was cleared. Without it operations, peers and instances that are no longer sent would stay for ever.
 */
export function compactCatalogue(old: Catalogue, pairings: readonly Pairing[]): Catalogue {
  const fresh = createCatalogue()
  const ids = createMoves(old, fresh)
  for (const { spans, links } of pairings) {
    for (let i = 0; i < spans.size; i++) {
      const span = (spans.head + i) & (spans.capacity - 1)
      spans.tenant[span] = ids.tenant(spans.tenant[span]!)
      spans.instance[span] = ids.instance(spans.instance[span]!)
      spans.operation[span] = ids.text(spans.operation[span]!)
      if (spans.peer[span] !== NONE) spans.peer[span] = ids.node(spans.peer[span]!)
      if (spans.upGroup[span] !== NONE && spans.upSource[span] !== NONE) spans.upSource[span] = ids.instance(spans.upSource[span]!)
      spans.upGroup[span] = ids.group(spans.upGroup[span]!, spans.upMeta[span]!)
      spans.outGroup[span] = ids.group(spans.outGroup[span]!, spans.outMeta[span]!)
    }
    const { columns } = links
    for (let link = 0; link < links.used; link++) {
      columns.tenant[link] = ids.tenant(columns.tenant[link]!)
      if (columns.state[link] === LinkState.counted) columns.group[link] = ids.group(columns.group[link]!, 0)
    }
  }
  return fresh
}

interface Moves {
  tenant(id: number): number
  text(id: number): number
  node(id: number): number
  instance(id: number): number
  /** An edge, or a note when the meta says so. */
  group(id: number, meta: number): number
}

function createMoves(old: Catalogue, fresh: Catalogue): Moves {
  const tenant = remembered((id) => tenantId(fresh, old.tenants.list[id]!))
  const text = remembered((id) => internText(fresh.texts, textOf(old.texts, id)))
  const node = remembered((id) => {
    const scope = old.nodeScope[id]!
    return nodeIndex(fresh, scopeId(fresh, tenant(old.scopeTenant[scope]!), old.scopeEnvironment[scope]!), old.nodeKey[id]!)
  })
  const instance = remembered((id) => {
    const scope = old.nodeScope[old.instanceService[id]!]!
    return instanceIndex(fresh, tenant(old.scopeTenant[scope]!), old.instanceResource[id]!)
  })
  const edge = remembered((id) => {
    const [source, target, detail] = [old.edges.keys[id * 3]!, old.edges.keys[id * 3 + 1]!, old.edges.keys[id * 3 + 2]!]
    const operation = text(Math.floor(detail / EDGE_KINDS.length))
    return edgeIndex(fresh, node(source), node(target), edgeDetail(operation, detail % EDGE_KINDS.length))
  })
  const note = remembered((id) => tupleId(fresh.notes, tenant(old.notes.keys[id * 3]!), old.notes.keys[id * 3 + 1]!, text(old.notes.keys[id * 3 + 2]!)))
  const group = (id: number, meta: number): number => {
    if (id === NONE) return NONE
    return (meta & Meta.note) === 0 ? edge(id) : note(id)
  }
  return { tenant, text, node, instance, group }
}

function remembered(move: (id: number) => number): (id: number) => number {
  const moved = new Map<number, number>()
  return (id) => {
    const known = moved.get(id)
    if (known !== undefined) return known
    const next = move(id)
    moved.set(id, next)
    return next
  }
}
