import { crc32 } from 'node:zlib'
import type { EventLog } from '@skein/eventlog/contract'
import type { Config } from '@skein/schemas/config'
import { type DeadLetter, decodeDeadLetter } from '@skein/schemas/dead-letter'
import { EnvelopeError } from '@skein/schemas/envelope'
import { Topic } from '@skein/schemas/topics'
import { createLogger } from '../logger.ts'
import { openEngineTopics } from '../roles/backends.ts'

/** Reads and never commits: each look starts at the oldest letter that is kept. */
const GROUP = 'skein.dead.list'
const CLOSE_MS = 5000

/** Prints the dead letters that are kept, oldest first, each once. */
export async function listDead(config: Config, { json }: { json: boolean }): Promise<void> {
  const log = await openEngineTopics(config, createLogger('dead', config.logLevel))
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  let count = 0
  try {
    await readOnce(log, (letter) => {
      print(json ? asJson(letter) : asLine(letter))
      count++
    })
  } finally {
    await log.close(CLOSE_MS)
  }
  if (!json) print(count === 0 ? 'No dead letters.' : `${count} dead letter${count === 1 ? '' : 's'}; --json shows the records themselves.`)
}

/** Everything in the topic at this moment; a letter that was buried twice around a crash is told once. */
async function readOnce(log: EventLog, tell: (letter: DeadLetter) => void): Promise<void> {
  const [at] = await log.lag([Topic.dead], GROUP)
  if (at === undefined || at.end === 0) return
  const seen = new Set<string>()
  const done = Promise.withResolvers<void>()
  const subscription = await log.consume([Topic.dead], GROUP, {
    assigned: ({ earliest }) => {
      if (earliest >= at.end) done.resolve()
      return Promise.resolve(earliest)
    },
    records: (_topic, _partition, records) => {
      for (const { value, offset } of records) {
        const letter = offset < at.end ? readLetter(value) : null
        const position = letter === null ? '' : `${letter.topic}:${letter.partition}:${letter.offset}`
        if (letter !== null && !seen.has(position)) tell(letter)
        seen.add(position)
        if (offset >= at.end - 1) done.resolve()
      }
      return Promise.resolve()
    },
    revoked: () => Promise.resolve(),
  })
  await Promise.race([done.promise, subscription.failed])
  await subscription.stop(CLOSE_MS)
}

/** Null for what another version wrote. */
function readLetter(value: Uint8Array): DeadLetter | null {
  try {
    return decodeDeadLetter(value, crc32)
  } catch (error) {
    if (error instanceof EnvelopeError) return null
    throw error
  }
}

function asLine({ topic, partition, offset, reason, tenant, atMs, record }: DeadLetter): string {
  return `${new Date(atMs).toISOString()}  ${topic}:${partition}:${offset}  ${reason}  tenant ${tenant}  ${record.length} bytes`
}

function asJson({ record, atMs, ...letter }: DeadLetter): string {
  return JSON.stringify({ ...letter, at: new Date(atMs).toISOString(), record: Buffer.from(record).toString('base64') })
}
