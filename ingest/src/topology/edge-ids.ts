import { EDGE_KINDS, edgeId } from '@skein/schemas/topology'
import type { Catalogue } from './catalogue.ts'

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

/** Of an edge whose rows leave operations aside. */
export function edgeOf(catalogue: Catalogue, ids: EdgeIds, edge: number): { tenant: string; edgeId: string } {
  return { tenant: tenantOfNode(catalogue, catalogue.edges.keys[edge * 3 + 1]!), edgeId: ids(edge) }
}

export function tenantOfNode(catalogue: Catalogue, node: number): string {
  return catalogue.tenants.list[catalogue.scopeTenant[catalogue.nodeScope[node]!]!]!
}
