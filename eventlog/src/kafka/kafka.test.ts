import { afterAll, beforeAll, describe } from 'vitest'
import { eventLogConformance } from '../conformance.ts'
import { brokerUnavailable, startTestBroker, type TestBroker } from './broker-for-tests.ts'
import { createKafkaLog } from './log.ts'

const MAX_RECORD_BYTES = 900 * 1024
const missing = await brokerUnavailable()
const run = Math.random().toString(36).slice(2, 8)
let topics = 0

describe.skipIf(missing !== null)('against a real broker', () => {
  let broker: TestBroker

  beforeAll(async () => {
    broker = await startTestBroker()
  })
  afterAll(() => broker.destroy())

  eventLogConformance('the Kafka log', () => ({
    open: () =>
      createKafkaLog({
        brokers: [broker.bootstrap],
        clientId: 'conformance',
        partitions: () => 4,
        replicationFactor: 1,
        allowWeak: true,
        clock: Date.now,
        report: () => undefined,
        maxRecordBytes: MAX_RECORD_BYTES,
        sessionMs: 6000,
      }),
    freshTopic: () => `t-${run}-${topics++}`,
    childArgument: () => ({ driver: 'kafka', brokers: [broker.bootstrap] }),
    maxRecordBytes: MAX_RECORD_BYTES,
  }))
})
