import { describe, expect, it } from 'vitest'
import { idFault, traceIdOf } from './url.ts'

describe('a pasted trace id', () => {
  const id = '5c1e7a90d2b34f189f0c44d1a6e27b35'
  it('is taken bare, in capitals, with dashes or inside a traceparent', () => {
    for (const text of [id, ` ${id.toUpperCase()}\n`, '5c1e7a90-d2b3-4f18-9f0c-44d1a6e27b35', `00-${id}-00f067aa0ba902b7-01`]) expect(traceIdOf(text)).toBe(id)
  })

  it('that is none says why', () => {
    expect(['xyz', id.slice(1), `${id}0`, '00f067aa0ba902b7', '0'.repeat(32)].map(idFault)).toEqual(['characters', 'length', 'length', 'span', 'zeros'])
  })

  it('is nothing when it is something else', () => {
    for (const text of ['', 'drm', id.slice(1), '0'.repeat(32), `${id}0`]) expect(traceIdOf(text)).toBeNull()
  })
})
