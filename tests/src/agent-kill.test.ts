import { describe, expect, it } from 'vitest'
import { killAgent } from './harness/agent-kills.ts'

describe('kill -9 of the agent under load', () => {
  it('three times: no line of a file that is written and rotated is lost, none shows twice', async () => {
    const report = await killAgent({ kills: 3, seed: 20261125 })
    expect(report).toMatchObject({ missing: [], twice: [], mistaken: 0 })
    expect(report.lines).toBeGreaterThan(1000)
  })
})
