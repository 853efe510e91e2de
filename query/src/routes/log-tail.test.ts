import { tailLines } from '@skein/schemas/api/logs'
import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { createOpenTails, MAX_TAILS_PER_TENANT } from '../open-tails.ts'
import { NOW_MS, testDeps } from '../testing/test-app.ts'

/** The operator of the fake store writes a line every two seconds; here a second of its time passes in a few ms. */
const HASTE = 200

describe('a live tail', () => {
  const openTails = createOpenTails()
  const startedMs = Date.now()
  let app: FastifyInstance
  let base: string
  beforeEach(async () => {
    app = await buildApp(testDeps({ openTails, clock: () => NOW_MS + (Date.now() - startedMs) * HASTE }))
    await app.listen({ port: 0, host: '127.0.0.1' })
    base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/logs/tail`
  })
  afterEach(() => app.close())

  /** Blocks of events until one is enough. */
  async function read(query: string, options: { headers?: Record<string, string>; until: (block: string) => boolean }): Promise<string[]> {
    const gone = new AbortController()
    const response = await fetch(`${base}${query}`, { signal: gone.signal, headers: options.headers ?? {} })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const blocks: string[] = []
    let rest = ''
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\n\n')
      rest = parts.pop() ?? ''
      blocks.push(...parts)
      if (parts.some(options.until)) break
    }
    gone.abort()
    return blocks
  }

  const linesIn = (block: string) => tailLines.parse(JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? ''))
  const hasLines = (block: string): boolean => block.includes('event: lines') && linesIn(block).lines.length > 0
  const idIn = (block: string | undefined): string => /^id: (.*)$/m.exec(block ?? '')?.[1] ?? ''

  it('begins with the newest lines of its search, sends what comes, and goes on behind the id it is given', async () => {
    const first = await read('?backlog=5&q=service:epg', { until: (block) => hasLines(block) })
    expect(first[0]).toBe('retry: 1000')
    const shown = linesIn(first[1] ?? '')
    expect(shown.lines).toHaveLength(5)
    for (const line of shown.lines) {
      expect(line.service).toBe('epg')
      expect(shown.resources).toHaveProperty(line.resource)
    }
    const more = await read('?q=service:epg', { headers: { 'last-event-id': idIn(first.findLast(hasLines)) }, until: hasLines })
    const known = new Set(shown.lines.map(({ id }) => id))
    for (const line of more.filter(hasLines).flatMap((block) => linesIn(block).lines)) expect([line.service, known.has(line.id)]).toEqual(['epg', false])
  })

  it('is over when its reader is gone, and when the server stops', async () => {
    await read('?backlog=1', { until: hasLines })
    await expect.poll(() => openTails.any()).toBe(false)
    const response = await fetch(`${base}?backlog=0`)
    expect(openTails.any()).toBe(true)
    const ended = response.text()
    await app.close()
    expect(await ended).toContain('retry')
    expect(openTails.any()).toBe(false)
  })

  it('is refused beyond what a tenant may have, and with what is no id', async () => {
    const leaves = Array.from({ length: MAX_TAILS_PER_TENANT }, () => openTails.enter('default'))
    expect((await fetch(base)).status).toBe(429)
    for (const leave of leaves) leave?.()
    expect(openTails.any()).toBe(false)
    expect((await fetch(`${base}?since=nonsense!`)).status).toBe(400)
    expect(openTails.any()).toBe(false)
  })
})
