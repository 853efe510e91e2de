import { describe, expect, it } from 'vitest'
import { hrefOf, liveIntervalMs, scopeOf } from './view-state.ts'
import type { View } from './view-state.ts'

const standard: View = { from: 'now-1h', to: 'now', live: '5s', tz: 'local', env: '', cluster: '', vs: 'off', theme: null, lang: null }

describe('the shared view', () => {
  it('leaves standard values out of the address', () => {
    expect(hrefOf('/map', standard)).toBe('/map')
  })

  it('travels with every link, next to the parameters of the page', () => {
    const view: View = { ...standard, from: 'now-6h', env: 'prod', lang: 'zh', vs: 'week' }
    expect(hrefOf('/service', view, { name: 'drm & co' })).toBe('/service?from=now-6h&env=prod&vs=week&lang=zh&name=drm+%26+co')
  })

  it('yields to a parameter of the same name, and an empty one removes it', () => {
    const view: View = { ...standard, env: 'prod', cluster: 'bj-1' }
    expect(hrefOf('/service', view, { env: 'staging', cluster: '' })).toBe('/service?env=staging')
  })

  it('polls only while the window ends now', () => {
    expect(liveIntervalMs({ live: '1s', to: 'now' })).toBe(1000)
    expect(liveIntervalMs({ live: 'off', to: 'now' })).toBeNull()
    expect(liveIntervalMs({ live: '1s', to: '2026-11-22T12:10:00Z' })).toBeNull()
  })

  it('asks the API for its window and only for the scope that is set', () => {
    expect(scopeOf(standard)).toEqual({ start: 'now-1h', end: 'now' })
    expect(scopeOf({ ...standard, env: 'prod', cluster: 'bj-1' })).toEqual({ start: 'now-1h', end: 'now', environment: 'prod', cluster: 'bj-1' })
  })
})
