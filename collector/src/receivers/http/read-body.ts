import type { IncomingMessage } from 'node:http'
import { type BodyBuffer, createBodyBuffer } from '../../admit/body-buffer.ts'
import type { BufferPool } from '../../admit/buffer-pool.ts'
import type { ByteLease } from '../../admit/byte-budget.ts'
import type { Refusal } from '../../answers/refusal.ts'

/** `gone`: the client went away; there is nobody to answer. The body is to be released by who receives it. */
export type ReadBody = { ok: true; body: BodyBuffer } | { ok: false; refusal: Refusal } | { ok: false; gone: true }

/** Reads a request body of at most `maxBytes`, charging the lease for it as it comes. What is over the limit is read and dropped by the server. */
export function readBody(request: IncomingMessage, options: { maxBytes: number; lease: ByteLease; pool: BufferPool }): Promise<ReadBody> {
  const { promise, resolve } = Promise.withResolvers<ReadBody>()
  const body = createBodyBuffer(options.pool, Number(request.headers['content-length'] ?? 0))
  let total = 0
  let finished = false
  function finish(result: ReadBody): void {
    if (finished) return
    finished = true
    request.off('data', onData)
    if (!result.ok) body.release()
    resolve(result)
  }
  function onData(chunk: Buffer): void {
    total += chunk.length
    if (total > options.maxBytes) finish({ ok: false, refusal: tooLarge(options.maxBytes) })
    else if (!options.lease.grow(chunk.length))
      finish({ ok: false, refusal: { reason: 'intake_inflight_bytes', message: 'too many requests are being read right now' } })
    else body.push(chunk)
  }
  request.on('data', onData)
  request.once('end', () => finish({ ok: true, body }))
  request.once('error', () => finish({ ok: false, gone: true }))
  request.once('close', () => finish({ ok: false, gone: true }))
  return promise
}

/** How long a refused request may go on sending before it is answered. */
const REST_MS = 1000

/**
 * Reads on and drops what comes. A connection that is closed while its client still sends is reset, and the client then never reads why
 * it was refused: so the rest is taken first, for a second at most.
 */
export function dropRest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, REST_MS)
    request.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    request.once('end', () => {
      clearTimeout(timer)
      resolve()
    })
    request.resume()
  })
}

export function tooLarge(maxBytes: number): Refusal {
  return { reason: 'intake_body_bytes', message: `the body is larger than ${maxBytes} bytes: send smaller batches` }
}
