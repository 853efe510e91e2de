import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { encodeEnvelope } from '@skein/schemas/envelope'
import { createEmbeddedLog, type EmbeddedLog } from './log.ts'
import type { EmbeddedLogOptions } from './settings.ts'

const MIB = 1024 * 1024

/** A directory of its own for one test, and the logs opened on it. */
export interface LogBed {
  readonly directory: string
  /** Event codes reported so far. */
  readonly events: string[]
  /** Two partitions, 1 MiB volumes, both roles, unless told otherwise. */
  open(options?: Partial<EmbeddedLogOptions>): Promise<EmbeddedLog>
  volumeNames(topic: string): string[]
  /** As if a writing process had been killed. */
  leaveDeadWriter(): void
  end(): Promise<void>
}

export function createLogBed(): LogBed {
  const directory = mkdtempSync(join(tmpdir(), 'skein-eventlog-'))
  const events: string[] = []
  const logs: EmbeddedLog[] = []
  return {
    directory,
    events,
    open: async (options = {}) => {
      const log = await createEmbeddedLog({
        directory,
        role: 'both',
        partitions: () => 2,
        quotaBytes: 1024 * MIB,
        reserveBytes: 0,
        volumeBytes: MIB,
        clock: () => new Date().getTime(),
        report: (_level, event) => events.push(event),
        ...options,
      })
      logs.push(log)
      return log
    },
    volumeNames: (topic) =>
      readdirSync(join(directory, topic))
        .filter((name) => /^\d+\.mdb$/.test(name))
        .sort(),
    leaveDeadWriter: () => writeFileSync(join(directory, 'writer.lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), birth: 'x 1' })),
    end: async () => {
      for (const log of logs) await log.close(1000)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** An envelope of log time, so that retention can tell how old it is. */
export function envelopeAt(receivedAtMs: number, payloadBytes: number): Uint8Array {
  const header = { signal: 1, content: 1, source: 1, receivedAtMs, requestId: new Uint8Array(16), part: 0, parts: 1, records: 1, limitsVersion: 1 } as const
  return encodeEnvelope({ ...header, tenant: 't', keyId: 'k' }, [new Uint8Array(payloadBytes)], crc32)
}
