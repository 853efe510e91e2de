import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { waitForWeb } from './wait-for-web.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** Answers /readyz with each of some statuses, then with the last again and again. */
async function answering(...statuses: number[]): Promise<{ api: string; asked: () => number }> {
  let asked = 0
  server = createServer((request, response) => {
    const status = statuses[Math.min(asked++, statuses.length - 1)]
    response.writeHead(request.url === '/readyz' ? (status ?? 500) : 404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

it('goes on without a word when the web is ready', async () => {
  const said: string[] = []
  await waitForWeb((await answering(200)).api, (line) => said.push(line))
  expect(said).toEqual([])
})

it('waits while it is not', async () => {
  const { api, asked } = await answering(503, 503, 200)
  const said: string[] = []
  await waitForWeb(api, (line) => said.push(line))
  expect(asked()).toBe(3)
  expect(said).toEqual([`Waiting for ${api} …`])
})

it('says what to do when it waited in vain, for one that is not ready and where nobody listens', async () => {
  const { api } = await answering(503)
  for (const address of [api, 'http://127.0.0.1:1']) {
    const said: string[] = []
    await waitForWeb(address, (line) => said.push(line), 500)
    expect(said.at(-1)).toMatch(/is not ready after 0.5 s .* start the demo again/)
  }
})
