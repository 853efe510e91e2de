import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addressOf, ApiError, createApiClient } from './client.ts'

const schema = z.object({ value: z.number() })

function answering(body: string, status = 200) {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (address) => {
    asked.push(address instanceof Request ? address.url : address.toString())
    return new Response(body, { status, headers: { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' } })
  }
  return { client: createApiClient({ fetch }), asked }
}

/** Rejects only when its signal aborts. */
const hanging: typeof globalThis.fetch = (_address, init) =>
  new Promise((_resolve, reject) => {
    const signal = init?.signal
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })

async function failureOf(request: Promise<unknown>) {
  const error: unknown = await request.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ApiError)
  return (error as ApiError).failure
}

describe('the API client', () => {
  it('asks for what is set and answers what the schema accepts', async () => {
    const { client, asked } = answering('{"value":1}')
    await expect(client.get({ path: '/api/x', schema, query: { start: 'now-1h', cluster: '', attr: ['a=1', 'b=2'], service: undefined } })).resolves.toEqual({
      value: 1,
    })
    expect(asked).toEqual(['/api/x?start=now-1h&attr=a%3D1&attr=b%3D2'])
  })

  it('turns a problem into its code, detail, hint and parts', async () => {
    const part = { parameter: 'q', message: 'a filter is empty', code: 'filter_empty', values: {} }
    const problem = { errors: [part], type: 'about:blank', title: 'Away', status: 503, code: 'store_unavailable', detail: 'no answer', hint: 'wait' }
    const { client } = answering(JSON.stringify(problem), 503)
    expect(await failureOf(client.get({ path: '/api/x', schema }))).toEqual({
      code: 'store_unavailable',
      status: 503,
      detail: 'no answer',
      hint: 'wait',
      parts: [part],
    })
  })

  it('names an answer it does not know instead of trusting it', async () => {
    expect(await failureOf(answering('{"value":"1"}').client.get({ path: '/', schema }))).toMatchObject({ code: 'unexpected_answer', status: 200 })
    expect(await failureOf(answering('<html>', 502).client.get({ path: '/', schema }))).toMatchObject({
      code: 'unexpected_answer',
      status: 502,
      detail: 'HTTP 502',
    })
    expect(await failureOf(answering('{"code":"new"}', 400).client.get({ path: '/', schema }))).toMatchObject({ code: 'unexpected_answer', status: 400 })
  })

  it('takes an answer without a body for null, where that is an answer', async () => {
    const fetch: typeof globalThis.fetch = async () => new Response(null, { status: 204 })
    const client = createApiClient({ fetch })
    expect(await client.send({ method: 'DELETE', path: '/', schema: schema.nullable() })).toBeNull()
    expect(await failureOf(client.send({ method: 'DELETE', path: '/', schema }))).toMatchObject({ code: 'unexpected_answer', status: 204 })
  })

  it('tells a network that is away from a server that is slow', async () => {
    const away = createApiClient({ fetch: () => Promise.reject(new TypeError('fetch failed')) })
    expect(await failureOf(away.get({ path: '/', schema }))).toMatchObject({ code: 'unreachable', status: 0 })
    const slow = createApiClient({ fetch: hanging, timeoutMs: 5 })
    expect(await failureOf(slow.get({ path: '/', schema }))).toMatchObject({ code: 'timeout', status: 0 })
  })

  it('passes on that the caller gave up, which is no failure', async () => {
    const caller = new AbortController()
    const request = createApiClient({ fetch: hanging }).get({ path: '/', schema, signal: caller.signal })
    caller.abort(new Error('left the page'))
    await expect(request).rejects.toThrow('left the page')
  })

  it('writes no question mark without a query', () => {
    expect(addressOf('/api/status', {})).toBe('/api/status')
  })
})
