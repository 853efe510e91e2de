import { readSearch } from '@skein/schemas/filter'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toggled, toggledOut, valuesOf, withoutField, withValues } from './conditions.ts'

describe('a list of values beside a search', () => {
  it('shows what the search says of the field', () => {
    expect(valuesOf('service:a severity>=warn -service:"b c"', 'service')).toEqual({ included: ['a'], excluded: ['b c'] })
    expect(valuesOf('(service:a OR service:b) x', 'service')).toEqual({ included: ['a', 'b'], excluded: [] })
    expect(valuesOf('service = a and x:1', 'service')).toEqual({ included: ['a'], excluded: [] })
    expect(valuesOf('service:pay* -service:/x+/', 'service')).toEqual({ included: [], excluded: [] })
    expect(valuesOf('severity:warn', 'severity')).toEqual({ included: ['warn'], excluded: [] })
    expect(valuesOf('(service:a OR x:b)', 'service')).toEqual({ included: [], excluded: [] })
  })

  it('adds a value, a second one beside it, and takes them away again', () => {
    const one = toggled('"drm failed"', 'service', 'playback')
    expect(one).toBe('"drm failed" service:playback')
    const two = toggled(one, 'service', 'my drm')
    expect(two).toBe('"drm failed" (service:playback OR service:"my drm")')
    expect(toggled(two, 'service', 'playback')).toBe('"drm failed" service:"my drm"')
    expect(toggled(toggled(two, 'service', 'playback'), 'service', 'my drm')).toBe('"drm failed"')
  })

  it('excludes what was asked for, and asks for what was excluded', () => {
    expect(toggledOut('service:a', 'service', 'a')).toBe('-service:a')
    expect(toggledOut('-service:a', 'service', 'a')).toBe('')
    expect(toggled('-service:a -service:b', 'service', 'a')).toBe('service:a -service:b')
  })

  it('keeps the rest of the search as it was written', () => {
    expect(withoutField('service:a  "x  service:a" (b:1 OR (c:2 d:3)) /re  x/', 'service')).toBe('"x  service:a" (b:1 OR (c:2 d:3)) /re  x/')
    expect(toggled('a:1 OR b:2', 'service', 'x')).toBe('(a:1 OR b:2) service:x')
    expect(withValues('service:a -service:c level > 5', 'service', [])).toBe('level>5 -service:c')
  })

  it('is undone by doing it again, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text !== '*'),
        fc.constantFrom('', 'level>5', '"a b" -x:1 /re{2} x/'),
        (value, query) => {
          const once = toggled(query, 'service', value)
          expect(readSearch(once).ok).toBe(true)
          expect(valuesOf(once, 'service')).toEqual({ included: [value], excluded: [] })
          expect(toggled(once, 'service', value)).toBe(query)
        },
      ),
    )
  })
})
