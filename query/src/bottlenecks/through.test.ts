import type { NodeKey } from '@skein/schemas/topology'
import type { PathContributor, PathEntry } from '@skein/store/path-text'
import { expect, test } from 'vitest'
import { entriesThrough } from './through.ts'

const entryOf = (operation: string): PathEntry => ({ environment: '', cluster: '', namespace: '', service: 'gateway', operation })
const row = (operation: string) => ({ entry: entryOf(operation), traces: 1, errors: 0, timeNs: 100 })
const node = (name: string): NodeKey => ({ kind: 'service', environment: '', cluster: '', namespace: '', name })
const own = (name: string, operation = 'x'): PathContributor => ({ part: 'service', node: node(name), version: '', operation, edge: null })
const wait = (from: string, to: string): PathContributor => ({
  ...own(from),
  part: 'clientWait',
  edge: { kind: 'db', other: node(to), inwards: false },
})

test('the entry that spends most at a node comes first, waiting for it included; others are left out', () => {
  const mentions = [
    { entry: entryOf('GET /a'), contributor: own('epg'), timeNs: 5 },
    { entry: entryOf('GET /b'), contributor: wait('account', 'epg'), timeNs: 4 },
    { entry: entryOf('GET /b'), contributor: own('epg'), timeNs: 3 },
    { entry: entryOf('GET /c'), contributor: own('account', 'epg'), timeNs: 9 },
  ]
  const through = entriesThrough([row('GET /a'), row('GET /b'), row('GET /c')], mentions, 'epg')
  expect(through.map(({ entry }) => entry.operation)).toEqual(['GET /b', 'GET /a'])
})

test('what took no time in the end, since late spans took it back, is not on the way', () => {
  const mentions = [
    { entry: entryOf('GET /a'), contributor: own('epg'), timeNs: 5 },
    { entry: entryOf('GET /a'), contributor: own('epg', 'y'), timeNs: -5 },
  ]
  expect(entriesThrough([row('GET /a')], mentions, 'epg')).toEqual([])
})
