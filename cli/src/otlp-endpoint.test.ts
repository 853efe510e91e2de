import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { endpointFrom, mustAccept } from './otlp-endpoint.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** A server that answers every POST to /v1/traces so. */
async function answering(status: number): Promise<string> {
  server = createServer((request, response) => {
    const wanted = request.method === 'POST' && /^(\/otlp)?\/v1\/traces$/.test(request.url ?? '') && request.headers['content-type'] === 'application/json'
    response.writeHead(wanted ? status : 500).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('what sends to an endpoint asks it first', () => {
  it('and goes on when it accepts', async () => {
    await expect(mustAccept(await answering(200), undefined)).resolves.toBeUndefined()
  })

  it('below the path that it has, as exporters do', async () => {
    await expect(mustAccept(`${await answering(200)}/otlp/`, undefined)).resolves.toBeUndefined()
    await expect(mustAccept(`${await answering(200)}/other`, undefined)).rejects.toThrow('accepts no traces now (500)')
  })

  it.each([
    [401, undefined, 'wants a key'],
    [401, 'skn_sec_x', 'wants another key'],
    [403, 'skn_sec_x', 'wants another key'],
    [404, undefined, 'is no OTLP receiver'],
    [405, undefined, 'is no OTLP receiver'],
    [503, undefined, 'accepts no traces now (503)'],
  ])('and says why it cannot: %i', async (status, key, sentence) => {
    await expect(mustAccept(await answering(status), key)).rejects.toThrow(sentence)
  })

  it('and says when there is nothing', async () => {
    const endpoint = await answering(200)
    server?.close()
    await expect(mustAccept(endpoint, undefined)).rejects.toThrow('Nothing accepts traces')
  })
})

it.each(['localhost:4318', '127.0.0.1', 'ftp://a', ''])('"%s" is no endpoint, and the sentence shows one', (word) => {
  expect(() => endpointFrom(word)).toThrow('such as http://127.0.0.1:4318')
})
