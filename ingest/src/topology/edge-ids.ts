import { EDGE_KINDS, edgeId } from '@skein/schemas/topology'
import type { Catalogue } from './catalogue.ts'
import { createTupleIndex, tupleId } from './tuple-index.ts'

/** Public id of an edge of the catalogue. */
export type EdgeIds = (edge: number) => string

/** Edge ids, kept with the catalogue: their hash costs more than a row. */
export function createEdgeIds(catalogue: Catalogue): EdgeIds {
  return (edge) => {
    const [source, target, detail] = [catalogue.edges.keys[edge * 3]!, catalogue.edges.keys[edge * 3 + 1]!, catalogue.edges.keys[edge * 3 + 2]!]
    const kind = EDGE_KINDS[detail % EDGE_KINDS.length]!
    const name = `${source} ${target} ${kind}`
    const known = catalogue.edgeIds.get(name)
    if (known !== undefined) return known
    const id = edgeId(catalogue.nodeKey[source]!, catalogue.nodeKey[target]!, kind)
    catalogue.edgeIds.set(name, id)
    return id
  }
}

/** Edges of the catalogue that differ in their operation alone are one group. */
export interface EdgeGroups {
  groupOf(edge: number): number
  /** Group → one of its edges. */
  edges: number[]
}

export function createEdgeGroups({ edges }: Catalogue): EdgeGroups {
  const groups = createTupleIndex()
  const known = new Int32Array(edges.size)
  const first: number[] = []
  return {
    edges: first,
    groupOf(edge) {
      if (known[edge]! > 0) return known[edge]! - 1
      const at = edge * 3
      const group = tupleId(groups, edges.keys[at]!, edges.keys[at + 1]!, edges.keys[at + 2]! % EDGE_KINDS.length)
      first[group] ??= edge
      known[edge] = group + 1
      return group
    },
  }
}

export function tenantOfNode(catalogue: Catalogue, node: number): string {
  return catalogue.tenants.list[catalogue.scopeTenant[catalogue.nodeScope[node]!]!]!
}
