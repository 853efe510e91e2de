import * as grpc from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { send, sendJson } from './harness/http.ts'
import { eventually, type SkeinUp, startSkein, startUp } from './harness/skein-process.ts'
import { aSpan, exportOf, type JsonSpan } from './harness/spans.ts'

const REVOKED_WITHIN_MS = 5000

let skein: SkeinUp
let own: { text: string; id: string }
let other: { text: string; id: string }

beforeAll(async () => {
  skein = await startUp()
  own = await createKey('default')
  other = await createKey('other')
})
afterAll(() => skein.destroy())

/** As an operator does it, beside the running Skein. */
async function keysCommand(...words: string[]): Promise<string> {
  const command = startSkein(['keys', ...words], skein.env)
  expect(await command.exited, command.output()).toBe(0)
  return command.output()
}

async function createKey(tenant: string): Promise<{ text: string; id: string }> {
  const output = await keysCommand('create', `for ${tenant}`, '--tenant', tenant)
  const text = /skn_sec_\S+/.exec(output)?.[0] ?? ''
  expect(text).not.toBe('')
  return { text, id: /Its id is ([^.\s]+)/.exec(output)?.[1] ?? '' }
}

function post(service: string, headers: Record<string, string> = {}, span: JsonSpan = aSpan()) {
  return sendJson(skein.otlpHttp, exportOf(service, [span]), headers)
}

async function namesOnMap(): Promise<string[]> {
  return (await apiOf(skein.api).topology()).nodes.map(({ name }) => name)
}

/** gRPC status of an empty export that claims to be sent to `authority`. */
function exportAs(authority: string, metadata: Record<string, string> = {}): Promise<number> {
  const client = new grpc.Client(new URL(skein.otlpGrpc).host, grpc.credentials.createInsecure(), {
    'grpc.default_authority': authority,
    'grpc.use_local_subchannel_pool': 1,
  })
  const sent = new grpc.Metadata()
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value)
  const same = (bytes: Buffer): Buffer => bytes
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      same,
      same,
      Buffer.alloc(0),
      sent,
      { deadline: Date.now() + 5000 },
      (error) => {
        client.close()
        resolve(error?.code ?? grpc.status.OK)
      },
    )
  })
}

