import { AnyValue } from '@skein/schemas/otlp-wire'
import { ESCAPE, ESCAPED, SEPARATOR } from '@skein/store/attribute-text'
import type { AttributeRows } from '../decode/attribute-rows.ts'
import { ATTRIBUTE_NUMBERS } from '../decode/batch-arrays.ts'
import { WireError } from '../decode/wire.ts'
import { attributeText, numberText } from './attribute-value.ts'
import { type ByteOutput, reserveBytes } from './byte-output.ts'

const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0)
const ESCAPE_BYTE = ESCAPE.charCodeAt(0)
const EQUALS = 0x3d
const ZERO = 0x30
const HASH = 0x23
/** Room for a mark and the digits of any number. */
const NUMBER_BYTES = 32

export function writeSeparator(out: ByteOutput): void {
  reserveBytes(out, 1)
  out.bytes[out.length++] = SEPARATOR_BYTE
}

/** One pair in the form of `attribute-text`: a text value is copied, a number written in digits, anything else takes the slow way. */
export function writePair(out: ByteOutput, batch: AttributeRows, attribute: number): void {
  const { attributes, bytes } = batch
  const at = attribute * ATTRIBUTE_NUMBERS
  const keyStart = attributes[at] as number
  const keyEnd = attributes[at + 1] as number
  const field = attributes[at + 2] as number
  const start = attributes[at + 3] as number
  const end = attributes[at + 4] as number
  reserveBytes(out, (keyEnd - keyStart + end - start) * 2 + NUMBER_BYTES)
  if (field === AnyValue.stringValue) {
    writeKey(out, bytes, keyStart, keyEnd)
    out.bytes[out.length++] = EQUALS
    writeTextValue(out, bytes, start, end)
  } else if (field === AnyValue.intValue || field === AnyValue.doubleValue) {
    writeKey(out, bytes, keyStart, keyEnd)
    out.bytes[out.length++] = HASH
    out.length += out.bytes.write(numberText(bytes, { field, start, end }), out.length, 'latin1')
  } else writeSlowly(out, slowText(bytes, { keyStart, keyEnd, field, start, end }))
}

function writeKey(out: ByteOutput, bytes: Buffer, start: number, end: number): void {
  const target = out.bytes
  let length = out.length
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (KEY_ESCAPES[byte] === 0) target[length++] = byte
    else {
      target[length++] = ESCAPE_BYTE
      target[length++] = ZERO + (KEY_ESCAPES[byte] as number) - 1
    }
  }
  out.length = length
}

function writeTextValue(out: ByteOutput, bytes: Buffer, start: number, end: number): void {
  const target = out.bytes
  let length = out.length
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte !== SEPARATOR_BYTE && byte !== ESCAPE_BYTE) target[length++] = byte
    else {
      target[length++] = ESCAPE_BYTE
      target[length++] = byte === ESCAPE_BYTE ? ZERO : ZERO + 1
    }
  }
  out.length = length
}

/** Byte → 1 + the digit behind ESCAPE, 0 = as it is. */
const KEY_ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) => 1 + ESCAPED.indexOf(String.fromCharCode(byte)))

function slowText(bytes: Buffer, tuple: { keyStart: number; keyEnd: number; field: number; start: number; end: number }): string {
  const key = bytes.toString('utf8', tuple.keyStart, tuple.keyEnd)
  try {
    return attributeText(key, bytes, tuple)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return attributeText(key, bytes, { field: 0, start: 0, end: 0 })
  }
}

function writeSlowly(out: ByteOutput, text: string): void {
  const size = Buffer.byteLength(text)
  reserveBytes(out, size)
  out.bytes.write(text, out.length)
  out.length += size
}
