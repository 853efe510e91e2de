import { argv, stdout } from 'node:process'
import type { EventLog, Subscription } from './contract.ts'
import { createEmbeddedLog } from './embedded/log.ts'
import { createKafkaLog } from './kafka/log.ts'

/** The consumer that the conformance suite kills: commits four records of partition 0, says so, and holds the rest. */
interface ChildArgument {
  driver: 'embedded' | 'kafka'
  topic: string
  /** Embedded. */
  directory: string
  /** Kafka. */
  brokers: string[]
}

function openLog({ driver, directory, brokers }: ChildArgument): Promise<EventLog> {
  const options = { partitions: () => 4, clock: () => new Date().getTime(), report: () => undefined }
  return driver === 'kafka'
    ? createKafkaLog({ ...options, brokers, clientId: 'killed', replicationFactor: 1, allowWeak: true, sessionMs: 6000 })
    : createEmbeddedLog({ ...options, directory, role: 'reader', quotaBytes: 1024 ** 3, reserveBytes: 0 })
}

const argument = JSON.parse(argv[2] ?? '{}') as ChildArgument
const log = await openLog(argument)
const consuming = Promise.withResolvers<Subscription>()
const subscription = await log.consume([argument.topic], 'killed', {
  assigned: () => Promise.resolve(null),
  records: async (topic, partition) => {
    if (partition !== 0) return
    await (await consuming.promise).commit([{ topic, partition, next: 4, note: 'four done' }])
    stdout.write('committed\n')
    await new Promise(() => setInterval(() => undefined, 1000))
  },
  revoked: () => Promise.resolve(),
})
consuming.resolve(subscription)
