import { spawn } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AgentSignal } from '../send/counters.ts'
import { folderForTests } from '../folder-for-tests.ts'
import { type BufferFile, openBufferFile, openDiskBuffer } from './disk-buffer.ts'

const PAGE = 4096

function bufferOf(directory: string, maxBytes: number, open = openBufferFile) {
  const dropped = { count: 0, records: 0 }
  const buffer = openDiskBuffer({
    directory,
    maxBytes,
    open,
    dropped([, , , records]) {
      dropped.count++
      dropped.records += records
    },
  })
  return { buffer, dropped }
}

/** A file whose disk takes nothing while `full`. */
function fragileFile() {
  const disk = { full: false }
  const open = (path: string): BufferFile => {
    const file = openBufferFile(path)
    return { ...file, change: (change) => (disk.full ? Promise.reject(new Error('ENOSPC')) : file.change(change)) }
  }
  return { disk, open }
}

it('what does not fit drops the oldest, counted, and the buffer never takes more than it may', async () => {
  const { buffer, dropped } = bufferOf(folderForTests(), 3 * PAGE)
  for (let at = 0; at < 5; at++) {
    await buffer.put('logs', Buffer.alloc(100, at), 1)
    expect(buffer.bytes).toBeLessThanOrEqual(3 * PAGE)
  }
  expect(dropped.count).toBe(2)
  expect(buffer.oldest('logs')?.body[0]).toBe(2)
  await buffer.put('logs', Buffer.alloc(2 * PAGE, 9), 1)
  expect([dropped.count, buffer.bytes, buffer.oldest('logs')?.body[0]]).toEqual([5, 3 * PAGE, 9])
  await buffer.close()
})

it('a request that is larger than all there is room for is dropped itself, and nothing for it', async () => {
  const { buffer, dropped } = bufferOf(folderForTests(), 2 * PAGE)
  await buffer.put('logs', Buffer.from('small'), 1)
  await buffer.put('metrics', Buffer.alloc(3 * PAGE), 70)
  expect([dropped, buffer.oldest('logs')?.body.toString(), buffer.oldest('metrics')]).toEqual([{ count: 1, records: 70 }, 'small', null])
  await buffer.close()
})

it('what the disk does not take changes nothing: not what is kept, not what is counted, not what is there after a start', async () => {
  const directory = folderForTests()
  const { disk, open } = fragileFile()
  const { buffer, dropped } = bufferOf(directory, 2 * PAGE, open)
  await buffer.put('logs', Buffer.from('one'), 1)
  await buffer.put('logs', Buffer.from('two'), 1)
  disk.full = true
  await expect(buffer.put('logs', Buffer.from('three'), 1)).rejects.toThrow('ENOSPC')
  const one = buffer.oldest('logs')
  await expect(buffer.remove(one!.key)).rejects.toThrow('ENOSPC')
  expect([dropped.count, buffer.bytes, buffer.oldest('logs')?.body.toString()]).toEqual([0, 2 * PAGE, 'one'])
  disk.full = false
  await buffer.remove(one!.key)
  await buffer.put('logs', Buffer.from('four'), 1)
  expect([dropped.count, buffer.oldest('logs')?.body.toString()]).toEqual([0, 'two'])
  await buffer.close()
  const again = bufferOf(directory, 2 * PAGE).buffer
  expect(again.oldest('logs')?.body.toString()).toBe('two')
  await again.close()
})

it('puts side by side make room for one another once', async () => {
  const { buffer, dropped } = bufferOf(folderForTests(), 4 * PAGE)
  await Promise.all(Array.from({ length: 12 }, (_, at) => buffer.put('logs', Buffer.from(String(at)), 2)))
  expect([buffer.bytes, dropped, buffer.oldest('logs')?.body.toString()]).toEqual([4 * PAGE, { count: 8, records: 16 }, '8'])
  await buffer.close()
})

it('is as a list is: by signal, in order, over any run of puts, removals and starts', async () => {
  const step = fc.oneof(
    fc.record({ put: fc.constantFrom<AgentSignal>('logs', 'metrics'), bytes: fc.integer({ min: 0, max: 3 * PAGE }) }),
    fc.record({ remove: fc.constantFrom<AgentSignal>('logs', 'metrics') }),
    fc.constant('restart' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const directory = folderForTests()
      let { buffer } = bufferOf(directory, 8 * PAGE)
      let model: { signal: AgentSignal; mark: number; bytes: number }[] = []
      const used = (): number => model.reduce((sum, { bytes }) => sum + bytes, 0)
      for (const [mark, each] of steps.entries()) {
        if (each === 'restart') {
          await buffer.close()
          buffer = bufferOf(directory, 8 * PAGE).buffer
        } else if ('put' in each) {
          const bytes = Math.ceil((each.bytes + 4 + 64) / PAGE) * PAGE
          while (used() + bytes > 8 * PAGE) model.shift()
          model.push({ signal: each.put, mark, bytes })
          const body = Buffer.alloc(each.bytes + 4)
          body.writeUInt32LE(mark)
          await buffer.put(each.put, body, 1)
        } else {
          const oldest = buffer.oldest(each.remove)
          if (oldest !== null) await buffer.remove(oldest.key)
          const first = model.find(({ signal }) => signal === each.remove)
          model = model.filter((one) => one !== first)
        }
        for (const signal of ['logs', 'metrics'] as const)
          expect(buffer.oldest(signal)?.body.readUInt32LE()).toBe(model.find((one) => one.signal === signal)?.mark)
        expect(buffer.bytes).toBe(used())
      }
      await buffer.close()
    }),
    { numRuns: 15 },
  )
})

it('what it has taken is there after a kill', async () => {
  const directory = folderForTests()
  const module = join(import.meta.dirname, 'disk-buffer.ts')
  const script = `const { openDiskBuffer } = await import(${JSON.stringify(module)})
    const buffer = openDiskBuffer({ directory: ${JSON.stringify(directory)}, maxBytes: 1e8, dropped() {} })
    for (let at = 0; ; at++) { await buffer.put('metrics', Buffer.from(String(at)), 1); process.stdout.write(at + '\\n') }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (part: Buffer) => {
      told += part.toString()
      if (told.split('\n').length > 20) child.kill('SIGKILL')
    })
    child.on('close', () => resolve())
  })
  const last = Number(told.split('\n').at(-2))
  const { buffer } = bufferOf(directory, 1e8)
  for (let at = 0; at <= last; at++) {
    const oldest = buffer.oldest('metrics')
    expect(oldest?.body.toString()).toBe(String(at))
    if (oldest !== null) await buffer.remove(oldest.key)
  }
  await buffer.close()
})
