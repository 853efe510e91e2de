import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BufferedSignal, openDiskBuffer } from './disk-buffer.ts'

const PAGE = 4096
const directoryOf = (): string => mkdtempSync(join(tmpdir(), 'skein-buffer-'))

function bufferOf(directory: string, maxBytes: number) {
  const dropped = { count: 0 }
  return { buffer: openDiskBuffer({ directory, maxBytes, dropped: () => void dropped.count++ }), dropped }
}

it('what does not fit drops the oldest, counted, and the buffer never takes more than it may', async () => {
  const { buffer, dropped } = bufferOf(directoryOf(), 3 * PAGE)
  for (let at = 0; at < 5; at++) {
    await buffer.put('logs', Buffer.alloc(100, at))
    expect(buffer.bytes).toBeLessThanOrEqual(3 * PAGE)
  }
  expect(dropped.count).toBe(2)
  expect(buffer.oldest('logs')?.body[0]).toBe(2)
  await buffer.put('logs', Buffer.alloc(2 * PAGE, 9))
  expect([dropped.count, buffer.bytes, buffer.oldest('logs')?.body[0]]).toEqual([5, 3 * PAGE, 9])
  await buffer.close()
})

it('is as a list is: by signal, in order, over any run of puts, removals and starts', async () => {
  const step = fc.oneof(
    fc.record({ put: fc.constantFrom<BufferedSignal>('logs', 'metrics'), bytes: fc.integer({ min: 0, max: 3 * PAGE }) }),
    fc.record({ remove: fc.constantFrom<BufferedSignal>('logs', 'metrics') }),
    fc.constant('restart' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const directory = directoryOf()
      let { buffer } = bufferOf(directory, 8 * PAGE)
      let model: { signal: BufferedSignal; mark: number; bytes: number }[] = []
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
          await buffer.put(each.put, body)
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
  const directory = directoryOf()
  const module = join(import.meta.dirname, 'disk-buffer.ts')
  const script = `const { openDiskBuffer } = await import(${JSON.stringify(module)})
    const buffer = openDiskBuffer({ directory: ${JSON.stringify(directory)}, maxBytes: 1e8, dropped() {} })
    for (let at = 0; ; at++) { await buffer.put('metrics', Buffer.from(String(at))); process.stdout.write(at + '\\n') }`
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
