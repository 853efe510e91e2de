import type { PathFindingKind, PathPart } from '@skein/schemas/path'
import type { EdgeKind, NodeKey, NodeKind } from '@skein/schemas/topology'

/**
 * What a row of `path_time` is about, as one text: a dictionary code a row instead of up to fifteen columns, most of them empty for most
 * kinds of row. Written and read here alone; the same thing is always the same text.
 */

/** An operation where traces start. Releases stand in a column of their own. */
export interface PathEntry {
  environment: string
  cluster: string
  namespace: string
  service: string
  operation: string
}

/** Own time of one kind at one place of the path. */
export interface PathContributor {
  part: PathPart
  node: NodeKey
  version: string
  operation: string
  edge: PathEdge | null
}

export interface PathEdge {
  kind: EdgeKind
  /** The other end, and whether the edge leads from it to the node. */
  other: NodeKey
  inwards: boolean
}

export interface PathSight {
  kind: PathFindingKind
  node: NodeKey
  version: string
  operation: string
  target: NodeKey | null
}

export interface PathStep {
  node: NodeKey
  operation: string
}

export function entryText({ environment, cluster, namespace, service, operation }: PathEntry): string {
  return JSON.stringify([environment, cluster, namespace, service, operation])
}

export function readEntry(text: string): PathEntry {
  const [environment = '', cluster = '', namespace = '', service = '', operation = ''] = JSON.parse(text) as string[]
  return { environment, cluster, namespace, service, operation }
}

export function contributorText({ part, node, version, operation, edge }: PathContributor): string {
  const own = [part, version, operation, ...partsOf(node)]
  return JSON.stringify(edge === null ? own : [...own, edge.kind, edge.inwards ? 'in' : 'out', ...partsOf(edge.other)])
}

export function readContributor(text: string): PathContributor {
  const [part = '', version = '', operation = '', ...rest] = JSON.parse(text) as string[]
  const [kind, way] = rest.slice(NODE_PARTS)
  const edge = kind === undefined ? null : { kind: kind as EdgeKind, inwards: way === 'in', other: nodeOf(rest.slice(NODE_PARTS + 2)) }
  return { part: part as PathPart, version, operation, node: nodeOf(rest), edge }
}

export function sightText({ kind, node, version, operation, target }: PathSight): string {
  return JSON.stringify([kind, version, operation, ...partsOf(node), ...(target === null ? [] : partsOf(target))])
}

export function readSight(text: string): PathSight {
  const [kind = '', version = '', operation = '', ...rest] = JSON.parse(text) as string[]
  const target = rest.length > NODE_PARTS ? nodeOf(rest.slice(NODE_PARTS)) : null
  return { kind: kind as PathFindingKind, version, operation, node: nodeOf(rest), target }
}

export function stepsText(steps: readonly PathStep[]): string {
  return joinSteps(steps.map(stepText))
}

/** A step's part of a text: many shapes have the same. */
export function stepText({ node, operation }: PathStep): string {
  return JSON.stringify([operation, ...partsOf(node)])
}

export function joinSteps(texts: readonly string[]): string {
  return `[${texts.join(',')}]`
}

export function readSteps(text: string): PathStep[] {
  return (JSON.parse(text) as string[][]).map(([operation = '', ...node]) => ({ operation, node: nodeOf(node) }))
}

const NODE_PARTS = 5

function partsOf({ kind, environment, cluster, namespace, name }: NodeKey): string[] {
  return [kind, environment, cluster, namespace, name]
}

function nodeOf([kind = '', environment = '', cluster = '', namespace = '', name = '']: readonly string[]): NodeKey {
  return { kind: kind as NodeKind, environment, cluster, namespace, name }
}

/** At most: two numbers of `NUMBER_BYTES`, both ids, and whether it failed. */
export const EXEMPLAR_BYTES = 35
const NUMBER_BYTES = 5
/** Of the ids and whether it failed. */
const ID_BYTES = 25
/** Where both numbers are the same, as for whole traces and shapes: one of them. */
const NARROW_BYTES = NUMBER_BYTES + ID_BYTES
/** Of the first ones: nanoseconds in 8 bytes each. */
const WIDE_BYTES = 41

/** What of a row is the best to look at. Texts of two exemplars compare as their own times do, so the greatest is the slowest. */
export interface PathExemplar {
  /** What the row measures in this trace, and the duration of the whole trace, in ns. */
  selfNs: number
  traceNs: number
  /** 32 and 16 hex digits. */
  traceId: string
  spanId: string
  error: boolean
}

/**
 * Both numbers in the order of their size as bytes, in whole µs, then the ids; one number where both are the same. `words` are the little-endian
 * words of both ids and whether it failed. Returns where it ends.
 */
export function writeExemplar(bytes: Buffer, at: number, exemplar: { selfNs: number; traceNs: number; words: Int32Array; first: number }): number {
  const { words, first } = exemplar
  const [selfUs, traceUs] = [microseconds(exemplar.selfNs), microseconds(exemplar.traceNs)]
  bytes.writeUIntBE(selfUs, at, NUMBER_BYTES)
  if (traceUs !== selfUs) bytes.writeUIntBE(traceUs, at + NUMBER_BYTES, NUMBER_BYTES)
  const ids = at + (traceUs === selfUs ? NUMBER_BYTES : 2 * NUMBER_BYTES)
  for (let word = 0; word < 6; word++) bytes.writeInt32LE(words[first + word]!, ids + word * 4)
  bytes[ids + 24] = words[first + 6]!
  return ids + ID_BYTES
}

const NS_PER_US = 1000
const MOST_US = 0xff_ffff_ffff

function microseconds(ns: number): number {
  return Math.min(MOST_US, Math.max(0, Math.round(ns / NS_PER_US)))
}

const HIGH = 0x1_0000_0000

/** Null for no exemplar. */
export function readExemplar(bytes: Uint8Array): PathExemplar | null {
  if (bytes.length !== NARROW_BYTES && bytes.length !== EXEMPLAR_BYTES && bytes.length !== WIDE_BYTES) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const ids = bytes.length - ID_BYTES
  const number = (at: number): number =>
    bytes.length === WIDE_BYTES
      ? buffer.readUInt32BE(at * 8) * HIGH + buffer.readUInt32BE(at * 8 + 4)
      : buffer.readUIntBE(at * NUMBER_BYTES, NUMBER_BYTES) * NS_PER_US
  return {
    selfNs: number(0),
    traceNs: number(bytes.length === NARROW_BYTES ? 0 : 1),
    traceId: buffer.toString('hex', ids, ids + 16),
    spanId: buffer.toString('hex', ids + 16, ids + 24),
    error: buffer[ids + 24] === 1,
  }
}
