import { describe, expect, it } from 'vitest'
import { fitName, shorten, twoLines } from './scene.ts'
import { createTextMeter } from './text-width.ts'

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
    expect(twoLines('averyveryverylongname', 80, 16)).toEqual(['averyve', expect.stringMatching(/…$/)])
  })

  it('are set smaller, then over two lines, before they are cut', () => {
    expect(fitName('drm', 100)).toEqual({ px: 12, lines: ['drm'] })
    expect(fitName('api-gateway-xx', 100)).toEqual({ px: 11, lines: ['api-gateway-xx'] })
    expect(fitName('recommendation-engine', 100)).toEqual({ px: 10, lines: ['recommendation-', 'engine'] })
    expect(fitName('recommendation-engine-for-everybody', 100).lines[1]).toMatch(/…$/)
  })

  it('are measured, each letter once', () => {
    const asked: string[] = []
    const context = {
      font: '',
      measureText: (text: string) => {
        asked.push(text)
        return { width: 50 } as TextMetrics
      },
    }
    const measure = createTextMeter(context, 'Some Sans')
    expect(measure('abba', 10)).toBe(20)
    expect(measure('ab', 20)).toBe(20)
    expect(asked).toEqual(['a', 'b'])
    expect(context.font).toBe('600 100px Some Sans')
  })
})
