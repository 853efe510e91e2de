import type { SpanKey } from './span-columns.ts'

/**
 * How many spans one sampled span stands for, from the OpenTelemetry entry of its W3C trace state: `ot=th:c` says from
 * which of 2^56 random values on traces were kept, the older `ot=p:3` kept one in 2^3. `th` counts where both stand.
 */

/** A trace state that claims more than this is taken for this much: no sum may leave what a number holds exactly. */
export const MAX_WEIGHT = 2 ** 20

const [COMMA, SEMICOLON, EQUALS, COLON, SPACE, TAB] = [0x2c, 0x3b, 0x3d, 0x3a, 0x20, 0x09]
const [LOWER_O, LOWER_P, LOWER_T, LOWER_H] = [0x6f, 0x70, 0x74, 0x68]
const THRESHOLD_DIGITS = 14
const NEVER_SAMPLED = 63

/** The weight, not rounded; 0 when the trace state says nothing that can be relied on. */
export function samplingWeight(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; ) {
    const memberEnd = find(bytes, COMMA, at, end)
    while (at < memberEnd && (bytes[at] === SPACE || bytes[at] === TAB)) at++
    if (bytes[at] === LOWER_O && bytes[at + 1] === LOWER_T && bytes[at + 2] === EQUALS && at + 3 <= memberEnd) return entryWeight(bytes, at + 3, memberEnd)
    at = memberEnd + 1
  }
  return 0
}

/** A weight as a whole number that is right on average: every span of a trace is rounded the same way. */
export function wholeWeight(weight: number, trace: Pick<SpanKey, 'trace0' | 'trace1' | 'trace2' | 'trace3'>): number {
  if (weight <= 1) return weight === 0 ? 0 : 1
  const whole = Math.floor(weight)
  if (whole >= MAX_WEIGHT) return MAX_WEIGHT
  return weight - whole > traceFraction(trace) ? whole + 1 : whole
}

/** 0 up to 1, evenly over traces and not by what samplers decide. */
function traceFraction(trace: Pick<SpanKey, 'trace0' | 'trace1' | 'trace2' | 'trace3'>): number {
  let h = Math.imul(trace.trace0 ^ Math.imul(trace.trace1, 0x9e3779b1), 0x85ebca77)
  h = Math.imul(h ^ (h >>> 15) ^ trace.trace2, 0xc2b2ae3d)
  h = Math.imul(h ^ (h >>> 13) ^ trace.trace3, 0x27d4eb2f)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}

function entryWeight(bytes: Uint8Array, start: number, end: number): number {
  let byPower = 0
  for (let at = start; at < end; ) {
    const partEnd = find(bytes, SEMICOLON, at, end)
    if (bytes[at] === LOWER_T && bytes[at + 1] === LOWER_H && bytes[at + 2] === COLON) return thresholdWeight(bytes, at + 3, trimmedEnd(bytes, at, partEnd))
    if (bytes[at] === LOWER_P && bytes[at + 1] === COLON) byPower = powerWeight(bytes, at + 2, trimmedEnd(bytes, at, partEnd))
    at = partEnd + 1
  }
  return byPower
}

/** Hex digits, zeros to the right left out. */
function thresholdWeight(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > THRESHOLD_DIGITS) return 0
  let kept = 16 ** (start - end)
  for (let at = start; at < end; at++) {
    const digit = hexDigit(bytes[at] ?? 0)
    if (digit < 0) return 0
    kept += (15 - digit) / 16 ** (at - start + 1)
  }
  return 1 / kept
}

function powerWeight(bytes: Uint8Array, start: number, end: number): number {
  let power = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9 || end - start > 2) return 0
    power = power * 10 + digit
  }
  return end > start && power < NEVER_SAMPLED ? 2 ** power : 0
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x61 + 10 : -1
}

function find(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at
  return end
}

function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let to = end
  while (to > start && (bytes[to - 1] === SPACE || bytes[to - 1] === TAB)) to--
  return to
}
