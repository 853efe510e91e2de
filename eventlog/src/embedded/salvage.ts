import { closeSync, linkSync, openSync, readSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { findRecord, type FoundRecord } from './record.ts'
import { syncDirectory, type Volume, type VolumeHead, type VolumeOptions, type VolumeRecord } from './volume.ts'
import type { VolumeDriver } from './volumes.ts'

const WINDOW_BYTES = 64 * 1024 * 1024
const BATCH_BYTES = 8 * 1024 * 1024
const HEAD_START = Buffer.from('{"version":1,"base":[')
const HEAD_BYTES = 16 * 1024

export interface SalvageOptions {
  volume: VolumeOptions
  driver: VolumeDriver
  /** Largest stored record, header included. */
  maxBytes: number
  /** Base of the volume when its own head is lost: the ends of the volumes before. */
  fallback: readonly number[]
}

/**
 * Replaces a volume that cannot be opened or walked: its file is kept as `.damaged`, every record in it that proves itself by magic and checksum
 * goes to a new volume, which takes the name in one step when it is whole. Returns the volume and how many records it holds.
 */
export async function salvageVolume({ volume, driver, maxBytes, fallback }: SalvageOptions): Promise<{ volume: Volume; records: number }> {
  const aside = `${volume.path}.damaged`
  const whole = `${volume.path}.salvaged.mdb`
  for (const stale of [aside, whole, `${whole}-lock`]) rmSync(stale, { force: true })
  const head = findHead(volume.path) ?? { base: [...fallback], previousEnd: [...fallback] }
  const fresh = await driver.create({ ...volume, path: whole }, head)
  const records = await copyRecords(recordsIn(volume.path, maxBytes), head.base, fresh)
  await fresh.close()
  linkSync(volume.path, aside)
  for (const lock of [`${whole}-lock`, `${volume.path}-lock`]) rmSync(lock, { force: true })
  renameSync(whole, volume.path)
  syncDirectory(dirname(volume.path))
  return { volume: driver.open(volume), records }
}

async function copyRecords(found: Iterable<FoundRecord>, base: readonly number[], target: Volume): Promise<number> {
  const offsets = new Set<string>()
  let batch: VolumeRecord[] = []
  let bytes = 0
  for (const { partition, offset, bytes: record } of found) {
    // The file may hold older copies of a small record's page: the same record again.
    if (offset < (base[partition] ?? 0)) continue
    offsets.add(`${partition}/${offset}`)
    batch.push({ partition, offset, bytes: Buffer.from(record) })
    bytes += record.length
    if (bytes < BATCH_BYTES) continue
    await target.write(batch)
    batch = []
    bytes = 0
  }
  if (batch.length > 0) await target.write(batch)
  return offsets.size
}

/** Everything in the file that is a whole record, read in windows that overlap by the largest record. */
function* recordsIn(path: string, maxBytes: number): Generator<FoundRecord> {
  for (const { window, last } of windowsOf(path, maxBytes)) {
    const limit = last ? window.length : window.length - maxBytes
    for (let found = findRecord(window, 0, maxBytes); found !== null && found.at < limit; found = findRecord(window, found.next, maxBytes)) {
      if (found.record !== null) yield found.record
    }
  }
}

function* windowsOf(path: string, overlapBytes: number): Generator<{ window: Buffer; last: boolean }> {
  const file = openSync(path, 'r')
  const window = Buffer.allocUnsafe(WINDOW_BYTES + overlapBytes)
  try {
    for (let position = 0; ; position += WINDOW_BYTES) {
      const read = readSync(file, window, 0, window.length, position)
      const last = read < window.length
      yield { window: window.subarray(0, read), last }
      if (last) return
    }
  } finally {
    closeSync(file)
  }
}

function findHead(path: string): Omit<VolumeHead, 'version'> | null {
  for (const { window } of windowsOf(path, HEAD_BYTES)) {
    for (let at = window.indexOf(HEAD_START); at >= 0; at = window.indexOf(HEAD_START, at + 1)) {
      const end = window.indexOf('}', at)
      const head = end < 0 ? null : parseHead(window.subarray(at, end + 1).toString())
      if (head !== null) return head
    }
  }
  return null
}

function parseHead(text: string): Omit<VolumeHead, 'version'> | null {
  try {
    const { base, previousEnd } = JSON.parse(text) as VolumeHead
    return [...base, ...previousEnd].every(Number.isSafeInteger) ? { base, previousEnd } : null
  } catch {
    return null
  }
}
