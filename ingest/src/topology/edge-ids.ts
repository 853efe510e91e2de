import { EDGE_KINDS, edgeId } from '@skein/schemas/topology'
import type { Catalogue, KnownEdgeId } from './catalogue.ts'
import { createTupleIndex, tupleId, type TupleIndex } from './tuple-index.ts'

/** Public ids of edges of the catalogue. */
export interface EdgeIds {
  text(edge: number): string
  halves(edge: number): Pick<KnownEdgeId, 'low' | 'high'>
}

/** Edge ids, kept with the catalogue: their hash costs more than a row. */
export function createEdgeIds(catalogue: Catalogue): EdgeIds {
  const of = (edge: number): KnownEdgeId => (catalogue.edgeIds[edge] ??= idOf(catalogue, edge))
  return { text: (edge) => of(edge).text, halves: of }
}

function idOf({ edges, nodeKey }: Catalogue, edge: number): KnownEdgeId {
  const [source, target, detail] = [edges.keys[edge * 3]!, edges.keys[edge * 3 + 1]!, edges.keys[edge * 3 + 2]!]
  const text = edgeId(nodeKey[source]!, nodeKey[target]!, EDGE_KINDS[detail % EDGE_KINDS.length]!)
  return { text, low: Number.parseInt(text.slice(8), 16), high: Number.parseInt(text.slice(0, 8), 16) }
}

/** Edges of the catalogue that differ in their operation alone are one group. */
export interface EdgeGroups {
  catalogue: Catalogue
  groups: TupleIndex
  /** Edge → 1 + its group, 0 = not looked up. */
  known: Int32Array
  /** Group → one of its edges. */
  edges: number[]
}

export function createEdgeGroups(catalogue: Catalogue): EdgeGroups {
  return { catalogue, groups: createTupleIndex(), known: new Int32Array(catalogue.edges.size), edges: [] }
}

export function groupOf({ catalogue, groups, known, edges }: EdgeGroups, edge: number): number {
  if (known[edge]! > 0) return known[edge]! - 1
  const { keys } = catalogue.edges
  const group = tupleId(groups, keys[edge * 3]!, keys[edge * 3 + 1]!, keys[edge * 3 + 2]! % EDGE_KINDS.length)
  edges[group] ??= edge
  known[edge] = group + 1
  return group
}

export function tenantOfNode(catalogue: Catalogue, node: number): string {
  return catalogue.tenants.list[catalogue.scopeTenant[catalogue.nodeScope[node]!]!]!
}
