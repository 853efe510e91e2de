import { histogramOf, NO_HISTOGRAM } from '@skein/schemas/histogram'
import { describe, expect, it } from 'vitest'
import { edgeRow, nodeKey, serviceRow } from '../testing/edge-rows.ts'
import { mergeEdges } from './merged-edge.ts'
import { createPeerNames, networkOf, serviceNode } from './resolve.ts'

const ORDERS = serviceRow('orders', { cluster: 'north', namespace: 'shop' })

describe('naming a peer', () => {
  it('an external peer called like one service of the environment is that service', () => {
    expect(createPeerNames([ORDERS], [])(nodeKey('external', 'orders'))).toEqual(serviceNode(ORDERS))
  })

  it('an address of one service is that service', () => {
    expect(createPeerNames([ORDERS], [{ address: '10.1.2.3', service: ORDERS }])(nodeKey('external', '10.1.2.3'))).toEqual(serviceNode(ORDERS))
  })

  it('a name or an address of two services is nobody', () => {
    const other = serviceRow('orders', { cluster: 'south', namespace: 'shop' })
    const name = createPeerNames(
      [ORDERS, other],
      [
        { address: '10.1.2.3', service: ORDERS },
        { address: '10.1.2.3', service: other },
      ],
    )
    expect(name(nodeKey('external', 'orders'))).toEqual(nodeKey('external', 'orders'))
    expect(name(nodeKey('external', '10.1.2.3'))).toEqual(nodeKey('external', 'ip:10.1.2.0/24'))
  })

  it('the same service told twice is still one', () => {
    const addresses = [
      { address: '10.1.2.3', service: ORDERS },
      { address: '10.1.2.3', service: ORDERS },
    ]
    expect(createPeerNames([ORDERS, ORDERS], addresses)(nodeKey('external', '10.1.2.3'))).toEqual(serviceNode(ORDERS))
  })

  it('a service of another environment is not it', () => {
    const peer = nodeKey('external', 'orders', { environment: 'staging' })
    expect(createPeerNames([ORDERS], [])(peer)).toEqual(peer)
  })

  it.each(['database', 'cache', 'queue', 'client', 'service'] as const)('a %s keeps its name', (kind) => {
    const peer = nodeKey(kind, 'orders')
    expect(createPeerNames([ORDERS], [])(peer)).toBe(peer)
  })

  it('case matters: service names are exactly as sent', () => {
    const peer = nodeKey('external', 'Orders')
    expect(createPeerNames([ORDERS], [])(peer)).toBe(peer)
  })

  it.each([
    ['10.1.2.3', 'ip:10.1.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
    ['2001:db8::1', 'ip:2001:db8:0:0::/64'],
    ['::1', 'ip:0:0:0:0::/64'],
    ['fe80::', 'ip:fe80:0:0:0::/64'],
    ['api.bank.example', null],
    ['999.1.2.3', null],
    ['10.1.2', null],
    ['a:b', null],
    ['1:2:3', null],
    ['', null],
  ])('%s is of network %s', (name, network) => {
    expect(networkOf(name)).toBe(network)
  })
})

describe('merging edges', () => {
  it('a caller-only edge to a peer that is a service adds to the paired edge of the same kind', () => {
    const epg = nodeKey('service', 'epg')
    const paired = edgeRow(epg, serviceNode(ORDERS), { calls: 90, errors: 2 })
    const half = edgeRow(epg, nodeKey('external', 'orders'), {
      calls: 10,
      errors: 1,
      evidence: { ...paired.evidence, paired: 0, clientOnly: 10 },
      client: histogramOf([
        [700, 4],
        [800, 6],
      ]),
      server: NO_HISTOGRAM,
      firstSeenMs: 30_000,
      lastSeenMs: 90_000,
    })
    const merged = mergeEdges([half, paired], createPeerNames([ORDERS], []))
    expect(merged).toHaveLength(1)
    expect(merged[0]).toMatchObject({
      edgeId: paired.edgeId,
      calls: 100,
      errors: 3,
      evidence: { paired: 90, clientOnly: 10 },
      client: histogramOf([
        [700, 94],
        [800, 6],
      ]),
      server: histogramOf([[690, 90]]),
      firstSeenMs: 30_000,
      lastSeenMs: 120_000,
    })
    expect(merged[0]?.storedIds.toSorted()).toEqual([half.edgeId, paired.edgeId].toSorted())
  })

  it('edges of two kinds between the same nodes stay two', () => {
    const [a, b] = [nodeKey('service', 'a'), nodeKey('service', 'b')]
    expect(mergeEdges([edgeRow(a, b, {}, 'http'), edgeRow(a, b, {}, 'rpc')], (node) => node)).toHaveLength(2)
  })

  it('does not touch the rows it was given', () => {
    const row = edgeRow(nodeKey('service', 'a'), nodeKey('service', 'b'))
    mergeEdges([row, row], (node) => node)
    expect(row).toEqual(edgeRow(nodeKey('service', 'a'), nodeKey('service', 'b')))
  })
})
