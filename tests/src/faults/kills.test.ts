import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProducer, judge, linksOfTruth, type Producer } from '../harness/oracle.ts'
import { rowsOnDisk } from '../harness/rows-on-disk.ts'
import { eventually, type SkeinUp, startUp, until } from '../harness/skein-process.ts'

const KILLS = Number(process.env['SKEIN_TEST_KILLS'] ?? 20)
const SUPERVISOR_KILLS = Math.ceil(KILLS / 4)
const BETWEEN_MS = 1500

let skein: SkeinUp
let producer: Producer
let sending: Promise<void>
let loading = true

beforeAll(async () => {
  skein = await startUp()
  producer = createProducer(() => skein.otlpHttp, { seed: 20261128, spansPerSecond: 3000, connections: 4, otlpGrpc: () => skein.otlpGrpc })
  sending = producer.run(() => !loading)
})
afterAll(async () => {
  loading = false
  await skein.destroy()
})

describe('many kills under load', () => {
  it.each(['collector', 'engine'] as const)(`the %s, ${KILLS} times, is back each time`, async (role) => {
    const backMs: number[] = []
    for (let round = 0; round < KILLS; round++) {
      await sleep(BETWEEN_MS)
      const pid = skein.childPid(role)
      const killedAt = performance.now()
      process.kill(pid, 'SIGKILL')
      await eventually(async () => expect(skein.childPid(role)).not.toBe(pid), 30_000)
      await until(`${role === 'collector' ? skein.otlpHttp : skein.api}/readyz`)
      backMs.push(performance.now() - killedAt)
    }
    const sorted = backMs.toSorted((a, b) => a - b)
    console.info(`${role}: back after ${(sorted[KILLS >> 1] ?? 0).toFixed(0)} ms in the middle, ${(sorted.at(-1) ?? 0).toFixed(0)} ms at worst`)
  })

  it(`the supervisor, ${SUPERVISOR_KILLS} times, and each time the next one takes over`, async () => {
    for (let round = 0; round < SUPERVISOR_KILLS; round++) {
      await sleep(BETWEEN_MS)
      await skein.kill9()
      skein = await startUp(skein.env)
    }
  })

  it('nothing acknowledged was lost and nothing counts twice, on the map and on disk', async () => {
    loading = false
    await sending
    await eventually(() => judge(skein.api, producer.load), 120_000, 1000)
    await sleep(3000)
    await judge(skein.api, producer.load)
    const { spans } = producer.load.truth()
    console.info(`${spans} spans; answers ${JSON.stringify([...producer.answers])}`)
    expect(await skein.stop()).toBe(0)
    const links = linksOfTruth(producer.load)
    console.info(`${links} links`)
    expect(await rowsOnDisk(`${skein.dataDir}/store`)).toEqual({ rows: spans, spans, linkRows: links, links })
  })
})
