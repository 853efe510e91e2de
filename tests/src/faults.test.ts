import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { createProducer, judge, type Producer } from './harness/oracle.ts'
import { canMount, fill, mountSmallDisk, unmount } from './harness/small-disk.ts'
import { eventually, type SkeinUp, startSkein, startUp, until } from './harness/skein-process.ts'

const STOP_MS = 10_000

describe('under load over HTTP and gRPC', () => {
  let skein: SkeinUp
  let producer: Producer
  let sending: Promise<void>
  let loading = true

  beforeAll(async () => {
    skein = await startUp()
    producer = createProducer(() => skein.otlpHttp, { seed: 20261125, spansPerSecond: 2000, connections: 4, otlpGrpc: () => skein.otlpGrpc })
    sending = producer.run(() => !loading)
  })
  afterAll(async () => {
    loading = false
    await skein.destroy()
  })

  it('intake goes on while the store is away', async () => {
    await eventually(async () => expect(producer.answers.get(200) ?? 0).toBeGreaterThan(10), 10_000)
    const before = producer.answers.get(200) ?? 0
    const engine = skein.childPid('engine')
    process.kill(engine, 'SIGSTOP')
    await sleep(4000)
    process.kill(engine, 'SIGCONT')
    expect([...producer.answers.keys()]).toEqual([200])
    expect(producer.answers.get(200) ?? 0).toBeGreaterThan(before + 16)
    expect(skein.childPid('engine')).toBe(engine)
  })

  it('kill -9 of the collector leaves both protocols to go on by retrying', async () => {
    const pid = skein.childPid('collector')
    process.kill(pid, 'SIGKILL')
    await eventually(async () => expect(skein.childPid('collector')).not.toBe(pid), 10_000)
    await until(`${skein.otlpHttp}/readyz`, 20_000)
    await sleep(1000)
  })

  it('SIGTERM ends with status 0 within 10 s, three times', async () => {
    for (let round = 0; round < 3; round++) {
      const startedAt = performance.now()
      expect(await skein.stop()).toBe(0)
      expect(performance.now() - startedAt).toBeLessThan(STOP_MS)
      skein = await startUp(skein.env)
      await sleep(1000)
    }
  })

  it('kill -9 of the supervisor ends its processes, and the next one takes over at once', async () => {
    const orphans = [skein.childPid('collector'), skein.childPid('engine')]
    await skein.kill9()
    const startedAt = performance.now()
    skein = await startUp(skein.env)
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    await eventually(async () => expect(orphans.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), 5000)
    await sleep(1000)
  })

  it('a predecessor that is slow to end is waited for', async () => {
    const engine = skein.childPid('engine')
    process.kill(engine, 'SIGSTOP')
    await skein.kill9()
    const next = startUp(skein.env)
    await sleep(3000)
    process.kill(engine, 'SIGCONT')
    skein = await next
  })

  it('nothing acknowledged was lost by any of it, and nothing counts twice', async () => {
    loading = false
    await sending
    await eventually(() => judge(skein.api, producer.load), 30_000, 500)
    await sleep(1000)
    await judge(skein.api, producer.load)
  })
})

describe('a log at its quota', () => {
  let skein: SkeinUp
  afterEach(() => skein.destroy())

  it('is answered by 503 with a time to come back and counted, and intake goes on by itself once the store has caught up', async () => {
    skein = await startUp({ SKEIN_LOG__QUOTA_BYTES: '24000000', SKEIN_LOG__PARTITIONS: '4' })
    const producer = createProducer(() => skein.otlpHttp, { seed: 20261126, spansPerSecond: 20_000, connections: 4 })
    const pids = [skein.childPid('collector'), skein.childPid('engine')]
    process.kill(skein.childPid('engine'), 'SIGSTOP')
    let loading = true
    const sending = producer.run(() => !loading)
    await eventually(async () => expect(producer.answers.get(503) ?? 0).toBeGreaterThan(3), 20_000)
    const refused = await postJson(skein, oneSpan('refused'))
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 14, message: expect.stringContaining('no room') })
    process.kill(skein.childPid('engine'), 'SIGCONT')
    const taken = producer.answers.get(200) ?? 0
    await eventually(async () => expect(producer.answers.get(200) ?? 0).toBeGreaterThan(taken + 20), 30_000)
    loading = false
    await sending
    await eventually(() => judge(skein.api, producer.load), 30_000, 500)
    await eventually(async () => {
      const { outcomes } = await apiOf(skein.api).intake()
      expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'refused', reason: 'log_full' }))
    }, 20_000)
    expect([skein.childPid('collector'), skein.childPid('engine')]).toEqual(pids)
  })
})

