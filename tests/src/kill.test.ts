import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProducer, judge, linksOfTruth, type Producer } from './harness/oracle.ts'
import { rowsOnDisk } from './harness/rows-on-disk.ts'
import { eventually, type SkeinUp, startUp, until } from './harness/skein-process.ts'

const KILLS = Number(process.env['SKEIN_TEST_KILLS'] ?? 3)
const BETWEEN_MS = 2500
const SEED = 20261122

let skein: SkeinUp
let producer: Producer

beforeAll(async () => {
  skein = await startUp()
  producer = createProducer(() => skein.otlpHttp, { seed: SEED, spansPerSecond: 3000, connections: 4 })
})

afterAll(async () => {
  await skein.destroy()
})

/** SIGKILL, then until the role is a new process that is ready again. */
async function killRole(role: 'collector' | 'engine'): Promise<void> {
  const pid = skein.childPid(role)
  process.kill(pid, 'SIGKILL')
  await eventually(async () => expect(skein.childPid(role)).not.toBe(pid), 20_000)
  await until(`${role === 'collector' ? skein.otlpHttp : skein.api}/readyz`)
}

describe('kill -9 under load', () => {
  it(`of the collector and of the engine, ${KILLS} times each: nothing acknowledged is lost, nothing counts twice`, {
    timeout: 90_000 + KILLS * 45_000,
  }, async () => {
    let killing = true
    const kills = (async () => {
      for (let round = 0; round < KILLS; round++) {
        for (const role of ['collector', 'engine'] as const) {
          await sleep(BETWEEN_MS)
          await killRole(role)
        }
      }
      await sleep(1000)
      killing = false
    })()
    await Promise.all([producer.run(() => !killing), kills])
    // whoever begins again reads minutes of the log again: the more kills, the more there is to catch up with
    await eventually(() => judge(skein.api, producer.load), 60_000 + KILLS * 15_000, 500)
    await sleep(2000)
    await judge(skein.api, producer.load)
    expect(producer.load.truth().spans).toBeGreaterThan(10_000)
  })

  it('every span, and every link of one, is one row of the store, and no more', async () => {
    expect(await skein.stop()).toBe(0)
    const [{ spans }, links] = [producer.load.truth(), linksOfTruth(producer.load)]
    expect(await rowsOnDisk(`${skein.dataDir}/store`)).toEqual({ rows: spans, spans, linkRows: links, links })
    expect(links).toBeGreaterThan(100)
  })
})
