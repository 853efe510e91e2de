import { expect, test } from 'vitest'
import { CLIENT, CONSUMER, edgesOf, PRODUCER, rowsOf, SERVER } from './rows-for-tests.ts'
import type { TestSpan } from './spans-for-tests.ts'

/** What a peer is called, in the newer names of attributes and in those of before. Both give one node. */

const PEERS: readonly [edge: string, kind: number, newer: TestSpan['attributes'], older: TestSpan['attributes']][] = [
  [
    'svc > Billing http',
    CLIENT,
    { 'service.peer.name': 'Billing', 'http.request.method': 'GET', 'server.address': 'x' },
    { 'peer.service': 'Billing', 'http.method': 'GET', 'net.peer.name': 'x' },
  ],
  [
    'svc > api.example.com http',
    CLIENT,
    { 'server.address': 'API.example.com:8443', 'http.request.method': 'GET' },
    { 'net.peer.name': 'api.example.com.', 'http.method': 'GET' },
  ],
  ['svc > api.example.com http', CLIENT, { 'url.full': 'https://me:pw@api.example.com/x?y#z' }, { 'http.url': 'https://api.example.com:443/x' }],
  ['svc > api.example.com http', CLIENT, { 'http.request.method': 'GET', 'server.address': 'api.example.com' }, { 'http.host': 'api.example.com:80' }],
  ['svc > 203.0.113.9 call', CLIENT, { 'network.peer.address': '203.0.113.9' }, { 'net.peer.ip': '203.0.113.9' }],
  ['svc > 203.0.113.9 call', CLIENT, { 'network.peer.address': '::ffff:203.0.113.9' }, { 'net.sock.peer.addr': '203.0.113.9' }],
  ['svc > greeter rpc', CLIENT, { 'rpc.system.name': 'grpc', 'server.address': 'greeter' }, { 'rpc.system': 'grpc', 'net.sock.peer.name': 'greeter' }],
  ['svc > postgresql/节目 db', CLIENT, { 'db.system.name': 'postgresql', 'db.namespace': '节目' }, { 'db.system': 'postgresql', 'db.name': '节目' }],
  ['svc > mysql/tv db', CLIENT, { 'db.system.name': 'mysql', 'db.namespace': 'tv' }, { 'db.system': 'mysql', 'db.instance': 'tv' }],
  [
    'svc > db-1.example.com db',
    CLIENT,
    { 'db.system.name': 'mongodb', 'server.address': 'DB-1.example.com' },
    { 'db.system': 'mongodb', 'net.peer.name': 'db-1.example.com:27017' },
  ],
  ['svc > redis cache', CLIENT, { 'db.system.name': 'redis', 'server.address': '10.0.0.7' }, { 'db.system': 'redis', 'net.peer.name': '10.0.0.7' }],
  ['svc > memcached cache', CLIENT, { 'db.system.name': 'memcached' }, { 'db.system': 'memcached' }],
  [
    'svc > kafka/plays publish',
    PRODUCER,
    { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' },
    { 'messaging.system': 'kafka', 'messaging.destination': 'plays' },
  ],
  [
    'svc > rabbitmq/user.{id} publish',
    CLIENT,
    {
      'messaging.system': 'rabbitmq',
      'messaging.operation.type': 'send',
      'messaging.destination.template': 'user.{id}',
      'messaging.destination.name': 'user.7',
    },
    { 'messaging.system': 'rabbitmq', 'messaging.operation': 'publish', 'messaging.destination': 'user.{id}' },
  ],
  [
    'svc > rabbitmq/(temporary) publish',
    PRODUCER,
    { 'messaging.system': 'rabbitmq', 'messaging.destination.temporary': true, 'messaging.destination.name': 'amq.gen-1' },
    { 'messaging.system': 'rabbitmq', 'messaging.temp_destination': true, 'messaging.destination': 'amq.gen-2' },
  ],
  [
    'rabbitmq/(temporary) > svc consume',
    CONSUMER,
    { 'messaging.system': 'rabbitmq', 'messaging.destination.anonymous': true },
    { 'messaging.system': 'rabbitmq', 'messaging.temp_destination': 'true' },
  ],
  [
    'kafka/plays > svc consume',
    CLIENT,
    { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays', 'messaging.operation.type': 'receive' },
    { 'messaging.system': 'kafka', 'messaging.destination': 'plays', 'messaging.operation': 'receive' },
  ],
]

test.each(PEERS)('%s by the newer names and by those of before', (edge, kind, newer, older) => {
  for (const attributes of [newer, older]) expect(Object.keys(edgesOf(rowsOf({ id: '1', kind, parent: 'f', attributes: { ...attributes } })))).toEqual([edge])
})

test.each([
  ['http.response.status_code', 500, 1],
  ['http.status_code', 503, 1],
  ['http.response.status_code', 499, 0],
  ['http.status_code', '502', 1],
  ['rpc.grpc.status_code', 14, 1],
  ['rpc.grpc.status_code', 5, 0],
  ['rpc.response.status_code', 'UNAVAILABLE', 1],
  ['rpc.response.status_code', 'NOT_FOUND', 0],
])('%s %s is an error: %i', (name, value, errors) => {
  expect(
    edgesOf(rowsOf({ id: '1', kind: SERVER, attributes: { [name]: value } }))['user/svc > svc ' + (name.startsWith('rpc') ? 'rpc' : 'http')]?.['errors'] ?? 0,
  ).toBe(errors)
})
