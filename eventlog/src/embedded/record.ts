import { crc32 } from 'node:zlib'
import { APPEND_ROOM_BYTES } from '../contract.ts'

/**
 * One stored value, little-endian: magic `SKR1` (4), partition (4), offset (8), length of the value (4), CRC-32 of value then bytes 0–20 (4), value.
 * The header repeats the key, so that a page of one record can never pass for another and records can be found without the tree.
 */
export const RECORD_HEADER_BYTES = APPEND_ROOM_BYTES
const MAGIC = 0x31524b53
const CRC_AT = 20

/** Offset of received-at in an envelope, and the bytes a value needs to carry one (`@skein/schemas/envelope`). */
const RECEIVED_AT = 8
const RECEIVED_END = 16

/** CRC of the value alone: computed while another commit is in flight, before the offset is known. */
export function valueChecksum(value: Uint8Array): number {
  return crc32(value)
}

/** Writes the header before the value that `record` already holds from `RECORD_HEADER_BYTES` on. */
export function sealRecord(record: Buffer, partition: number, offset: number, valueCrc: number): void {
  record.writeUInt32LE(MAGIC, 0)
  record.writeUInt32LE(partition, 4)
  record.writeUInt32LE(offset % 0x100000000, 8)
  record.writeUInt32LE(Math.floor(offset / 0x100000000), 12)
  record.writeUInt32LE(record.length - RECORD_HEADER_BYTES, 16)
  record.writeUInt32LE(crc32(record.subarray(0, CRC_AT), valueCrc), CRC_AT)
}

/** The value, a view into `record`; null when the record is not whole or not the one asked for. */
export function openRecord(record: Buffer, partition: number, offset: number): Buffer | null {
  if (record.length < RECORD_HEADER_BYTES || record.readUInt32LE(0) !== MAGIC || record.readUInt32LE(4) !== partition) return null
  if (record.readUInt32LE(8) + record.readUInt32LE(12) * 0x100000000 !== offset) return null
  if (record.readUInt32LE(16) !== record.length - RECORD_HEADER_BYTES) return null
  const value = record.subarray(RECORD_HEADER_BYTES)
  return crc32(record.subarray(0, CRC_AT), crc32(value)) === record.readUInt32LE(CRC_AT) ? value : null
}

/** Log time of a value in Unix ms; 0 for what is no envelope. */
export function receivedAtMs(value: Uint8Array): number {
  if (value.length < RECEIVED_END) return 0
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  return view.getUint32(RECEIVED_AT, true) + view.getUint32(RECEIVED_AT + 4, true) * 0x100000000
}

export interface FoundRecord {
  partition: number
  offset: number
  /** Header and value, a view. */
  bytes: Buffer
}

const MAGIC_BYTES = Buffer.from('SKR1')

/**
 * The next place from `from` on that looks like a record: `record` is null when its checksum says that it is none. Returns null at the end.
 * Search goes on at `next`: behind a record, or just behind the magic.
 */
export function findRecord(bytes: Buffer, from: number, maxBytes: number): { at: number; next: number; record: FoundRecord | null } | null {
  const at = bytes.indexOf(MAGIC_BYTES, from)
  if (at < 0 || at + RECORD_HEADER_BYTES > bytes.length) return null
  const total = RECORD_HEADER_BYTES + bytes.readUInt32LE(at + 16)
  const none = { at, next: at + MAGIC_BYTES.length, record: null }
  if (total > maxBytes || at + total > bytes.length) return none
  const record = bytes.subarray(at, at + total)
  const partition = record.readUInt32LE(4)
  const offset = record.readUInt32LE(8) + record.readUInt32LE(12) * 0x100000000
  if (openRecord(record, partition, offset) === null) return none
  return { at, next: at + total, record: { partition, offset, bytes: record } }
}
