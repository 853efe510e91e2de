import { MalformedError } from '../scan/malformed.ts'
import type { JsonObject } from './parse-json.ts'

/**
 * Reading scalars by the rules of OTLP/JSON (protobuf's JSON mapping with hexadecimal ids and integer enums).
 * null and a missing member are the default. `path` names the member in errors. All throw `MalformedError`.
 */

/** Own members only: `__proto__` and `constructor` are names like any other. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

export function objectAt(value: unknown, path: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) throw new MalformedError(`${path} must be an object`, path)
  return value as JsonObject
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new MalformedError(`${path} must be an array`, path)
  return value
}

export function textAt(value: unknown, path: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new MalformedError(`${path} must be a string`, path)
  return value
}

export function booleanAt(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedError(`${path} must be true or false`, path)
  return value
}

/** A 32-bit unsigned integer, as number or decimal string. */
export function uint32At(value: unknown, path: string): number {
  const number = int64At(value, path)
  if (number < 0n || number > 0xffffffffn) throw new MalformedError(`${path} is not a 32-bit number`, path)
  return Number(number)
}

/** An enum is an integer; names are not allowed in OTLP. */
export function enumAt(value: unknown, path: string): number {
  if (typeof value === 'string') throw new MalformedError(`${path} must be an integer, not a name`, path)
  const number = int64At(value, path)
  if (number < -0x80000000n || number > 0x7fffffffn) throw new MalformedError(`${path} is not a 32-bit number`, path)
  return Number(number)
}

const INTEGER = /^-?\d{1,20}$/
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const UINT64_MAX = 2n ** 64n - 1n

/** A 64-bit integer, as number or decimal string; up to 2^64 − 1 for unsigned fields. */
export function int64At(value: unknown, path: string, unsigned = false): bigint {
  if (value === undefined || value === null) return 0n
  let number: bigint
  if (typeof value === 'string' && INTEGER.test(value)) number = BigInt(value)
  else if (typeof value === 'number' && Number.isInteger(value)) number = BigInt(value)
  else throw new MalformedError(`${path} must be an integer`, path)
  const [min, max] = unsigned ? [0n, UINT64_MAX] : [INT64_MIN, INT64_MAX]
  if (number < min || number > max) throw new MalformedError(`${path} does not fit 64 bits`, path)
  return number
}

const DECIMAL = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

export function doubleAt(value: unknown, path: string): number {
  if (value === 'NaN') return Number.NaN
  if (value === 'Infinity') return Number.POSITIVE_INFINITY
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new MalformedError(`${path} is not a number a double can hold`, path)
  return number
}

const HEX = /^(?:[0-9a-f]{2})*$/i

/** Bytes of a hexadecimal id in either case. What is not hexadecimal becomes no bytes, and its record is rejected for it. */
export function idAt(value: unknown, path: string): Uint8Array {
  const text = textAt(value, path)
  return HEX.test(text) ? Buffer.from(text, 'hex') : new Uint8Array(1)
}

const BASE64 = /^[\w+/-]*={0,2}$/

export function base64At(value: unknown, path: string): Uint8Array {
  const text = textAt(value, path)
  if (!BASE64.test(text)) throw new MalformedError(`${path} is not base64`, path)
  return Buffer.from(text, 'base64')
}
