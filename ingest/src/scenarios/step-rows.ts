import { StatusCode } from '@skein/schemas/otlp-wire'
import type { ScenarioRecord } from '@skein/schemas/scenario'
import { isStep, runKeyOf, type StepMatcher, stepMatchers } from '@skein/schemas/scenario-match'
import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import { viewOf } from '../decode/byte-interner.ts'
import type { SpanBatch } from '../decode/span-batch.ts'
import { dictionaryOf } from '../rows/dictionary.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { gather } from '../rows/span-block.ts'
import { hashKey } from './key-hash.ts'
import { spanRecord } from './span-record.ts'

export interface StepRows {
  /** All scenarios of all tenants, before the rows they are to judge. */
  learn(scenarios: readonly ScenarioRecord[]): void
  /** The block of table `scenario_steps`: one row for each span and step. None for no rows. */
  build(batch: SpanBatch, repeat: Uint8Array): BuiltBlock[]
}

/** A step of one version of a scenario. */
interface Wanted {
  scenario: string
  version: number
  key: string
  step: number
  matcher: StepMatcher
  /** UTF-8 of the operation; null = any. */
  operation: Buffer | null
}

interface Version {
  tenant: string
  /** Received at or after, and before. */
  fromMs: number
  untilMs: number
  wanted: readonly Wanted[]
}

interface Found {
  rows: number[]
  wanted: Wanted[]
  keys: string[]
}

const BUCKET_SECONDS = 300
const SECONDS_PER_DAY = 86_400

/** Which spans are steps of which version is a function of when their envelope was received and of the definitions alone. */
export function createStepRows(): StepRows {
  let versions: readonly Version[] = []
  return {
    learn(scenarios) {
      versions = scenarios.flatMap(versionsOf)
    },
    build(batch, repeat) {
      if (versions.length === 0) return []
      const found = findSteps(batch, repeat, versions)
      return found.rows.length === 0 ? [] : [stepBlock(batch, found)]
    },
  }
}

function versionsOf({ id, tenant, versions }: ScenarioRecord): Version[] {
  return versions.map(({ version, definition, effectiveFromMs }, at) => ({
    tenant,
    fromMs: effectiveFromMs,
    untilMs: versions[at + 1]?.effectiveFromMs ?? Infinity,
    wanted: stepMatchers(definition).flatMap((matcher, step) =>
      matcher.kind === 'span'
        ? [{ scenario: id, version, key: definition.key, step, matcher, operation: matcher.name === null ? null : Buffer.from(matcher.name) }]
        : [],
    ),
  }))
}

function findSteps(batch: SpanBatch, repeat: Uint8Array, versions: readonly Version[]): Found {
  const found: Found = { rows: [], wanted: [], keys: [] }
  const ofEnvelope = batch.envelopes.map(({ tenant, receivedAtMs, linkedCopy }) =>
    linkedCopy ? [] : versions.filter((each) => each.tenant === tenant && receivedAtMs >= each.fromMs && receivedAtMs < each.untilMs),
  )
  if (ofEnvelope.every((each) => each.length === 0)) return found
  /** What spans of an envelope and a resource can be, by their two numbers. */
  const candidates = new Map<number, readonly Wanted[]>()
  for (let row = 0; row < batch.length; row++) {
    const active = ofEnvelope[batch.envelope[row]!]!
    if (active.length === 0 || repeat[row] === 1) continue
    const resource = batch.resource[row]!
    const place = batch.envelope[row]! * batch.resources.length + resource
    let wanted = candidates.get(place)
    if (wanted === undefined) {
      wanted = wantedOf(active, batch.resources[resource]?.service ?? '')
      candidates.set(place, wanted)
    }
    for (const each of wanted) if (isNamed(batch, row, each.operation)) addIfStep(found, batch, row, each)
  }
  return found
}

function wantedOf(active: readonly Version[], service: string): Wanted[] {
  return active.flatMap(({ wanted }) => wanted.filter(({ matcher }) => matcher.service === null || matcher.service === service))
}

function isNamed(batch: SpanBatch, row: number, operation: Buffer | null): boolean {
  if (operation === null) return true
  const start = batch.nameStart[row]!
  const end = batch.nameEnd[row]!
  return end - start === operation.length && batch.bytes.compare(operation, 0, operation.length, start, end) === 0
}

function addIfStep(found: Found, batch: SpanBatch, row: number, wanted: Wanted): void {
  const record = spanRecord(batch, row)
  if (!isStep(wanted.matcher, record)) return
  found.rows.push(row)
  found.wanted.push(wanted)
  found.keys.push(runKeyOf(wanted.key, record))
}

function stepBlock(batch: SpanBatch, { rows, wanted, keys }: Found): BuiltBlock {
  const positions = Int32Array.from(rows)
  const view = viewOf(batch.bytes)
  const block = createNativeBlock(TABLES.scenario_steps.columns, rows.length)
  const text = (column: string, values: readonly string[]): void => {
    const { dictionary, indexes } = dictionaryOf(values)
    block.lowCardinality(column, dictionary, indexes)
  }
  const buckets = Uint32Array.from(rows, (row) => Math.floor(batch.startUs[row]! / 1e6 / BUCKET_SECONDS) * BUCKET_SECONDS)
  const hashes = new Uint32Array(rows.length * 2)
  keys.forEach((key, at) => hashKey(key, hashes, at * 2))
  text(
    'tenant',
    rows.map((row) => batch.envelopes[batch.envelope[row]!]?.tenant ?? ''),
  )
  block.fixed('bucket', buckets)
  text(
    'scenario',
    wanted.map(({ scenario }) => scenario),
  )
  block.fixed(
    'version',
    Uint32Array.from(wanted, ({ version }) => version),
  )
  block.fixed('key_hash', hashes)
  block.texts('key', keys)
  block.fixed(
    'ts',
    Uint32Array.from({ length: rows.length * 2 }, (_, at) => batch.start[rows[at >> 1]! * 2 + (at & 1)]!),
  )
  block.fixed(
    'step',
    Uint8Array.from(wanted, ({ step }) => step),
  )
  block.fixed(
    'error',
    Uint8Array.from(rows, (row) => (batch.status[row] === StatusCode.error ? 1 : 0)),
  )
  block.integers(
    'duration',
    Float64Array.from(rows, (row) => batch.durationNs[row]!),
  )
  block.fixed('trace_id', gather(view, batch.traceId, positions, 16))
  block.fixed('span_id', gather(view, batch.spanId, positions, 8))
  const days = [...new Set(Array.from(buckets, (bucket) => Math.floor(bucket / SECONDS_PER_DAY)))].sort((a, b) => a - b)
  return { table: 'scenario_steps', block: block.finish(), rows: rows.length, days }
}
