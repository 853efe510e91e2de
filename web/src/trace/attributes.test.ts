import { describe, expect, it } from 'vitest'
import { isWebAddress } from './attributes.tsx'
import { valueText } from './find-spans.ts'

describe('attribute values', () => {
  it('become links only when they are web addresses', () => {
    expect(isWebAddress('https://drm.bj-1.svc/license?id=7')).toBe(true)
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'see https://a.example', 'https://', 'http://[', '//a.example'])
      expect(isWebAddress(text)).toBe(false)
  })

  it('are shown as they are: text bare, everything else as JSON', () => {
    expect(valueText('<b>')).toBe('<b>')
    expect(valueText(['node', 'server.js'])).toBe('["node","server.js"]')
    expect(valueText({ a: null })).toBe('{"a":null}')
  })
})
