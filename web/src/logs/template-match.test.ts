import { readSearch } from '@skein/schemas/filter'
import { compileSearch } from '@skein/schemas/filter/compile'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SLOT, templateMatch } from './template-match.ts'

describe('the search for the lines of a template', () => {
  it('is of what all of them say, in whole words', () => {
    expect(templateMatch({ service: 'playback', template: 'drm connect timeout after <*> to <*>:<*> attempt=<*>' })).toBe(
      'service:playback "drm connect timeout after" "to" "attempt="',
    )
    expect(templateMatch({ service: 'a b', template: 'took <*>ms of "pool-<*>"' })).toBe('service:"a b" "took" "of \\"pool-"')
    expect(templateMatch({ service: '', template: '<*>' })).toBe('')
  })

  it('finds every line of the template, whatever stands in its slots', () => {
    const piece = fc.string({ maxLength: 12 }).filter((text) => !text.includes('<') && !text.includes('*') && !text.includes('>'))
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.array(piece, { minLength: 4, maxLength: 4 }), (parts, values) => {
        const body = parts.map((part, at) => (at === 0 ? part : `${values[at]}${part}`)).join('')
        const read = readSearch(templateMatch({ service: 'x', template: parts.join(SLOT) }))
        if (!read.ok) throw new Error(read.error.message)
        const matches = compileSearch(read.search, () => () => false)
        expect(matches((field) => (field === 'service' ? 'x' : field === 'body' ? body : undefined))).toBe(true)
      }),
    )
  })
})
