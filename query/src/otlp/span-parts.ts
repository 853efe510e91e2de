import type { TraceSpan } from '@skein/schemas/api/traces'
import { SpanEvent, SpanLink } from '@skein/schemas/otlp-wire'
import { attributesOf } from './attributes.ts'
import { lengthPrefixed, wireFields } from '@skein/schemas/wire-fields'

const decoder = new TextDecoder()

/** Length-prefixed OTLP `SpanEvent` messages. */
export function decodeEvents(messages: Uint8Array): TraceSpan['events'] {
  return [...lengthPrefixed(messages)].map((message) => {
    const event = { timeUnixNano: '0', name: '' }
    const attributes: Uint8Array[] = []
    for (const field of wireFields(message)) {
      if (field.number === SpanEvent.timeUnixNano) event.timeUnixNano = field.bits.toString()
      else if (field.number === SpanEvent.name) event.name = decoder.decode(field.bytes)
      else if (field.number === SpanEvent.attributes) attributes.push(field.bytes)
    }
    return { ...event, attributes: attributesOf(attributes) }
  })
}

/** Length-prefixed OTLP `SpanLink` messages. */
export function decodeLinks(messages: Uint8Array): TraceSpan['links'] {
  return [...lengthPrefixed(messages)].map((message) => {
    const link = { traceId: '', spanId: '' }
    const attributes: Uint8Array[] = []
    for (const field of wireFields(message)) {
      if (field.number === SpanLink.traceId) link.traceId = Buffer.from(field.bytes).toString('hex')
      else if (field.number === SpanLink.spanId) link.spanId = Buffer.from(field.bytes).toString('hex')
      else if (field.number === SpanLink.attributes) attributes.push(field.bytes)
    }
    return { ...link, attributes: attributesOf(attributes) }
  })
}
