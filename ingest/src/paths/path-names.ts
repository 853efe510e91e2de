import type { NodeKey } from '@skein/schemas/topology'
import { type Catalogue, createCatalogue, catalogueBytes } from '../topology/catalogue.ts'
import { internText } from '../topology/intern.ts'
import { createTupleIndex, tupleBytes, tupleId, type TupleIndex } from '../topology/tuple-index.ts'

/**
 * What paths speak of, as small integers: those of the traces whose lives end together, in all partitions of a worker. They go with the
 * last of these traces, so names that are no longer sent stay nowhere.
 */
export interface PathNames {
  catalogue: Catalogue
  /** The empty text. */
  noText: number
  /** Instance → text of its `service.version`. */
  versions: Int32Array
  /** (service node, version text, operation text): whose time, and where a trace starts. */
  places: TupleIndex
  /** (place, target node or −1, part and edge kind and direction). */
  contributors: TupleIndex
  /** (place, target node or −1, kind of finding). */
  findings: TupleIndex
  /** (shape before the step, place of the step or −2 − target, operation): a shape is its last step. */
  shapes: TupleIndex
  /** Shape → how many steps it has. */
  shapeLength: number[]
}

export function createPathNames(): PathNames {
  const catalogue = createCatalogue()
  return {
    catalogue,
    noText: internText(catalogue.texts, ''),
    versions: new Int32Array(64).fill(-1),
    places: createTupleIndex(),
    contributors: createTupleIndex(),
    findings: createTupleIndex(),
    shapes: createTupleIndex(),
    shapeLength: [],
  }
}

export function placeId(names: PathNames, instance: number, operation: number): number {
  return tupleId(names.places, names.catalogue.instanceService[instance]!, versionOf(names, instance), operation)
}

/** The node of a place. */
export function placeNode(names: PathNames, place: number): number {
  return names.places.keys[place * 3]!
}

/** A shape with one step more. */
export function shapeWith(names: PathNames, before: number, step: number): number {
  const shape = tupleId(names.shapes, before, step, 0)
  if (shape === names.shapeLength.length) names.shapeLength.push(before < 0 ? 1 : names.shapeLength[before]! + 1)
  return shape
}

function versionOf(names: PathNames, instance: number): number {
  if (instance >= names.versions.length) {
    const versions = new Int32Array(Math.max(instance + 1, names.versions.length * 2)).fill(-1)
    versions.set(names.versions)
    names.versions = versions
  }
  const known = names.versions[instance]!
  if (known >= 0) return known
  const text = internText(names.catalogue.texts, names.catalogue.instanceResource[instance]!.version)
  names.versions[instance] = text
  return text
}

export function nodeKeyOf(names: PathNames, node: number): NodeKey {
  return names.catalogue.nodeKey[node]!
}

export function tenantOfNode(names: PathNames, node: number): string {
  const { catalogue } = names
  return catalogue.tenants.list[catalogue.scopeTenant[catalogue.nodeScope[node]!]!]!
}

export function pathNamesBytes(names: PathNames): number {
  const tuples = tupleBytes(names.places) + tupleBytes(names.contributors) + tupleBytes(names.findings) + tupleBytes(names.shapes)
  return catalogueBytes(names.catalogue) + tuples + names.versions.byteLength + names.shapeLength.length * 8
}
