import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchEnvelope, DECODER_OPTIONS } from '../decode/oracle-for-tests.ts'
import { createLogDecoder } from './decode-logs.ts'
import { createFileOffsets } from './file-offsets.ts'
import { LogFate } from './log-batch.ts'
import { encodeLogs, logsOf } from './logs-for-tests.ts'
import { createSeenLines, UID_WINDOW_MS, type SeenLines } from './seen-lines.ts'

const MIB = 1024 * 1024
const FILE = '00000000000000aa'

interface Sent {
  uids: readonly string[]
  partition?: number
  tenant?: string
  logTimeMs?: number
}

/** Which of the lines are new. */
function send(seen: SeenLines, { uids, ...more }: Sent): boolean[] {
  const payload = encodeLogs(
    logsOf(
      's',
      uids.map((stringValue) => ({ attributes: [{ key: 'log.record.uid', value: { stringValue } }] })),
    ),
  )
  const { batch } = createLogDecoder(DECODER_OPTIONS).decode([{ envelope: batchEnvelope({ topic: 'skein.logs', ...more }), payload }])
  seen.mark(batch)
  return Array.from({ length: batch.length }, (_, row) => batch.fate[row] === LogFate.kept)
}

describe('lines that came before', () => {
  test('a file that is sent again from any line, in any portions, is seen once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 12 })), { maxLength: 30 }), (requests) => {
        const seen = createSeenLines(MIB)
        let acknowledged = 0
        const news: number[] = []
        for (const [back, count] of requests) {
          const from = Math.max(0, acknowledged - back)
          const offsets = Array.from({ length: count }, (_, i) => from + i)
          send(seen, { uids: offsets.map((offset) => `${FILE}:${offset * 93}`) }).forEach((fresh, i) => fresh && news.push(offsets[i]!))
          acknowledged = Math.max(acknowledged, from + count)
        }
        expect(news).toEqual(Array.from({ length: acknowledged }, (_, i) => i))
      }),
      { numRuns: 50 },
    )
  })

  test('files are told apart by tenant and partition', () => {
    const seen = createSeenLines(MIB)
    const uids = [`${FILE}:900`]
    expect([
      send(seen, { uids }),
      send(seen, { uids, tenant: 'other' }),
      send(seen, { uids, partition: 1 }),
      send(seen, { uids: ['00000000000000ab:1', '10000000000000aa:1'] }),
      send(seen, { uids }),
    ]).toEqual([[true], [true], [true], [true, true], [false]])
  })

  test('what a successor learns from the store is what was read', () => {
    const seen = createSeenLines(MIB)
    send(seen, { uids: [`${FILE}:10`, `${FILE}:20`, 'ffffffffffffffff:4000000000000'] })
    send(seen, { uids: [`${FILE}:5`], tenant: 'other' })
    const taken = seen.takeFiles()
    expect(taken.map(({ tenant, files, offsets }) => [tenant, [...files], [...offsets]])).toEqual([
      ['default', [0xaan, 0xffff_ffff_ffff_ffffn], [20n, 4_000_000_000_000n]],
      ['other', [0xaan], [5n]],
    ])
    expect(seen.takeFiles()).toEqual([])
    const next = createSeenLines(MIB)
    const stored = taken.map(({ tenant, files, offsets }) => ({
      tenant,
      files: Array.from(files, (file) => file.toString(16).padStart(16, '0')),
      offsets: Array.from(offsets, Number),
    }))
    next.remember('skein.logs', 0, stored)
    expect(send(next, { uids: [`${FILE}:20`, `${FILE}:21`, 'ffffffffffffffff:4000000000000'] })).toEqual([false, true, false])
    expect(next.takeFiles().map(({ files }) => [...files])).toEqual([[0xaan]])
  })

  test('any other uid counts once within five minutes of log time', () => {
    const seen = createSeenLines(MIB)
    const at = (logTimeMs: number): boolean[] => send(seen, { uids: ['01J8ZK', '01J8ZL'], logTimeMs })
    expect([at(0), at(UID_WINDOW_MS - 1), at(UID_WINDOW_MS * 2), send(seen, { uids: ['01J8ZK'], tenant: 'other', logTimeMs: 0 })]).toEqual([
      [true, true],
      [false, false],
      [true, true],
      [true],
    ])
  })

  test('more files than there is room for: the longest unseen are forgotten, memory stays bounded', () => {
    const files = createFileOffsets(MIB)
    const read = (number: number, offset: number): boolean => files.read('t', { low: number, high: 7 }, offset)
    const wrong: number[] = []
    for (let number = 0; number < 200_000; number++) {
      if (!read(number, 5)) wrong.push(number)
      if (number % 1000 !== 0) continue
      if (!read(1_000_000, number + 1) || read(1_000_000, number + 1)) wrong.push(number)
      files.takeRead()
    }
    expect(wrong).toEqual([])
    expect(files.bytes).toBeLessThan(2 * MIB)
    expect([read(199_999, 5), read(0, 5)]).toEqual([false, true])
  })
})
