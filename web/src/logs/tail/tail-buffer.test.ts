import type { LogLine } from '@skein/schemas/api/logs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_TAIL, withLines } from './tail-buffer.ts'

const line = (id: string, body = '', resource = 'r'): LogLine => ({
  id,
  timeUnixNano: '1',
  time: '',
  severity: 9,
  severityClass: 'info',
  severityText: '',
  service: '',
  environment: '',
  cluster: '',
  namespace: '',
  body,
  bodyKind: 'text',
  attributes: {},
  resource,
  scope: '',
  traceId: null,
  spanId: null,
  pattern: null,
})
const batch = (...lines: LogLine[]) => ({ lines, resources: { r: {} } })
const LIMITS = { maxLines: 3, maxCharacters: 10_000 }

describe('the buffer of a tail', () => {
  it('keeps the newest lines and counts all', () => {
    const buffer = withLines(withLines(EMPTY_TAIL, [batch(line('a'), line('b'))], LIMITS), [batch(line('c')), batch(line('d'))], LIMITS)
    expect(buffer.lines.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
    expect(buffer.received).toBe(4)
  })

  it('shows a line that was sent again after a reconnect once', () => {
    const once = withLines(EMPTY_TAIL, [batch(line('a'), line('b'))], LIMITS)
    expect(withLines(once, [batch(line('b'), line('c'))], LIMITS)).toMatchObject({ received: 3, lines: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] })
  })

  it('never holds more lines or characters than allowed, but the newest line, and knows what it holds', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 5 }), { maxLength: 8 })
    fc.assert(
      fc.property(batches, (sizes) => {
        let next = 0
        let buffer = EMPTY_TAIL
        for (const lengths of sizes) buffer = withLines(buffer, [batch(...lengths.map((length) => line(String(next++), 'x'.repeat(length))))], LIMITS)
        const held = buffer.lines.reduce((sum, { body }) => sum + body.length + 200, 0)
        expect(buffer.characters).toBe(held)
        expect(buffer.lines.length).toBeLessThanOrEqual(LIMITS.maxLines)
        expect(buffer.lines.length <= 1 || held <= LIMITS.maxCharacters).toBe(true)
        expect(buffer.lines.at(-1)?.id).toBe(next === 0 ? undefined : String(next - 1))
        expect(buffer.received).toBe(next)
      }),
    )
  })

  it('forgets resources that no line is of, once there are many', () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`r${index}`, {}]))
    const buffer = withLines(EMPTY_TAIL, [{ lines: [line('a', '', 'r7')], resources: many }], LIMITS)
    expect(Object.keys(buffer.resources)).toEqual(['r7'])
  })
})
