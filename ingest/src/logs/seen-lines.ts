import { hash } from 'node:crypto'
import type { LogFiles as StoredLogFiles } from '@skein/store/contract-log-files'
import { BATCH_ID_BYTES, type BatchIds, createBatchIds } from '../pipeline/batch-ids.ts'
import type { LogFiles } from '../pipeline/range-job.ts'
import { ATTRIBUTE_NUMBERS } from '../decode/batch-arrays.ts'
import type { BatchEnvelope } from '../decode/span-batch.ts'
import { createFileOffsets, type FileOffsets } from './file-offsets.ts'
import { type LogBatch, LogFate } from './log-batch.ts'

/** How long a uid that is not of a tailed file is remembered, in log time: within what is read again after a start. */
export const UID_WINDOW_MS = 300_000

/** Which lines came before, by `log.record.uid`. */
export interface SeenLines {
  /** Gives lines that came before the fate `repeat`. */
  mark(batch: LogBatch): void
  /** Files read since the last call. */
  takeFiles(): SeenFiles[]
  /** What ranges before the first record of a partition had read. */
  remember(topic: string, partition: number, files: readonly StoredLogFiles[]): void
  forget(topic: string, partition: number): void
}

export interface SeenFiles extends LogFiles {
  partition: number
  tenant: string
}

interface PartitionLines {
  partition: number
  files: FileOffsets
  uids: BatchIds
}

interface State {
  /** For the files, and for the uids, of one partition. */
  maxBytes: number
  partitions: Map<string, PartitionLines>
}

export function createSeenLines(maxBytes: number): SeenLines {
  const state: State = { maxBytes, partitions: new Map() }
  return {
    mark: (batch) => markLines(state, batch),
    takeFiles: () => [...state.partitions.values()].flatMap(({ partition, files }) => files.takeRead().map((read) => ({ partition, ...read }))),
    remember(topic, partition, all) {
      const { files } = linesOf(state, topic, partition)
      for (const { tenant, files: ids, offsets } of all) {
        ids.forEach((id, i) => files.read(tenant, { high: Number.parseInt(id.slice(0, 8), 16), low: Number.parseInt(id.slice(8), 16) }, offsets[i] ?? 0))
      }
      files.takeRead()
    },
    forget: (topic, partition) => void state.partitions.delete(`${topic}:${partition}`),
  }
}

function linesOf(state: State, topic: string, partition: number): PartitionLines {
  const key = `${topic}:${partition}`
  const known = state.partitions.get(key)
  if (known !== undefined) return known
  const fresh: PartitionLines = {
    partition,
    files: createFileOffsets(state.maxBytes),
    uids: createBatchIds({ windowMs: UID_WINDOW_MS, maxBytes: state.maxBytes }),
  }
  state.partitions.set(key, fresh)
  return fresh
}

function markLines(state: State, batch: LogBatch): void {
  const { envelope, envelopes, file, fileOffset, slots, fate } = batch
  const id = { low: 0, high: 0 }
  let last = -1
  let from: BatchEnvelope | undefined
  let lines: PartitionLines | undefined
  for (let row = 0; row < batch.length; row++) {
    if (envelope[row] !== last) {
      last = envelope[row] as number
      from = envelopes[last]
      lines = from === undefined ? undefined : linesOf(state, from.topic, from.partition)
    }
    if (from === undefined || lines === undefined) continue
    if ((fileOffset[row] as number) >= 0) {
      id.low = file[row * 2] as number
      id.high = file[row * 2 + 1] as number
      if (!lines.files.read(from.tenant, id, fileOffset[row] as number)) fate[row] = LogFate.repeat
    } else if (slots[row] !== 0 && !lines.uids.add(uidOf(batch, row, from.tenant), 0, from.logTimeMs)) fate[row] = LogFate.repeat
  }
}

/** As long as a batch id. */
function uidOf({ attributes, bytes, slots }: LogBatch, row: number, tenant: string): Uint8Array {
  const at = ((slots[row] as number) - 1) * ATTRIBUTE_NUMBERS
  const uid = bytes.subarray(attributes[at + 3], attributes[at + 4])
  return hash('sha256', Buffer.concat([Buffer.from(`${tenant}\0`), uid]), 'buffer').subarray(0, BATCH_ID_BYTES)
}
