import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { commit, openDurable, type RootDatabase } from '@skein/lmdb/durable'
import { openRecord, receivedAtMs } from './record.ts'

/** A 12-byte big-endian key, so that the tree's order is (partition, offset). */
const KEY_BYTES = 12
/** Sorts after every record. Its value is `VolumeHead` as JSON. */
const HEAD_PARTITION = 0xffffffff
const PROBE_OFFSET = 1
/** Room in the map beyond the volume's size for the group commit that crosses it. */
const MAP_SLACK_BYTES = 192 * 1024 * 1024

/** Written once, before the volume gets its name. */
export interface VolumeHead {
  version: 1
  /** First offset of each partition that is in this volume or a later one. */
  base: number[]
  /** End of each partition in the volumes before. Below `base` when a commit of unknown end made the writer skip offsets: no loss. */
  previousEnd: number[]
}

export interface VolumeRecord {
  partition: number
  offset: number
  bytes: Buffer
}

/** One LMDB file. Offsets of a partition in it are contiguous unless damaged. */
export interface Volume {
  readonly path: string
  readonly sequence: number
  /** Those that existed when it was made, and those that have got records since. */
  readonly partitions: number
  base(partition: number): number
  previousEnd(partition: number): number
  bytes(): number
  /** One transaction, fsynced when resolved; rejects with the cause, then nothing of it is visible. */
  write(records: readonly VolumeRecord[]): Promise<void>
  /** Durable write of nothing that a reader sees. */
  probe(): Promise<void>
  /** The stored bytes, a copy that belongs to the caller. Throws when a page is damaged. */
  read(partition: number, offset: number): Buffer | undefined
  /** Smallest offset ≥ `from` that the volume holds. */
  nextOffset(partition: number, from: number): number | null
  lastOffset(partition: number): number | null
  /** Visits every key; throws at a page that cannot be read. */
  walk(): void
  /** Shows what other processes committed since. */
  refresh(): void
  readerCheck(): void
  close(): Promise<void>
}

export interface VolumeOptions {
  path: string
  readOnly: boolean
  volumeBytes: number
}

/** Creates a volume under a temporary name and renames it when its head is durable, so that a reader never sees half of one. */
export async function createVolume(options: VolumeOptions, head: Omit<VolumeHead, 'version'>): Promise<Volume> {
  const fresh = `${options.path}.new.mdb`
  for (const stale of [fresh, `${fresh}-lock`]) rmSync(stale, { force: true })
  const env = openEnv({ ...options, path: fresh })
  try {
    const value: VolumeHead = { version: 1, ...head }
    env.transactionSync(() => env.putSync(volumeKey(HEAD_PARTITION, 0), Buffer.from(JSON.stringify(value))))
  } finally {
    await env.close()
  }
  rmSync(`${fresh}-lock`, { force: true })
  renameSync(fresh, options.path)
  syncDirectory(dirname(options.path))
  return openVolume(options)
}

export function openVolume(options: VolumeOptions): Volume {
  const env = openEnv(options)
  const head = readHead(env, options.path)
  const key = Buffer.alloc(KEY_BYTES)
  return {
    path: options.path,
    sequence: Number.parseInt(basename(options.path), 10),
    partitions: Math.max(head.base.length, partitionsWithRecords(env)),
    base: (partition) => head.base[partition] ?? 0,
    previousEnd: (partition) => head.previousEnd[partition] ?? 0,
    bytes: () => statSync(options.path).size,
    write: async (records) => {
      const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0)
      await commit(options.path, bytes, () =>
        env.batch(() => {
          for (const record of records) void env.put(fillKey(key, record.partition, record.offset), record.bytes)
        }),
      )
    },
    probe: async () => void (await commit(options.path, 0, () => env.put(volumeKey(HEAD_PARTITION, PROBE_OFFSET), Buffer.from('probe')))),
    read: (partition, offset) => env.getBinary(fillKey(key, partition, offset)),
    nextOffset: (partition, from) => edge(env, fillKey(key, partition, from), false),
    lastOffset: (partition) => edge(env, fillKey(key, partition, Number.MAX_SAFE_INTEGER), true),
    walk: () => void env.getKeysCount(),
    refresh: () => env.resetReadTxn(),
    readerCheck: () => void env.readerCheck(),
    close: () => env.close(),
  }
}

function openEnv(options: VolumeOptions): RootDatabase<Buffer, Buffer> {
  return openDurable<Buffer, Buffer>({
    path: options.path,
    noSubdir: true,
    readOnly: options.readOnly,
    encoding: 'binary',
    keyEncoding: 'binary',
    maxDbs: 1,
    mapSize: options.volumeBytes + MAP_SLACK_BYTES,
  })
}

function readHead(env: RootDatabase<Buffer, Buffer>, path: string): VolumeHead {
  const bytes = env.getBinary(volumeKey(HEAD_PARTITION, 0))
  if (bytes === undefined) throw new Error(`${path} has no head: it is no volume of this log`)
  return JSON.parse(bytes.toString()) as VolumeHead
}

function fillKey(key: Buffer, partition: number, offset: number): Buffer {
  key.writeUInt32BE(partition, 0)
  key.writeUInt32BE(Math.floor(offset / 0x100000000), 4)
  key.writeUInt32BE(offset % 0x100000000, 8)
  return key
}

function volumeKey(partition: number, offset: number): Buffer {
  return fillKey(Buffer.alloc(KEY_BYTES), partition, offset)
}

/** One more than the highest partition that has records; 0 as well when a damaged page hides it. */
function partitionsWithRecords(env: RootDatabase<Buffer, Buffer>): number {
  try {
    for (const found of env.getKeys({ start: volumeKey(HEAD_PARTITION - 1, 0), reverse: true, limit: 1 })) return Buffer.from(found).readUInt32BE(0) + 1
    return 0
  } catch {
    return 0
  }
}

/** First key at or after (at or before) `start` within its partition. */
function edge(env: RootDatabase<Buffer, Buffer>, start: Buffer, reverse: boolean): number | null {
  const partition = start.readUInt32BE(0)
  for (const found of env.getKeys({ start, reverse, limit: 1 })) {
    const at = Buffer.from(found)
    if (at.readUInt32BE(0) === partition) return at.readUInt32BE(4) * 0x100000000 + at.readUInt32BE(8)
  }
  return null
}

/** Newest log time in a volume: the last record of each partition. */
export function newestReceivedAtMs(volume: Volume): number {
  let newest = 0
  for (let partition = 0; partition < volume.partitions; partition++) {
    const last = volume.lastOffset(partition)
    const bytes = last === null ? undefined : volume.read(partition, last)
    const value = last === null || bytes === undefined ? null : openRecord(bytes, partition, last)
    if (value !== null) newest = Math.max(newest, receivedAtMs(value))
  }
  return newest
}

const VOLUME_NAME = /^(\d{10})\.mdb$/

/** Sequence numbers in a topic's directory, ascending; a missing directory has none. */
export function listVolumes(directory: string): number[] {
  const sequences: number[] = []
  for (const name of namesIn(directory)) {
    const match = VOLUME_NAME.exec(name)
    if (match?.[1] !== undefined) sequences.push(Number.parseInt(match[1], 10))
  }
  return sequences.sort((left, right) => left - right)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export function volumePath(directory: string, sequence: number): string {
  return join(directory, `${String(sequence).padStart(10, '0')}.mdb`)
}

export function unlinkVolume(path: string): void {
  for (const name of [path, `${path}-lock`]) rmSync(name, { force: true })
  syncDirectory(dirname(path))
}

/** Makes new and removed names durable. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