describe('who may send', () => {
  it('a program on this machine needs no key', async () => {
    expect((await post('keyless')).status).toBe(200)
    expect(await exportAs('localhost:4317')).toBe(grpc.status.OK)
  })

  it.each([
    ['a page in a browser', { origin: 'https://evil.example' }],
    ['a page that hides where it is from', { origin: 'null' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['a proxy of the standard', { forwarded: 'for=203.0.113.9' }],
    ['a name that was pointed here', { host: 'evil.example' }],
    ['a name that looks like this machine', { host: 'localhost.evil.example:4318' }],
    ['a key that does not exist', { 'x-skein-key': `skn_sec_${'A'.repeat(8)}_${'B'.repeat(43)}_${'C'.repeat(6)}` }],
    ['an empty key', { 'x-skein-key': '' }],
    ['a bearer of nothing', { authorization: 'Bearer ' }],
    ['a scheme nobody knows', { authorization: 'Digest x' }],
  ])('%s is refused with 401', async (_who, headers) => {
    const { status, headers: answer } = await post('intruder', headers)
    expect(status).toBe(401)
    expect(answer['www-authenticate']).toContain('Bearer')
  })

  it('the same over gRPC', async () => {
    expect(await exportAs('evil.example')).toBe(grpc.status.UNAUTHENTICATED)
    expect(await exportAs('localhost', { origin: 'https://evil.example' })).toBe(grpc.status.UNAUTHENTICATED)
    expect(await exportAs('evil.example', { 'x-skein-key': own.text })).toBe(grpc.status.OK)
  })

  it('a key is taken as header, bearer and password, from anywhere', async () => {
    const basic = Buffer.from(`any:${own.text}`).toString('base64')
    for (const headers of [{ 'x-skein-key': own.text }, { authorization: `Bearer ${own.text}` }, { authorization: `Basic ${basic}` }])
      expect((await post('with-key', { ...headers, 'x-forwarded-for': '203.0.113.9', host: 'telemetry.example' })).status).toBe(200)
  })

  it('a browser page cannot ask whether it may send', async () => {
    const preflight = await send(`${skein.otlpHttp}/v1/traces`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('what was refused is counted', async () => {
    await eventually(async () => {
      const { outcomes } = await apiOf(skein.api).intake()
      expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'refused', reason: 'unauthenticated' }))
    }, 15_000)
  })
})

describe('two tenants', () => {
  it('the same ids of both are two spans, and each sees its own alone', async () => {
    const span = aSpan()
    const foreign = aSpan()
    expect((await post('shared-ids-other', { 'x-skein-key': other.text }, { ...span, name: 'of the other' })).status).toBe(200)
    expect((await post('shared-ids-own', {}, span)).status).toBe(200)
    expect((await post('foreign', { 'x-skein-key': other.text }, foreign)).status).toBe(200)
    await eventually(async () => expect(await namesOnMap()).toContain('shared-ids-own'), 10_000)
    await eventually(async () => {
      const trace = await apiOf(skein.api).trace(span.traceId)
      expect(trace.spans.map(({ service }) => service)).toEqual(['shared-ids-own'])
    }, 5000)
    expect((await namesOnMap()).filter((name) => name.startsWith('foreign') || name.endsWith('other'))).toEqual([])
    const foreignTrace = await send(`${skein.api}/api/traces/${foreign.traceId}`, { method: 'GET' })
    expect(foreignTrace.status).toBe(404)
    const { traces } = await apiOf(skein.api).traces()
    expect(traces.map(({ traceId }) => traceId)).not.toContain(foreign.traceId)
  })

  it('nothing in a request chooses the tenant', async () => {
    for (const [path, headers] of [
      ['/api/topology?tenant=other', {}],
      ['/api/topology', { 'x-skein-tenant': 'other', 'x-skein-key': other.text, 'x-scope-orgid': 'other' }],
    ] as const) {
      const { body } = await send(`${skein.api}${path}`, { method: 'GET', headers })
      expect(body).not.toContain('foreign')
    }
    expect((await post('still-default', { 'x-skein-tenant': 'other', 'x-scope-orgid': 'other' })).status).toBe(200)
    await eventually(async () => expect(await namesOnMap()).toContain('still-default'), 10_000)
  })
})

describe('the API', () => {
  it('answers to no name but its own', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '169.254.169.254', '127.0.0.1.nip.io'])
      for (const path of ['/api/topology', '/', '/metrics'])
        expect((await send(`${skein.api}${path}`, { method: 'GET', headers: { host } })).status, `${host}${path}`).toBe(421)
  })

  it('allows no other origin to read it', async () => {
    const { headers } = await send(`${skein.api}/api/topology`, { method: 'GET', headers: { origin: 'https://evil.example' } })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('a revoked key', () => {
  it('is refused with 403 within seconds, and the others go on', async () => {
    expect((await post('with-key', { 'x-skein-key': own.text })).status).toBe(200)
    await keysCommand('revoke', own.id)
    await eventually(async () => expect((await post('too-late', { 'x-skein-key': own.text })).status).toBe(403), REVOKED_WITHIN_MS)
    expect(await exportAs('localhost', { 'x-skein-key': own.text })).toBe(grpc.status.PERMISSION_DENIED)
    expect((await post('foreign', { 'x-skein-key': other.text })).status).toBe(200)
  })

  it('and no key is ever printed again', async () => {
    const listed = await keysCommand('list')
    expect(listed).toContain(own.id)
    expect(listed).toContain('revoked')
    for (const text of [own.text, other.text]) {
      expect(listed).not.toContain(text)
      expect(skein.output()).not.toContain(text)
      expect(skein.output()).not.toContain(text.split('_').slice(3).join('_'))
    }
  })
})
