import type { LogLine } from '@skein/schemas/api/logs'
import { describe, expect, it } from 'vitest'
import { bodyText, fieldOf, lineJson, lineMs, ownFields } from './line-fields.ts'

const line: LogLine = {
  id: 'a',
  timeUnixNano: '1700000000123456789',
  time: '2023-11-14T22:13:20.123Z',
  severity: 17,
  severityClass: 'error',
  severityText: 'ERR',
  service: 'drm',
  environment: 'prod',
  cluster: '',
  namespace: '',
  body: '{"a":1}',
  bodyKind: 'json',
  attributes: { 'http.status': 503, service: 'not this one' },
  resource: 'r',
  scope: '',
  traceId: null,
  spanId: null,
  pattern: null,
}
const resource = { 'host.name': 'bj-1-a' }

describe('a line of a log', () => {
  it('has fields of its own before attributes before those of its resource', () => {
    expect(fieldOf(line, resource, 'service')).toBe('drm')
    expect(fieldOf(line, resource, 'severity')).toBe('error')
    expect(fieldOf(line, resource, 'http.status')).toBe('503')
    expect(fieldOf(line, resource, 'host.name')).toBe('bj-1-a')
    expect(fieldOf(line, resource, 'cluster')).toBeNull()
    expect(fieldOf(line, resource, 'constructor')).toBeNull()
    expect(ownFields(line).map(([field]) => field)).toEqual(['severity', 'service', 'environment'])
  })

  it('keeps its time to the microsecond, and its body as what it is', () => {
    expect(lineMs(line)).toBeCloseTo(1700000000123.456, 2)
    expect(JSON.parse(lineJson(line, resource))).toMatchObject({ body: { a: 1 }, resource })
    expect(JSON.parse(lineJson({ ...line, body: '{"a":' }, resource))).toMatchObject({ body: '{"a":' })
  })

  it('shows control characters instead of obeying them, and is cut where it is long', () => {
    expect(bodyText('a\u001b[31mb\u0000\u007f\tc', 100)).toBe('a\u241b[31mb\u2400\u2421\tc')
    expect(bodyText('abcdef', 3)).toBe('abc…')
  })
})
