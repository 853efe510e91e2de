import { describe, expect, it } from 'vitest'
import { until } from './agent-for-tests.ts'
import { agentsForTests } from './agents-for-tests.ts'

const { sink, put, started, expectLines } = agentsForTests()

describe('agent and collector', () => {
  it('has one request of a file under way, and several files side by side', async () => {
    sink().answer = () => ({ status: 200, delayMs: 50 })
    const expected: string[] = []
    for (let file = 0; file < 6; file++) {
      const lines = Array.from({ length: 1500 }, (_, line) => `${file} ${line} ${'x'.repeat(1000)}`)
      expected.push(...lines)
      put(`${file}.log`, `${lines.join('\n')}\n`)
    }
    await started({ config: { requestBytes: 1024 * 1024 } })
    await expectLines(expected)
    expect(sink().peak).toBeGreaterThan(1)
    expect(sink().repeats).toBe(0)
  })

  it('makes requests smaller for a collector that takes no large ones', async () => {
    sink().answer = (lines) => ({ status: lines > 4000 ? 413 : 200 })
    const lines = Array.from({ length: 12_000 }, (_, line) => `line ${line}`)
    put('epg.log', `${lines.join('\n')}\n`)
    await started()
    await expectLines(lines)
  })

  it('falls back to gzip where zstd is not taken', async () => {
    let first = true
    sink().answer = () => {
      const status = first ? 415 : 200
      first = false
      return { status }
    }
    put('epg.log', 'one\n')
    await started()
    await expectLines(['one'])
  })

  it('counts what the collector refuses for good and goes on', async () => {
    sink().answer = (_, request) => ({ status: request === 0 ? 400 : 200 })
    put('epg.log', 'bad\n')
    const agent = await started()
    const dropped = (reason: string) => agent.counters.drops.find((drop) => drop.signal === 'logs' && drop.reason === reason)?.records
    await until(() => dropped('malformed') === 1, 'it is counted')
    put('epg.log', 'good\n')
    await expectLines(['good'])
    sink().answer = () => ({ status: 200, body: Buffer.from([0x0a, 0x06, 0x08, 0x01, 0x12, 0x02, 0x6e, 0x6f]) })
    put('epg.log', 'partial\n')
    await until(() => dropped('collector_refused') === 1, 'partial success is counted')
    expect(agent.events.find(({ why }) => why === 'no')).toMatchObject({ event: 'records_refused', records: 1 })
  })

  it('stops reading while the collector is away, and takes what the files then hold', async () => {
    sink().answer = () => ({ status: 503 })
    const agent = await started({ config: { requests: 2, requestBytes: 1024 * 1024 } })
    const lines = Array.from({ length: 6000 }, (_, line) => `line ${line} ${'x'.repeat(1000)}`)
    put('epg.log', `${lines.join('\n')}\n`)
    await until(() => agent.events.some(({ event }) => event === 'collector_away'), 'it is told')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(agent.counters.bytes).toBe(0)
    sink().answer = () => ({ status: 200 })
    await expectLines(lines)
    expect(agent.events.filter(({ event }) => event === 'collector_away')).toHaveLength(1)
  })
})
