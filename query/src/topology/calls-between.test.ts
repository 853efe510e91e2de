import type { EdgeRow } from '@skein/store/contract'
import { expect, test } from 'vitest'
import { createFakeStore } from '../testing/fake-store.ts'
import { callsBetween } from './calls-between.ts'

const window = { tenant: 'default', startMs: Date.UTC(2026, 10, 22, 12), endMs: Date.UTC(2026, 10, 22, 12, 15) }
const store = createFakeStore({ clock: () => window.endMs })
const NONE = { topology: { ...store.topology, edges: async () => [] }, services: store.services }

test('calls between two nodes of the map are those of its stored edges, whatever the callee was called then', async () => {
  const calls = await callsBetween(store, window, { caller: 'notification', callee: 'billing' })
  expect(calls?.map(({ target }) => target.kind)).toContain('external')
  expect(new Set(calls?.map(({ source }) => source.name))).toEqual(new Set(['notification']))
  const all = await callsBetween(store, window, { callee: 'billing' })
  expect(new Set(all?.map(({ source }) => source.name)).size).toBeGreaterThan(1)
})

test('nobody calls a node that is not on the map or not in the scope, and no callee asks for no calls', async () => {
  expect(await callsBetween(store, window, { callee: 'nobody' })).toEqual([])
  expect(await callsBetween(store, window, { callee: 'billing', environment: 'staging' })).toEqual([])
  expect(await callsBetween(NONE, window, { callee: 'billing' })).toEqual([])
  expect(await callsBetween(store, window, { caller: 'notification' })).toBeUndefined()
})

test('an edge that lines of logs alone tell of is in no trace', async () => {
  const [row] = await store.topology.edges(window)
  const logged: EdgeRow = { ...row!, calls: 3, evidence: { paired: 0, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 3 } }
  const known = { topology: { ...store.topology, edges: async () => [logged] }, services: store.services }
  expect(await callsBetween(known, window, { callee: logged.target.name })).toEqual([])
})
