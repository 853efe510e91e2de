import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepInSkein, killAgent } from './harness/agent-kills.ts'
import { type SkeinUp, startUp } from './harness/skein-process.ts'

let skein: SkeinUp
beforeAll(async () => {
  skein = await startUp()
})
afterAll(async () => {
  await skein.destroy()
})

describe('kill -9 of the agent under load', () => {
  it('three times: no line of a file that is written and rotated is lost, none shows twice', async () => {
    const report = await killAgent(keepInSkein(skein), { kills: 3, seed: 20261125, lines: 15 })
    expect(report).toMatchObject({ missing: [], twice: [] })
    expect(report.lines).toBeGreaterThan(500)
  })
})
