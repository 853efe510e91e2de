import { configSchema } from '@skein/schemas/config'
import { WireType } from '@skein/schemas/otlp-wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeMessage } from '../otlp-oracle.ts'
import { createValueStack, scanAttribute } from './scan-attributes.ts'

const TAG = (1 << 3) | WireType.bytes
/** A field that no `KeyValue` has: with it before the key a pair is walked field by field, whatever it is. */
const UNKNOWN = Buffer.from([(15 << 3) | WireType.varint, 1])
const limits = { ...configSchema.parse({}).limits.intake, keyBytes: 20, valueBytes: 30 }
const scanner = { ...limits, stack: createValueStack(limits.depthHard) }

/** Warnings and where the walk ended, or that it was refused. */
function outcome(pair: Buffer): string {
  const bytes = Buffer.concat([Buffer.from([pair.length]), pair])
  const cursor = { bytes, at: 0 }
  try {
    const warnings = scanAttribute(cursor, TAG, bytes.length, scanner)
    return `${warnings} ${bytes.length - cursor.at}`
  } catch {
    return 'refused'
  }
}

const value = fc.oneof(
  fc.string({ maxLength: 40 }).map((stringValue) => ({ stringValue })),
  fc.oneof(fc.nat(300), fc.nat(1e6), fc.nat()).map((intValue) => ({ intValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.double().map((doubleValue) => ({ doubleValue })),
  fc.constant({ arrayValue: { values: [{ intValue: 1 }] } }),
  fc.constant({}),
)
const pair = fc.record({ key: fc.string({ maxLength: 24 }), value }).map((message) => encodeMessage('KeyValue', message))

test('a plain attribute is taken and refused as one that is walked field by field', () => {
  fc.assert(
    fc.property(pair, (bytes) => {
      expect(outcome(bytes)).not.toBe('refused')
      expect(outcome(bytes)).toBe(outcome(Buffer.concat([UNKNOWN, bytes])))
    }),
  )
})

test('… and so is one with any byte changed, or cut short', () => {
  fc.assert(
    fc.property(pair, fc.nat(), fc.nat(255), fc.boolean(), (bytes, at, byte, cut) => {
      fc.pre(bytes.length > 0)
      const place = at % bytes.length
      const spoilt = cut ? bytes.subarray(0, place) : Buffer.from(bytes)
      if (!cut) spoilt[place] = byte
      expect(outcome(spoilt)).toBe(outcome(Buffer.concat([UNKNOWN, spoilt])))
    }),
    { numRuns: 2000 },
  )
})

test('a key or value over its limit deserves a warning however short it is', () => {
  const plain = (key: string, stringValue: string): string => outcome(encodeMessage('KeyValue', { key, value: { stringValue } }))
  expect(plain('k'.repeat(20), 'v'.repeat(28))).toBe('0 0')
  expect(plain('k'.repeat(21), 'v')).not.toBe('0 0')
  expect(plain('k', 'v'.repeat(29))).not.toBe('0 0')
})
