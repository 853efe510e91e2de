import { argv, stdin, stdout } from 'node:process'
import type { Subscription } from '../contract.ts'
import { createKafkaLog } from './log.ts'

/** A consumer that a test freezes past its session: says `holding` when it has a record, and commits when it is told so by a line. argv: broker, topic. */
const [broker = '', topic = ''] = argv.slice(2)
const clock = (): number => new Date().getTime()
const log = await createKafkaLog({
  brokers: [broker],
  clientId: 'stale',
  partitions: () => 1,
  replicationFactor: 1,
  allowWeak: true,
  clock,
  report: () => undefined,
  sessionMs: 6000,
})
const consuming = Promise.withResolvers<Subscription>()
const subscription = await log.consume([topic], 'fenced', {
  assigned: () => Promise.resolve(null),
  records: async () => {
    stdout.write('holding\n')
    await new Promise((resolve) => stdin.once('data', resolve))
    const outcome = await (await consuming.promise).commit([{ topic, partition: 0, next: 1, note: 'stale' }]).then(
      () => 'committed',
      (error: Error) => error.name,
    )
    stdout.write(`${outcome}\n`)
  },
  revoked: () => Promise.resolve(),
})
consuming.resolve(subscription)