describe('a disk that is really full', () => {
  let mounted: string | null = null
  afterEach(() => {
    if (mounted !== null) unmount(mounted)
    mounted = null
  })

  it.skipIf(!canMount())('keeps nobody from starting: 503 with when to come again, and 200 once there is room', async () => {
    mounted = mountSmallDisk()
    const ballast = join(mounted, 'ballast')
    const env = { SKEIN_DATA_DIR: join(mounted, 'data'), SKEIN_LOG__RESERVE_BYTES: '0', SKEIN_LOG__PARTITIONS: '4' }
    const before = await startUp(env)
    expect(await before.stop()).toBe(0)
    fill(ballast)
    const skein = startSkein(['up'], before.env)
    try {
      const refused = await eventually(async () => {
        const answer = await postJson(before, oneSpan('refused'))
        expect(answer.status).toBe(503)
        return answer
      }, 20_000)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      rmSync(ballast)
      await eventually(async () => expect((await postJson(before, oneSpan('taken'))).status).toBe(200), 20_000)
      await until(`${before.api}/readyz`)
      await eventually(async () => expect((await apiOf(before.api).traces('?service=taken')).traces).toHaveLength(1), 30_000)
      expect((await apiOf(before.api).traces('?service=refused')).traces).toEqual([])
    } finally {
      await skein.stop()
    }
  })

  it.skipIf(!canMount())('is answered by 503 within a second, never by 2xx, and by 200 again within 5 s of room', async () => {
    mounted = mountSmallDisk()
    const dataDir = join(mounted, 'data')
    const ballast = join(mounted, 'ballast')
    const skein = await startUp({ SKEIN_DATA_DIR: dataDir, SKEIN_LOG__RESERVE_BYTES: '0', SKEIN_LOG__PARTITIONS: '4' })
    const pid = skein.childPid('collector')
    const producer = createProducer(() => skein.otlpHttp, { seed: 20261127, spansPerSecond: 1000, connections: 2 })
    let loading = true
    const sending = producer.run(() => !loading)
    await eventually(async () => expect(producer.answers.get(200) ?? 0).toBeGreaterThan(10), 10_000)
    fill(ballast)
    await eventually(async () => expect(producer.answers.get(503) ?? 0).toBeGreaterThan(3), 10_000)
    for (let probe = 0; probe < 5; probe++) {
      const askedAt = performance.now()
      const { status } = await postJson(skein, oneSpan('refused'))
      expect(status).toBe(503)
      expect(performance.now() - askedAt).toBeLessThan(1000)
    }
    rmSync(ballast)
    const taken = producer.answers.get(200) ?? 0
    await eventually(async () => expect(producer.answers.get(200) ?? 0).toBeGreaterThan(taken), 5000)
    expect(skein.childPid('collector')).toBe(pid)
    loading = false
    await sending
    await eventually(() => judge(skein.api, producer.load), 30_000, 500)
    await skein.stop()
  })
})

/** Large enough not to fit where the others do not. */
function oneSpan(service: string): object {
  const nowNs = `${Date.now()}000000`
  const attributes = Array.from({ length: 12 }, (_, i) => ({ key: `pad.${i}`, value: { stringValue: 'x'.repeat(30_000) } }))
  const span = { attributes, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', kind: 2, startTimeUnixNano: nowNs, endTimeUnixNano: nowNs }
  return { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] }, scopeSpans: [{ spans: [span] }] }] }
}

function postJson(skein: SkeinUp, body: object): Promise<Response> {
  return fetch(`${skein.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })
}
