import type { SpanBatch } from '@skein/ingest/decode/span-batch'
import { ID_WORDS, PARENT_WORD } from '@skein/ingest/facts/read-facts'
import { createSpanTable } from '@skein/ingest/topology/span-columns'
import { readSpanKey } from '@skein/ingest/topology/span-key'
import { adopt, AHEAD, appendSpan, findSpan, readAhead, reserveSpan, takeWaiting, waitForParent } from '@skein/ingest/topology/span-table'
import { emptyKey } from '@skein/ingest/topology/topology-state'
import { createDecoder, createRanges } from './load/ranges.ts'

/**
 * CPU time of finding partners alone, of one thread: `node bench/src/partners.ts [spans a round] [spans a range]`. Each span is looked for, held, and put among the
 * children of its parent, with those that waited for it; what a call is and what it adds to sums is not in it. `worker.ts` tells all of pairing.
 */
const spansPerRound = Number(process.argv[2] ?? 600_000)
const spansPerRange = Number(process.argv[3] ?? 100_000)
const nextRange = createRanges(spansPerRange)
const decoder = createDecoder()
const table = createSpanTable()
const key = emptyKey()

function holdAll(batch: SpanBatch): number {
  let families = 0
  for (let row = 0; row < batch.length; row++) {
    if (row % AHEAD === 0) readAhead(table, batch.ids, row, Math.min(batch.length, row + AHEAD))
    readSpanKey(key, batch, row)
    if (findSpan(table, key, key.id0, key.id1) >= 0) continue
    reserveSpan(table)
    const hasParent = batch.parentId[row]! >= 0
    const id0 = batch.ids[row * ID_WORDS + PARENT_WORD]!
    const id1 = batch.ids[row * ID_WORDS + PARENT_WORD + 1]!
    const parent = hasParent ? findSpan(table, key, id0, id1) : -1
    const span = appendSpan(table, key)
    table.parentId0[span] = id0
    table.parentId1[span] = id1
    takeWaiting(table, span, key, false)
    if (parent >= 0) adopt(table, parent, span)
    else if (hasParent) waitForParent(table, span)
    if (parent >= 0 || table.firstChild[span]! >= 0) families++
  }
  return families
}

for (const round of ['first', 'next']) {
  let [spans, us, families] = [0, 0, 0]
  while (spans < spansPerRound) {
    const { batch } = decoder.decode(nextRange())
    const before = process.threadCpuUsage()
    families += holdAll(batch)
    const { user, system } = process.threadCpuUsage(before)
    us += user + system
    spans += batch.length
  }
  console.log(`${round} ${spans} spans: partners ${(us / spans).toFixed(2)} CPU-s per million; ${families} met a partner as they came, ${table.size} held`)
}
