import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Content, decodeEnvelope, Signal } from '@skein/schemas/envelope'
import { describe, expect, it } from 'vitest'
import { createHeartbeat } from './heartbeat.ts'

const MINUTE_MS = 60_000

function setup(lastData: number[]) {
  const heartbeat = createHeartbeat({ signal: Signal.logs, partitions: lastData.length, lastDataMs: (partition) => lastData[partition]!, randomBytes })
  return (nowMs: number): number[] => heartbeat.due(nowMs).map(({ partition }) => partition)
}

describe('heartbeats', () => {
  it('nothing beats before the first data', () => {
    expect(setup([-Infinity, -Infinity])(5000)).toEqual([])
  })

  it('data in one partition makes the silent ones beat, once a second each', () => {
    const lastData = [10_000, -Infinity, -Infinity]
    const due = setup(lastData)
    expect(due(10_500)).toEqual([1, 2])
    expect(due(11_000)).toEqual([0])
    expect(due(11_499)).toEqual([])
    expect(due(11_500)).toEqual([1, 2])
    lastData[1] = 12_400
    expect(due(12_500)).toEqual([0, 2])
  })

  it('twelve seconds after the last data they beat every five seconds, and every second again with the next', () => {
    const lastData = [0, -Infinity]
    const due = setup(lastData)
    expect(due(12_000)).toEqual([0, 1])
    expect(due(16_999)).toEqual([])
    expect(due(17_000)).toEqual([0, 1])
    lastData[0] = 18_000
    expect(due(18_001)).toEqual([1])
    expect(due(19_001)).toEqual([0, 1])
  })

  it('in that calm they beat together, also those that had been out of step', () => {
    const due = setup([0, -Infinity])
    for (let halves = 1; halves <= 24; halves++) expect(due(halves * 500)).toEqual([halves % 2 === 1 ? 1 : 0])
    for (let nowMs = 12_500; nowMs < 16_500; nowMs += 500) expect(due(nowMs)).toEqual([])
    expect([due(16_500), due(21_499), due(21_500)]).toEqual([[0, 1], [], [0, 1]])
  })

  it('six minutes after the last data all fall silent', () => {
    const due = setup([0, -Infinity])
    expect(due(6 * MINUTE_MS)).toEqual([0, 1])
    expect(due(6 * MINUTE_MS + 1)).toEqual([])
  })

  it('a heartbeat carries the time and nothing else, and no two have the same batch id', () => {
    const heartbeat = createHeartbeat({ signal: Signal.logs, partitions: 3, lastDataMs: () => 1000, randomBytes })
    const envelopes = [...heartbeat.due(2000), ...heartbeat.due(3000)].map(({ value }) => decodeEnvelope(value, crc32))
    expect(
      envelopes.every(
        ({ content, records, payload, signal, tenant }) =>
          signal === Signal.logs && content === Content.heartbeat && records === 0 && payload.length === 0 && tenant === 'system',
      ),
    ).toBe(true)
    expect(envelopes.map(({ receivedAtMs }) => receivedAtMs)).toEqual([2000, 2000, 2000, 3000, 3000, 3000])
    expect(new Set(envelopes.map(({ requestId, part }) => `${Buffer.from(requestId).toString('hex')}/${part}`)).size).toBe(6)
  })
})
