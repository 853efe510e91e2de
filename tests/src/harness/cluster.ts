import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestBroker, type TestBroker } from '@skein/eventlog/kafka/broker-for-tests'
import { startHttpFront } from '@skein/store/http/front-for-tests'
import { freePorts } from '@skein/demo/free-ports'
import { ready, type SkeinProcess, startSkein } from './skein-process.ts'
import { startGate, type TcpGate } from './tcp-gate.ts'

export interface Cluster {
  broker: TestBroker
  /** Between Skein and its store. */
  storeGate: TcpGate
  otlpHttp: string
  api: string
  processes: readonly SkeinProcess[]
  destroy(): Promise<void>
}

/** A collector, an ingest and a query over one real Kafka broker and a store reached over HTTP. */
export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'skein-cluster-'))
  const broker = await startTestBroker()
  const front = await startHttpFront(join(folder, 'store'))
  const storeGate = await startGate(Number(new URL(front.url).port))
  const [grpc = 0, http = 0, api = 0] = await freePorts(3)
  const env = {
    SKEIN_DATA_DIR: join(folder, 'data'),
    SKEIN_KAFKA_BROKERS: broker.bootstrap,
    SKEIN_KAFKA__ALLOW_WEAK: 'true',
    SKEIN_KAFKA__REPLICATION_FACTOR: '1',
    SKEIN_LOG__PARTITIONS: '4',
    SKEIN_CLICKHOUSE_URL: storeGate.url,
    SKEIN_OTLP_GRPC_PORT: String(grpc),
    SKEIN_OTLP_HTTP_PORT: String(http),
    SKEIN_HTTP_PORT: String(api),
  }
  const migrated = startSkein(['migrate'], env)
  if ((await migrated.exited) !== 0) throw new Error(`migrate failed: ${migrated.output()}`)
  const collector = startSkein(['collector'], env)
  const query = startSkein(['query'], env)
  const processes = [collector, startSkein(['ingest'], env), query]
  const cluster = {
    broker,
    storeGate,
    otlpHttp: `http://127.0.0.1:${http}`,
    api: `http://127.0.0.1:${api}`,
    processes,
    async destroy() {
      for (const each of processes) await each.kill9()
      await storeGate.close()
      await front.close()
      await broker.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await Promise.all([ready(collector, `${cluster.otlpHttp}/readyz`), ready(query, `${cluster.api}/readyz`)])
    return cluster
  } catch (error) {
    await cluster.destroy()
    throw error
  }
}
