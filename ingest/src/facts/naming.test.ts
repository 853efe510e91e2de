import { expect, test } from 'vitest'
import { clientNode, databaseName, externalName, hostName, isCacheSystem, NameSource, queueName, urlHostRange } from './naming.ts'

test('a host is lower case, without port, brackets, zone or last dot', () => {
  const cases = {
    'API.Example.com:8443': 'api.example.com',
    'db.': 'db',
    ' x ': 'x',
    '[2001:DB8::1]:443': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1',
    '::ffff:10.1.2.3': '10.1.2.3',
    '10.1.2.3:80': '10.1.2.3',
  }
  expect(Object.keys(cases).map(hostName)).toEqual(Object.values(cases))
})

test('the host of a URL is found without its user, port kept', () => {
  for (const [url, host] of [
    ['https://me:pw@Example.com:8443/a@b?c', 'Example.com:8443'],
    ['http://[::1]:80', '[::1]:80'],
    ['ws://x?y', 'x'],
    ['/relative', ''],
    ['mailto:a@b', ''],
  ] as const) {
    const bytes = Buffer.from(url)
    const range = urlHostRange(bytes, 0, bytes.length)
    expect(bytes.toString('utf8', range.start, range.end)).toBe(host)
  }
})

test('a database is its peer service, else system and namespace, else its address unless that is a bare IP, else its system', () => {
  expect(databaseName(NameSource.peerService, 'postgresql', 'Orders DB')).toBe('Orders DB')
  expect(databaseName(NameSource.namespace, 'postgresql', 'tv')).toBe('postgresql/tv')
  expect(databaseName(NameSource.address, 'postgresql', 'DB-1:5432')).toBe('db-1')
  expect(databaseName(NameSource.address, 'postgresql', '10.0.0.1:5432')).toBe('postgresql')
  expect(databaseName(NameSource.address, 'postgresql', '[::1]:5432')).toBe('postgresql')
  expect(databaseName(NameSource.system, 'postgresql', '')).toBe('postgresql')
  expect(['redis', 'Valkey', 'postgresql'].map(isCacheSystem)).toEqual([true, true, false])
})

test('temporary destinations of a system are one', () => {
  expect(queueName(NameSource.temporary, 'rabbitmq', 'amq.gen-1')).toBe('rabbitmq/(temporary)')
  expect(queueName(NameSource.destination, 'kafka', 'Plays')).toBe('kafka/Plays')
  expect(queueName(NameSource.destination, '', 'plays')).toBe('plays')
  expect(queueName(NameSource.system, 'kafka', '')).toBe('kafka')
})

test('an external peer keeps the name it was given, or its host or address', () => {
  expect(externalName(NameSource.peerService, 'Billing:v2')).toBe('Billing:v2')
  expect(externalName(NameSource.address, '10.1.2.3:443')).toBe('10.1.2.3')
})

test('users of each entry service are a node of their own', () => {
  expect(clientNode({ environment: 'e', cluster: 'c', namespace: 'n', kind: 'service', name: 'web' })).toEqual({
    environment: 'e',
    cluster: '',
    namespace: '',
    kind: 'client',
    name: 'user/web',
  })
})
