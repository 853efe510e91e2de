import type { AttributeValue, LoadEvent } from './otlp-writer.ts'
import type { Random } from './random.ts'

/** Of a span in production: regions, prices, facets and ids. */
export function moreAttributes(random: Random): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {
    'tenant.region': `region-${random.below(8)}`,
    'app.price': Math.round(random.fraction() * 1e5) / 100 + 0.001,
  }
  for (let i = 0; i < 16; i++) attributes[`app.facet.${i}`] = `value-${i}-${random.below(40)}`
  attributes['app.order.id'] = random.uuid()
  attributes['app.request.digest'] = random.hex(64)
  return attributes
}

export function twoEvents(random: Random, { startUs, durationUs }: { startUs: number; durationUs: number }): LoadEvent[] {
  return ['cache.lookup', 'retry.scheduled'].map((name, i) => ({
    timeUs: startUs + (durationUs * (i + 1)) / 3,
    name,
    attributes: { 'event.key': `key-${random.hex(12)}`, 'event.attempt': i, 'event.note': 'kept in the local tier for the next sixty seconds' },
  }))
}

export function exceptionAt(timeUs: number): LoadEvent {
  return {
    timeUs,
    name: 'exception',
    attributes: {
      'exception.type': 'Error',
      'exception.message': 'upstream error: connection reset by peer',
      'exception.stacktrace': 'Error: upstream\n    at request (/app/request.js:1:1)\n    at handle (/app/handle.js:2:2)',
    },
  }
}
