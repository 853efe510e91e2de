import { expect, it } from 'vitest'
import { mayStandIn } from './stand-in.ts'

it('another window of the same thing may be shown while the new one is awaited', () => {
  expect(mayStandIn(['/api/services', { start: 'now-1h', environment: 'prod' }], ['/api/services', { start: 'now-6h', environment: 'prod' }])).toBe(true)
  expect(mayStandIn(['/api/traces', { cursor: 'a' }], ['/api/traces', { cursor: 'b', namespace: '' }])).toBe(true)
})

it('numbers of one thing never stand under the name of another', () => {
  expect(mayStandIn(['/api/services/drm', {}], ['/api/services/playback', {}])).toBe(false)
  expect(mayStandIn(['/api/topology', { service: 'drm' }], ['/api/topology', { service: 'playback' }])).toBe(false)
  expect(mayStandIn(['/api/services', {}], ['/api/services', { environment: 'prod' }])).toBe(false)
})
