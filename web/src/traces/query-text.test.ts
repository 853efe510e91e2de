import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queryText, readQuery, type Search } from './query-text.ts'
import { accepted, wordAt } from '../search/suggestion.ts'
import { suggestionsAt } from './suggestions.ts'
import { EVERYTHING } from './url.ts'

const search = (text: string): Partial<Search> => {
  const read = readQuery(text)
  if (!read.ok) throw new Error(`${read.reason} at ${read.column}`)
  return Object.fromEntries(Object.entries(read.search).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(EVERYTHING[key as keyof Search])))
}

describe('a search in words', () => {
  it.each([
    ['', {}],
    ['service:drm', { service: 'drm' }],
    ['service = drm and operation:"POST /license"', { service: 'drm', operation: 'POST /license' }],
    ['duration>500ms', { minMs: 500 }],
    ['duration >= 1.5s duration<2min', { minMs: 1500, maxMs: 120_000 }],
    ['duration>250 error:true', { minMs: 250, error: 'true' }],
    ['http.response.status_code:503 entry:"GET /"', { attr: ['http.response.status_code=503'], entry: 'GET /' }],
    ['caller:gateway callee:"postgresql/epg" instance:epg-1', { caller: 'gateway', callee: 'postgresql/epg', instance: 'epg-1' }],
    ['a:1 a:1 b:"x y"', { attr: ['a=1', 'b=x y'] }],
  ])('%s', (text, wanted) => {
    expect(search(text)).toEqual(wanted)
  })

  it.each([
    ['service:a or service:b', 'either', 11],
    ['error:true -service:a', 'not', 12],
    ['status > 5', 'operator', 1],
    ['service:a service:b', 'twice', 1],
    ['service:a service', 'grammar', 18],
    ['duration:abc', 'operator', 1],
    ['error:true caller:a', 'callee', 12],
  ])('%s is refused: %s at column %i', (text, reason, column) => {
    expect(readQuery(text)).toMatchObject({ ok: false, reason, column })
  })

  it('reads what it wrote', () => {
    const word = fc.string({ maxLength: 12 }).filter((text) => text.trim() === text && text !== '*' && text !== '')
    const searches = fc.record({
      service: fc.oneof(fc.constant(''), word),
      operation: fc.oneof(fc.constant(''), word, fc.constant('007'), fc.constant('12345678901234567890')),
      entry: fc.oneof(fc.constant(''), word),
      caller: fc.constant(''),
      callee: fc.oneof(fc.constant(''), word),
      namespace: fc.oneof(fc.constant(''), word),
      instance: fc.oneof(fc.constant(''), word),
      minMs: fc.option(fc.integer({ min: 0, max: 1e6 })),
      maxMs: fc.option(fc.double({ min: 0.001, max: 1e6, noNaN: true }).map((ms) => Number(ms.toFixed(3)))),
      error: fc.constantFrom('any' as const, 'true' as const, 'false' as const),
      attr: fc.uniqueArray(
        word.map((value) => `http.route=${value}`),
        { maxLength: 2 },
      ),
    })
    fc.assert(
      fc.property(searches, (wanted) => {
        expect(readQuery(queryText(wanted))).toEqual({ ok: true, search: wanted })
      }),
    )
  })
})

describe('suggestions', () => {
  const known = {
    services: ['drm', 'drm-keys', 'playback'],
    operations: ['POST /license', 'GET /'],
    entries: ['GET /'],
    attributes: new Map([['http.route', ['/play', '/x']]]),
  }
  const texts = (text: string) => suggestionsAt(text, text.length, known).map((each) => each.text)

  it('offer fields, then values of the field that is begun', () => {
    expect(texts('')).toContain('service:')
    expect(texts('ser')).toEqual(['service:'])
    expect(texts('service:drm-')).toEqual(['service:drm-keys '])
    expect(texts('error:true service:back')).toEqual(['service:playback '])
    expect(texts('operation:"POST')).toEqual(['operation:"POST /license" '])
    expect(texts('route')).toEqual(['http.route:'])
    expect(texts('http.route:')).toEqual(['http.route:"/play" ', 'http.route:"/x" '])
    expect(texts('unknown:x')).toEqual([])
  })

  it('take the place of the word at the caret and leave the rest', () => {
    const text = 'ser duration>5'
    const [offer] = suggestionsAt(text, 3, known)
    expect(wordAt(text, 3)).toEqual({ from: 0, word: 'ser' })
    expect(accepted(text, 3, offer!)).toEqual({ text: 'service: duration>5', caret: 8 })
    const [value] = suggestionsAt('service:pl', 10, known)
    expect(accepted('service:pl', 10, value!)).toEqual({ text: 'service:playback ', caret: 17 })
  })
})
