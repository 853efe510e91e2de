import { describe, expect, it } from 'vitest'
import { killAgent } from '../harness/agent-kills.ts'

const KILLS = Number(process.env['SKEIN_TEST_KILLS'] ?? 20)

describe('kill -9 of the agent under load', () => {
  it(`${KILLS} times: no line of a file that is written and rotated is lost, none shows twice`, async () => {
    const report = await killAgent({ kills: KILLS, seed: 20261126 })
    expect(report).toMatchObject({ missing: [], twice: [], mistaken: 0 })
    expect(report.repeats).toBeGreaterThan(0)
  })
})
