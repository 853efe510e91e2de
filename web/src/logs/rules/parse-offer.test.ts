import type { LogLine } from '@skein/schemas/api/logs'
import { readRule } from '@skein/schemas/rules/read-rule'
import { describe, expect, it } from 'vitest'
import { parseOffer } from './parse-offer.ts'

const line = (body: string, attributes: LogLine['attributes'] = { 'log.file.name': 'app.log' }): LogLine => ({
  id: '1',
  timeUnixNano: '1',
  time: '2026-01-01T00:00:00.000Z',
  severity: 0,
  severityClass: 'none',
  severityText: '',
  service: 'my app',
  environment: '',
  cluster: '',
  namespace: '',
  body,
  bodyKind: 'text',
  attributes,
  resource: '1',
  scope: '',
  traceId: null,
  spanId: null,
  pattern: null,
})

describe('the rule offered for a line of JSON', () => {
  it('can be saved as it is, and puts time, severity, ids and message where lines have them', () => {
    const offer = parseOffer(line('{"ts":1,"level":"error","msg":"no","trace_id":"a","user":{"id":7}}'), 'JSON of my app')
    expect(readRule(offer)).toMatchObject({ ok: true })
    expect(offer).toEqual({
      name: 'JSON of my app',
      enabled: true,
      match: 'service:"my app"',
      actions: [{ type: 'parse', format: 'json', time: 'ts', severity: 'level', traceId: 'trace_id', message: 'msg' }],
    })
  })

  it('is none for text, for JSON that is no object or not whole, and once its fields are read', () => {
    for (const body of ['order 7 failed', '[1]', '7', 'null', '{"level":"err', '']) expect(parseOffer(line(body), 'x'), body).toBeNull()
    expect(parseOffer(line('{"user":7}', { user: 7 }), 'x')).toBeNull()
    expect(parseOffer(line('{"user":{"id":7}}', { 'user.id': 7 }), 'x')).toBeNull()
  })

  it('is not misled by names that every object has', () => {
    expect(parseOffer(line('{"__proto__":1,"constructor":2}', {}), 'x')?.actions).toEqual([{ type: 'parse', format: 'json' }])
  })
})
