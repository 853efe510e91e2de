import { describe, expect, it } from 'vitest'
import { searchableText, spanMatcher } from './find-spans.ts'
import { sketchSpan } from './sketch-for-tests.ts'

const spans = [
  sketchSpan({ id: 'a', for: 20_000_000, attributes: { 'http.route': '/a b', code: 200, ratio: 0.5 } }),
  sketchSpan({
    id: 'b',
    parent: 'a',
    service: 'drm-license',
    kind: 'client',
    error: true,
    for: 600,
    events: [{ timeUnixNano: '1', name: 'exception', attributes: {} }],
  }),
]
const find = (text: string): string | null => {
  const matches = spanMatcher(text)
  if (matches === null) return null
  return spans
    .filter((span) => matches(span, () => searchableText(span)))
    .map(({ spanId }) => spanId)
    .join('')
}

describe('finding spans', () => {
  it.each([
    ['DRM error', 'b'],
    ['do', 'ab'],
    ['drm nothing', ''],
    ['http.route=/a', ''],
    ['http.route:/a', 'a'],
    ['http.route="/a b"', 'a'],
    ['"/a b"', 'a'],
    ['code=200', 'a'],
    ['service:drm', 'b'],
    ['service=drm', ''],
    ['kind:client', 'b'],
    ['error:true', 'b'],
    ['error:false', 'a'],
    ['-error:true', 'a'],
    ['-drm', 'a'],
    ['duration>1ms', 'a'],
    ['duration<=600ns', 'b'],
    ['event:exception', 'b'],
    ['id:b', 'b'],
    ['duration>nonsense', ''],
    ['-', null],
    ['  ', null],
  ])('%s finds %s', (text, found) => {
    expect(find(text)).toBe(found)
  })
})
