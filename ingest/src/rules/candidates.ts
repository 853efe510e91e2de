import { lowerAscii } from '@skein/schemas/filter/body-text'
import type { FieldValue, Search } from '@skein/schemas/filter/tree'
import type { ReadyRule } from '@skein/schemas/rules/ready'
import { coverKeys } from '../decode/attribute-keys.ts'
import { viewOf } from '../decode/byte-interner.ts'
import type { BatchResource } from '../decode/span-batch.ts'
import type { LogBatch } from '../logs/log-batch.ts'
import { resourceValues } from './attribute-values.ts'
import { createLiteralScan, type LiteralScan } from './literal-scan.ts'
import { type Looked, type Maybe, maybeOf, type MaybeTools } from './maybe.ts'

/** Which rules of one list may want a row as it came: cheap enough to be asked of every row and rule. */
export interface Candidates {
  rules: readonly ReadyRule[]
  begin(batch: LogBatch): void
  /** How many rules may want a row; which, `wanted` says. */
  look(row: number): number
  /** Rule → 1 when it may want the row that was looked at last. */
  wanted: Uint8Array
  resourceField(row: number): (name: string) => FieldValue | undefined
}

interface Inside {
  looked: Looked
  maybes: readonly Maybe[]
  scan: LiteralScan
  found: Uint32Array
  resources: WeakMap<BatchResource, ReadonlyMap<string, FieldValue>>
}

/** `first`: the batch that is looked at first. */
export function createCandidates(rules: readonly ReadyRule[], first: LogBatch): Candidates {
  const inside = insideOf(rules, first)
  const { looked, maybes, scan } = inside
  const wanted = new Uint8Array(rules.length)
  const scans = inside.found.length > 0
  return {
    rules,
    wanted,
    begin(batch) {
      looked.batch = batch
      looked.turn++
    },
    look(row) {
      const { batch } = looked
      if (scans) scan.scan(batch.bytes, batch.bodyStart[row]!, batch.bodyEnd[row]!, inside.found)
      let count = 0
      for (let rule = 0; rule < maybes.length; rule++) {
        const want = maybes[rule]!.test(row) ? 1 : 0
        wanted[rule] = want
        count += want
      }
      return count
    },
    resourceField: (row) => (name) => fieldOfResource(inside, row, name),
  }
}

function insideOf(rules: readonly ReadyRule[], first: LogBatch): Inside {
  const texts: string[] = []
  const resources = new WeakMap<BatchResource, ReadonlyMap<string, FieldValue>>()
  const inside: Inside = { looked: { batch: first, turn: 0 }, maybes: [], scan: createLiteralScan([]), found: new Uint32Array(0), resources }
  const tools: MaybeTools = {
    literal(text) {
      const lower = lowerAscii(text)
      const known = texts.indexOf(lower)
      return known >= 0 ? known : texts.push(lower) - 1
    },
    has: (bit) => ((inside.found[bit >>> 5]! >>> (bit & 31)) & 1) === 1,
    keyOf: (name) => keyOf(inside.looked.batch, name),
    resourceHas: (resource, name) => valuesOf(inside, resource)?.has(name) === true,
  }
  inside.maybes = rules.map(({ wants }) => maybeOf(allOf(wants), inside.looked, tools))
  inside.scan = createLiteralScan(texts)
  inside.found = new Uint32Array(texts.length === 0 ? 0 : inside.scan.words)
  return inside
}

function allOf(wants: readonly (Search | null)[]): Search | null {
  const parts = wants.filter((want) => want !== null)
  return parts.length === 0 ? null : { and: parts }
}

function fieldOfResource(inside: Inside, row: number, name: string): FieldValue | undefined {
  return valuesOf(inside, inside.looked.batch.resource[row]!)?.get(name)
}

function valuesOf({ looked, resources }: Inside, resource: number): ReadonlyMap<string, FieldValue> | undefined {
  const of = looked.batch.resources[resource]
  if (of === undefined) return undefined
  const known = resources.get(of)
  if (known !== undefined) return known
  const values = resourceValues(of)
  resources.set(of, values)
  return values
}

function keyOf({ keys }: LogBatch, name: string): number {
  const bytes = Buffer.from(name)
  const before = keys.interner.size
  const key = keys.interner.intern(bytes, viewOf(bytes), 0, bytes.length)
  coverKeys(keys)
  return key < before ? key : -1
}
