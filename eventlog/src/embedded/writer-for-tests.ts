import { argv, stdout } from 'node:process'
import { createEmbeddedLog } from './log.ts'

/**
 * A writing process that tests kill or starve: appends numbered records for ever and prints each one's number once it is durable, or the refusal.
 * argv[2] is JSON of `WriterArgument`.
 */
export interface WriterArgument {
  directory: string
  topic: string
  partitions: number
  from: number
  valueBytes: number
  volumeBytes: number
  /** Appends under way at once. */
  concurrency: number
  /** Ends by itself after so many acknowledged or refused. */
  count: number
}

const options = JSON.parse(argv[2] ?? '{}') as WriterArgument
const log = await createEmbeddedLog({
  directory: options.directory,
  role: 'writer',
  partitions: () => options.partitions,
  quotaBytes: 4 * 1024 ** 3,
  reserveBytes: 0,
  volumeBytes: options.volumeBytes,
  clock: () => new Date().getTime(),
  report: (_level, event) => stdout.write(`report ${event}\n`),
})

let next = options.from
const end = options.from + options.count

async function appendForEver(): Promise<void> {
  while (next < end) {
    const number = next++
    const value = Buffer.alloc(options.valueBytes, number % 251)
    value.writeUInt32LE(number, 0)
    const partition = number % options.partitions
    try {
      const [position] = await log.append(options.topic, [{ partition, value }])
      stdout.write(`acknowledged ${number} ${partition} ${position?.offset}\n`)
    } catch (error) {
      stdout.write(`refused ${number} ${(error as Error).name}\n`)
    }
  }
}

await Promise.all(Array.from({ length: options.concurrency }, appendForEver))
await log.close(5000)
stdout.write('closed\n')
