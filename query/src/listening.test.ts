import { configSchema } from '@skein/schemas/config'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { createQuery } from './query.ts'
import { storeIn, testDeps } from './testing/test-app.ts'

/** Status of a GET with any Host; 0 when the connection is refused or cut. */
function statusOf(url: string, host?: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, ...(host === undefined ? {} : { headers: { host } }) }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', () => resolve(0))
    asked.end()
  })
}

describe('the Host', () => {
  it.each([
    ['localhost', 200],
    ['LOCALHOST:8080', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:8080', 200],
    ['skein.tv.example', 200],
    ['skein.tv.example:8443', 200],
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost:8080:80', 421],
    ['localhost@evil.example', 421],
    ['10.0.0.1', 421],
    ['[::1', 421],
    [' ', 421],
  ])('%j is answered with %i', async (host, status) => {
    const app = await buildApp(testDeps({ config: configSchema.parse({ publicUrl: 'https://skein.tv.example' }) }))
    const response = await app.inject({ url: '/api/status', headers: { host } })
    expect(response.statusCode).toBe(status)
    if (status === 421) expect(response.json()).toMatchObject({ code: 'misdirected_host', hint: expect.stringContaining('SKEIN_PUBLIC_URL') })
    await app.close()
  })

  it('guards pages, metrics and unknown paths too, and leaves probes to machines', async () => {
    const app = await buildApp(testDeps())
    const status = async (url: string) => (await app.inject({ url, headers: { host: 'evil.example' } })).statusCode
    expect(await Promise.all(['/', '/metrics', '/nothing', '/api/docs', '/livez', '/readyz'].map(status))).toEqual([421, 421, 421, 421, 200, 200])
    await app.close()
  })
})

describe('listening', () => {
  it('says where', async () => {
    const query = createQuery(testDeps())
    const { port, url } = await query.start()
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await statusOf(`${url}/readyz`)).toBe(200)
    expect(await query.stop(1000)).toEqual({ remaining: 0 })
    expect(await statusOf(`${url}/readyz`)).toBe(0)
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'skein.internal'])('on %s is refused with what to do', async (host) => {
    const query = createQuery(testDeps({ config: configSchema.parse({ host, ports: { http: 0 } }) }))
    await expect(query.start()).rejects.toThrow(/SKEIN_HOST is .*SKEIN_INSECURE_HTTP/)
    expect(await query.stop(10)).toEqual({ remaining: 0 })
  })

  it('beyond loopback is possible when somebody insists, with a warning on every page', async () => {
    const app = await buildApp(testDeps({ config: configSchema.parse({ host: '0.0.0.0', insecureHttp: true }) }))
    const status = await app.inject({ url: '/api/status', headers: { host: 'localhost' } })
    expect(status.json()).toMatchObject({ warnings: [{ code: 'insecure_http' }] })
    await app.close()
  })

  it('stops after what is in flight, and gives up at the deadline', async () => {
    const door = Promise.withResolvers<void>()
    const store = storeIn('empty')
    const asked = Promise.withResolvers<void>()
    const slow = { ...store, traces: { ...store.traces, search: () => (asked.resolve(), door.promise.then(() => [])) } }
    const patient = createQuery(testDeps({ store: slow }))
    const { url } = await patient.start()
    const answer = statusOf(`${url}/api/traces`)
    await asked.promise
    const stopped = patient.stop(5000)
    await delay(20)
    door.resolve()
    expect(await answer).toBe(200)
    expect(await stopped).toEqual({ remaining: 0 })

    const asking = Promise.withResolvers<void>()
    const never = { ...store, traces: { ...store.traces, search: () => (asking.resolve(), new Promise<never>(() => undefined)) } }
    const hasty = createQuery(testDeps({ store: never }))
    const second = await hasty.start()
    const cut = statusOf(`${second.url}/api/traces`)
    await asking.promise
    expect(await hasty.stop(50)).toEqual({ remaining: 1 })
    expect(await cut).toBe(0)
  })
})

