import type { SpanRow } from '@skein/store/contract-traces'
import type { StoredValue } from '@skein/store/contract-terms'
import { expect, test } from 'vitest'
import { callsOfTrace } from './trace-calls.ts'

const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const

interface Told {
  id: string
  parent?: string
  service: string
  kind: keyof typeof KINDS
  at?: number
  ms?: number
  error?: boolean
  attributes?: Record<string, StoredValue>
}

function span({ id, parent = '', service, kind, at = 0, ms = 10, error = false, attributes = {} }: Told): SpanRow {
  const row = { spanId: id, parentSpanId: parent, name: id, kind: KINDS[kind], status: error ? 2 : 0, message: '', service, scope: '', resource: service }
  return {
    ...row,
    startNs: `${at}000000`,
    durationNs: `${ms}000000`,
    attributes: Object.entries(attributes),
    events: new Uint8Array(0),
    links: new Uint8Array(0),
  }
}

function said(...told: Told[]): string[] {
  const services = new Map(told.map(({ service }) => [service, { environment: 'e', cluster: '', namespace: '', kind: 'service' as const, name: service }]))
  return callsOfTrace('t', told.map(span), services).map((call) => `${call.source.name} -${call.kind}-> ${call.target.name}${call.error ? ' failed' : ''}`)
}

const http = { 'http.request.method': 'GET' }
const pg = { 'db.system.name': 'postgresql', 'db.namespace': 'tv' }

test('calls come in the order in which they began, each once, from the user to the last store', () => {
  const told: Told[] = [
    { id: 'a', service: 'gateway', kind: 'server', ms: 100, attributes: http },
    { id: 'e', parent: 'c', service: 'account', kind: 'client', at: 30, attributes: { 'db.system': 'redis', 'server.address': '10.0.0.1' } },
    { id: 'b', parent: 'a', service: 'gateway', kind: 'client', at: 5, ms: 50, attributes: http },
    { id: 'c', parent: 'b', service: 'account', kind: 'server', at: 10, ms: 40, error: true, attributes: http },
    { id: 'd', parent: 'c', service: 'account', kind: 'client', at: 20, attributes: pg },
  ]
  expect(said(...told)).toEqual(['user/gateway -http-> gateway', 'gateway -http-> account failed', 'account -db-> postgresql/tv', 'account -cache-> redis'])
})

test('a message goes through its topic; of nested clients one is the call; an unnamed peer and an unseen parent are none', () => {
  const queue = { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' }
  expect(
    said(
      { id: 'p', parent: 'x', service: 'payment', kind: 'producer', attributes: queue },
      { id: 'w', parent: 'p', service: 'worker', kind: 'consumer', at: 5, attributes: queue },
    ),
  ).toEqual(['payment -publish-> kafka/orders', 'kafka/orders -consume-> worker'])
  expect(
    said(
      { id: 'q', parent: 'x', service: 'epg', kind: 'client', attributes: { ...pg, 'peer.service': 'main-db' } },
      { id: 'h', parent: 'q', service: 'epg', kind: 'client', at: 1, attributes: { ...http, 'server.address': 'db.host' } },
    ),
  ).toEqual(['epg -db-> main-db'])
  expect(
    said(
      { id: 'o', parent: 'x', service: 'epg', kind: 'client', attributes: http },
      { id: 'i', parent: 'o', service: 'epg', kind: 'client', at: 1, attributes: { 'url.full': 'https://User@CDN.Example:8443/a?b' } },
      { id: 's', parent: 'gone', service: 'epg', kind: 'server' },
    ),
  ).toEqual(['epg -http-> cdn.example'])
})
