import { configSchema } from '@skein/schemas/config'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { createQuery } from '../query.ts'
import { fakeLogRules } from './fake-log-rules.ts'
import { createOpenTails } from '../open-tails.ts'
import { fakeScenarios } from './fake-scenarios.ts'
import { createFakeStore, type FakeMode } from './fake-store.ts'

/**
 * The API over a made-up TV operator, to build screens against: `node query/src/testing/serve-fake.ts`.
 * FAKE_EMPTY=1: nobody sent anything yet. FAKE_AWAY=1: the store cannot be reached.
 */
const mode: FakeMode = process.env['FAKE_EMPTY'] === '1' ? 'empty' : process.env['FAKE_AWAY'] === '1' ? 'away' : 'busy'
const clock = () => Date.now()
const query = createQuery({
  config: configSchema.parse({ ports: { http: process.env['SKEIN_HTTP_PORT'] ?? 8080 } }),
  store: createFakeStore({ clock, mode }),
  openTails: createOpenTails(),
  scenarios: fakeScenarios(clock),
  logRules: fakeLogRules(clock),
  lag: async () =>
    Array.from({ length: 16 }, (_, partition) => ({ topic: 'skein.traces', partition, committed: 81_200 + partition, end: 81_212 + partition, lag: 12 })),
  probe: async () => undefined,
  webDirectory: fileURLToPath(new URL('../../../web/out', import.meta.url)),
  clock,
  logger: pino({ base: { room: 'query' } }, pino.destination({ fd: 2, sync: true })),
  version: '0.1.0',
  mode: 'embedded',
  otlp: { http: 'http://127.0.0.1:4318', grpc: 'http://127.0.0.1:4317' },
})
const { url } = await query.start()
process.stdout.write(`made-up data (${mode}) at ${url}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void query.stop(2000))