describe('who hangs up', () => {
  it('is not waited for: its question never reaches the store', async () => {
    const door = Promise.withResolvers<void>()
    const asked: (string | undefined)[] = []
    const store = storeIn('empty')
    const search = (question: { service?: string }) => (asked.push(question.service), door.promise.then(() => []))
    const config = configSchema.parse({ ports: { http: 0 }, limits: { query: { perTenant: 1 } } })
    const query = createQuery(testDeps({ config, store: { ...store, traces: { ...store.traces, search } } }))
    const { url } = await query.start()
    const first = statusOf(`${url}/api/traces?service=first`)
    await expect.poll(() => asked, { timeout: 10_000 }).toEqual(['first'])
    const impatient = request(`${url}/api/traces?service=impatient`, { agent: false })
    impatient.on('error', () => undefined)
    impatient.end()
    // Once what came later on other connections is answered, the server has seen this one, and then its end.
    const laterOnes = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn++) expect(await statusOf(`${url}/livez`)).toBe(200)
    }
    await laterOnes()
    const gone = new Promise<void>((resolve) => impatient.once('close', resolve))
    impatient.destroy()
    await gone
    await laterOnes()
    door.resolve()
    expect(await first).toBe(200)
    expect(await statusOf(`${url}/api/traces?service=last`)).toBe(200)
    expect(asked).toEqual(['first', 'last'])
    await query.stop(1000)
  })
})

describe('probes', () => {
  it('say ready only when the store and the rest of the process are', async () => {
    const ready = async (overrides: Parameters<typeof testDeps>[0]) => {
      const app = await buildApp(testDeps(overrides))
      const [live, readiness] = await Promise.all(['/livez', '/readyz'].map((url) => app.inject({ url })))
      await app.close()
      return [live?.statusCode, readiness?.statusCode, readiness?.body]
    }
    expect(await ready({})).toEqual([200, 200, 'ok\n'])
    expect(await ready({ store: storeIn('away') })).toEqual([200, 503, expect.stringContaining('store: connect')])
    expect(await ready({ probe: () => Promise.reject(new Error('log is full')) })).toEqual([200, 503, 'process: log is full\n'])
  })

  it('lag is never readiness', async () => {
    const app = await buildApp(testDeps({ lag: async () => [{ topic: 't', partition: 0, committed: 0, end: 1e9, lag: 1e9 }] }))
    expect((await app.inject('/readyz')).statusCode).toBe(200)
    await app.close()
  })
})

describe('metrics', () => {
  it('count answers by route and add what the process gives', async () => {
    const app = await buildApp(testDeps({ metrics: [() => 'skein_ingest_spans_total 7'] }))
    const headers = { host: 'localhost' }
    await app.inject({ url: '/api/services/epg', headers })
    await app.inject({ url: '/api/services/nobody', headers })
    await app.inject({ url: '/api/services/nobody', headers })
    const { body, headers: answered } = await app.inject({ url: '/metrics', headers })
    expect(answered['content-type']).toContain('text/plain; version=0.0.4')
    expect(body).toContain('skein_query_requests_total{route="/api/services/:name",status="200"} 1\n')
    expect(body).toContain('skein_query_requests_total{route="/api/services/:name",status="404"} 2\n')
    expect(body).toContain('skein_query_request_duration_seconds_bucket{route="/api/services/:name",le="+Inf"} 3\n')
    expect(body).toContain('skein_query_request_duration_seconds_count{route="/api/services/:name"} 3\n')
    expect(body).toContain('\nskein_ingest_spans_total 7\n')
    await app.close()
  })

  it('are for the machine itself', async () => {
    const app = await buildApp(testDeps())
    expect((await app.inject({ url: '/metrics', headers: { host: 'localhost' }, remoteAddress: '192.168.1.9' })).statusCode).toBe(403)
    await app.close()
  })
})
