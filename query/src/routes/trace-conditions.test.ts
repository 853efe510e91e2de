import { expect, test } from 'vitest'
import { conditionsOf } from './trace-conditions.ts'

test('environment, cluster and namespace are attributes of what sent the span, by each of their names', () => {
  expect(conditionsOf({ environment: 'prod', cluster: 'bj-1', namespace: '', attr: 'user=42' }).attributes).toEqual([
    { key: 'user', value: '42' },
    { key: 'deployment.environment.name', value: 'prod', aliases: ['deployment.environment'] },
    { key: 'k8s.cluster.name', value: 'bj-1', aliases: [] },
  ])
})

test('an instance is what sent the span calls itself, by each of the names that instances go by', () => {
  expect(conditionsOf({ instance: 'epg-7d9' }).attributes).toEqual([{ key: 'service.instance.id', value: 'epg-7d9', aliases: ['k8s.pod.name', 'host.name'] }])
})

test('a pair without a key is refused by name', () => {
  expect(() => conditionsOf({ attr: '=42' })).toThrow('attr: ')
})
