import { SemanticSlot, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import type { SpanBatch } from '../decode/span-batch.ts'
import { textEnd, textStart } from '../facts/attribute-value.ts'
import type { Catalogue } from './catalogue.ts'
import { internRange, textOf } from './intern.ts'
import { hostName, isBareIp } from '../facts/naming.ts'

/** Of one instance; more than this is a balancer's or somebody's invention. */
const MAX_ADDRESSES = 16
/** Everybody's own. */
const NOT_AN_INSTANCE = /^(?:127\.|0\.0\.0\.0$|::1?$)/

/**
 * A server span may say at which address it was called. Only bare IPs are kept: they name an instance to callers that know no more,
 * while a host name is what the caller wrote into its request.
 */
export function learnAddress(catalogue: Catalogue, instance: number, batch: SpanBatch, row: number): void {
  const tuple = batch.slots[row * SLOT_COUNT + SemanticSlot.serverAddress]! - 1
  if (tuple < 0) return
  const start = textStart(batch, tuple)
  if (start < 0 || !mayBeIp(batch.bytes[start]!)) return
  const text = internRange(catalogue.texts, batch.bytes, start, textEnd(batch, tuple))
  if (catalogue.instanceAddressText[instance] === text) return
  catalogue.instanceAddressText[instance] = text
  const host = hostName(textOf(catalogue.texts, text))
  const known = catalogue.instanceAddresses[instance]!
  if (isBareIp(host) && !NOT_AN_INSTANCE.test(host) && !known.includes(host) && known.length < MAX_ADDRESSES) known.push(host)
}

const [ZERO, COLON, OPEN] = [0x30, 0x3a, 0x5b]

/** Digits and the colon lie side by side; IPv6 may begin with a letter up to f. */
function mayBeIp(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= ZERO && byte <= COLON) || byte === OPEN || (lower >= 0x61 && lower <= 0x66)
}
