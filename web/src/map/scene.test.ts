import { describe, expect, it } from 'vitest'
import { shorten, twoLines } from './scene.ts'

describe('names on cards', () => {
  it('stay whole when they fit and end in an ellipsis when not', () => {
    expect(shorten('drm', 100, 12)).toBe('drm')
    expect(shorten('a-very-long-service-name', 60, 12)).toMatch(/^a-very.*…$/)
  })

  it('count Han letters as wide', () => {
    expect(shorten('节目推荐服务', 50, 12)).toBe('节目推…')
  })

  it('break after a separator before they are cut', () => {
    expect(twoLines('postgresql/accounts', 110, 16)).toEqual(['postgresql/', 'accounts'])
    expect(twoLines('drm', 110, 16)).toEqual(['drm'])
    expect(twoLines('averyveryverylongname', 80, 16)[0]).toMatch(/…$/)
  })
})
