import { expect, it } from 'vitest'
import { createMaskers } from './maskers.ts'

it('a tenant that has presets of its own, or none, is not masked by those of the deployment', () => {
  const maskerOf = createMaskers({
    presets: ['phone'],
    tenants: [
      { tenant: 'own', presets: ['email'] },
      { tenant: 'none', presets: [] },
    ],
  })
  expect(maskerOf('none')).toBeNull()
  expect(maskerOf('any')).not.toBeNull()
  expect(maskerOf('any')).toBe(maskerOf('other'))
  expect(maskerOf('own')).not.toBe(maskerOf('any'))
  expect(createMaskers({ presets: [], tenants: [] })('any')).toBeNull()
})
