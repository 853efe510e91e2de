import { setTimeout as sleep } from 'node:timers/promises'
import { brokerUnavailable } from '@skein/eventlog/kafka/broker-for-tests'
import { afterEach, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { createProducer, judge, type Producer } from '../harness/oracle.ts'
import { eventually } from '../harness/skein-process.ts'

const unavailable = await brokerUnavailable()
const ROUNDS = Number(process.env['SKEIN_TEST_ROUNDS'] ?? 5)
const STORE_AWAY_MS = 60_000
/** Longer than an append may take. */
const FROZEN_MS = 10_000

let cluster: Cluster
afterEach(() => cluster.destroy())

/** Load while `fault` happens, then the judgement of the oracle. */
async function under(seed: number, fault: (producer: Producer) => Promise<void>): Promise<void> {
  cluster = await startCluster()
  const producer = createProducer(() => cluster.otlpHttp, { seed, spansPerSecond: 800, connections: 2 })
  let loading = true
  const sending = producer.run(() => !loading)
  await sleep(3000)
  await fault(producer)
  await sleep(2000)
  loading = false
  await sending
  await eventually(() => judge(cluster.api, producer.load), 300_000, 2000)
  await sleep(3000)
  await judge(cluster.api, producer.load)
  console.info(`seed ${seed}: ${producer.load.truth().spans} spans, answers ${JSON.stringify([...producer.answers])}`)
  for (const { exited } of cluster.processes) expect(await Promise.race([exited, Promise.resolve('runs')])).toBe('runs')
}

describe.skipIf(unavailable !== null)('a cluster loses nothing acknowledged and counts nothing twice', () => {
  it(`when its broker is killed with -9, ${ROUNDS} times`, async () => {
    await under(20261130, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await cluster.broker.kill9()
        await sleep(1000)
        await cluster.broker.restart()
        await sleep(4000)
      }
    })
  })

  it(`when its broker hangs, ${ROUNDS} times`, async () => {
    await under(20261201, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        cluster.broker.freeze()
        await sleep(FROZEN_MS)
        cluster.broker.thaw()
        await sleep(4000)
      }
    })
  })

  it(`when its store is away for ${STORE_AWAY_MS / 1000} s, and intake goes on meanwhile`, async () => {
    await under(20261202, async (producer) => {
      cluster.storeGate.shut()
      await sleep(2000)
      const before = producer.answers.get(200) ?? 0
      await sleep(STORE_AWAY_MS - 2000)
      expect(producer.answers.get(200) ?? 0).toBeGreaterThan(before + 50)
      cluster.storeGate.open()
    })
  })
})
