import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StoreDamagedError, StoreUnavailableError } from '../errors.ts'
import { createDiskGuard, demandRoomToOpen, type DiskGuard } from './disk-guard.ts'

const MIB = 2 ** 20
/** Of a disk of 64 MiB the store leaves 8 free, and below 2 it is in doubt. */
const TOTAL = 64 * MIB

let free = 0
let merges = 0
let parts: unknown[][] = []
let guard: DiskGuard
const statements: string[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-disk-guard-'))
  free = TOTAL
  merges = 0
  parts = []
  statements.length = 0
  guard = createDiskGuard({
    directory: '/disk',
    diskBytes: () => ({ free, total: TOTAL }),
    change: async (statement) => void statements.push(statement),
    inspect: async (statement) => (statement.includes('system.merges') ? [[merges]] : parts),
  })
})

afterEach(() => {
  guard.close()
  rmSync(folder, { recursive: true })
})

function part(name: string, files: Record<string, number>): string {
  const path = join(folder, name)
  mkdirSync(path)
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(path, file), Buffer.alloc(bytes))
  return path
}

test('an insert runs while there is room, is refused below the reserve, and is not trusted when the disk was full behind it', async () => {
  const inserted = vi.fn(async () => undefined)
  await guard.insert(inserted)
  free = 8 * MIB - 1
  await expect(guard.insert(inserted)).rejects.toThrow(
    new StoreUnavailableError(`ENOSPC: ${free} bytes are free under /disk, and the store leaves ${8 * MIB} free`),
  )
  expect(inserted).toHaveBeenCalledTimes(1)
  free = TOTAL
  const filling = guard.insert(async () => {
    free = MIB
  })
  await expect(filling).rejects.toThrow('became full during an insert')
})

test('an insert is not trusted that was under way while the disk was full, though there is room when it ends', async () => {
  const spanning = guard.insert(async () => {
    free = MIB
    await vi.waitFor(() => expect(statements).toEqual(['SYSTEM STOP MERGES']), 3000)
    free = TOTAL
  })
  await expect(spanning).rejects.toThrow('became full during an insert')
})

test('merges stop when the disk is all but full, and go on when there is room', async () => {
  merges = 1
  parts = [
    [part('whole', { 'data.bin': 90, 'primary.cidx': 10, 'count.txt': 1, 'empty.idx': 0 }), 100],
    [join(folder, 'merged-meanwhile'), 7],
  ]
  free = 2 * MIB - 1
  await vi.waitFor(() => expect(statements).toEqual(['SYSTEM STOP MERGES']), 3000)
  merges = 0
  free = 8 * MIB
  await vi.waitFor(() => expect(statements).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES']), 3000)
})

test.each([
  ['with less than it was written with', { 'data.bin': 80, 'primary.cidx': 10, 'count.txt': 1 }],
  ['that nothing describes', { 'data.bin': 90, 'primary.cidx': 10, 'columns.txt': 0 }],
])('a part %s ends the store', async (_, files) => {
  const path = part('broken', files)
  parts = [[path, 100]]
  free = MIB
  await expect(guard.failed).rejects.toThrow(new StoreDamagedError(`the disk became full while these parts were written, and they are not whole: ${path}`))
})

test('a store is opened where there is room for its schema, and nowhere else', () => {
  const open = (bytes: number) => demandRoomToOpen('/disk', () => ({ free: bytes, total: TOTAL }))
  expect(() => open(2 * MIB)).not.toThrow()
  expect(() => open(2 * MIB - 1)).toThrow(
    new StoreUnavailableError(`ENOSPC: ${2 * MIB - 1} bytes are free under /disk, and the store needs ${2 * MIB} to open`),
  )
})
