import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepInSink, killAgent, type LineKeeper } from '../harness/agent-kills.ts'

const KILLS = Number(process.env['SKEIN_TEST_KILLS'] ?? 20)

let sink: LineKeeper
beforeAll(async () => {
  sink = await keepInSink()
})
afterAll(async () => {
  await sink.close()
})

describe('kill -9 of the agent under load', () => {
  it(`${KILLS} times: no line of a file that is written and rotated is lost, none shows twice`, async () => {
    const report = await killAgent(sink, { kills: KILLS, seed: 20261126, lines: 60 })
    expect(report).toMatchObject({ missing: [], twice: [], counts: { mistaken: 0 } })
    expect(report.counts?.repeats).toBeGreaterThan(0)
  })
})
