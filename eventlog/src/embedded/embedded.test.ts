import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { eventLogConformance } from '../conformance.ts'
import { createEmbeddedLog } from './log.ts'

const MAX_RECORD_BYTES = 200_000
const directory = mkdtempSync(join(tmpdir(), 'skein-eventlog-'))
let topics = 0

afterAll(() => rmSync(directory, { recursive: true, force: true }))

eventLogConformance('the embedded log', () => ({
  open: (side) =>
    createEmbeddedLog({
      directory,
      role: side === 'append' ? 'writer' : 'both',
      partitions: () => 4,
      quotaBytes: 1024 ** 3,
      reserveBytes: 0,
      volumeBytes: 1024 ** 2,
      maxRecordBytes: MAX_RECORD_BYTES,
      clock: Date.now,
      report: () => undefined,
    }),
  freshTopic: () => `topic-${topics++}`,
  childArgument: () => ({ driver: 'embedded', directory }),
  maxRecordBytes: MAX_RECORD_BYTES,
}))
