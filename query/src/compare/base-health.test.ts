import { configSchema } from '@skein/schemas/config'
import { expect, it } from 'vitest'
import { edgeRow, nodeKey, serviceRow } from '../testing/edge-rows.ts'
import { durations } from '../testing/fake-numbers.ts'
import { thresholdsOf } from '../topology/health.ts'
import { baseHealthNotes } from './base-health.ts'

const [gateway, epg, play] = [nodeKey('service', 'gateway'), nodeKey('service', 'epg'), nodeKey('service', 'play')]
const options = { scope: {}, thresholds: thresholdsOf(configSchema.parse({}), 'acme') }
const sideOf = (...edges: ReturnType<typeof edgeRow>[]) => ({ edges, services: ['gateway', 'epg', 'play'].map((name) => serviceRow(name)), addresses: [] })
const took = (ms: number) => edgeRow(gateway, play, { calls: 1000, client: durations(ms, 1000) })

it('tells of calls that failed already in the window to compare with, the worst first, and of no others', () => {
  const base = sideOf(
    edgeRow(gateway, epg, { calls: 1000, errors: 20 }),
    edgeRow(gateway, play, { calls: 1000, errors: 300 }),
    edgeRow(epg, play, { calls: 5, errors: 5 }),
  )
  expect(baseHealthNotes(base, [], options)).toMatchObject([{ code: 'unwell_base', count: 2, values: { subjects: 'gateway → play, gateway → epg' } }])
  expect(baseHealthNotes(base, [], { ...options, scope: { environment: 'other' } })).toEqual([])
  expect(baseHealthNotes(sideOf(edgeRow(gateway, epg)), [], options)).toEqual([])
})

it('tells of calls that took far longer there than before it, and claims nothing where nothing older is known', () => {
  expect(baseHealthNotes(sideOf(took(900)), [took(200)], options)).toMatchObject([{ code: 'unwell_base', count: 1 }])
  expect(baseHealthNotes(sideOf(took(210)), [took(200)], options)).toEqual([])
  expect(baseHealthNotes(sideOf(took(900)), [], options)).toEqual([])
})
