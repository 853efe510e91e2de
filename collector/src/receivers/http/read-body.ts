import type { IncomingMessage } from 'node:http'
import type { ByteLease } from '../../admit/byte-budget.ts'
import type { Refusal } from '../../answers/refusal.ts'

/** `gone`: the client went away; there is nobody to answer. */
export type ReadBody = { ok: true; body: Buffer } | { ok: false; refusal: Refusal } | { ok: false; gone: true }

/** Reads a request body of at most `maxBytes`, charging the lease for it as it comes. What is over the limit is read and dropped by the server. */
export function readBody(request: IncomingMessage, options: { maxBytes: number; lease: ByteLease }): Promise<ReadBody> {
  const { promise, resolve } = Promise.withResolvers<ReadBody>()
  const chunks: Buffer[] = []
  let total = 0
  function finish(result: ReadBody): void {
    request.off('data', onData)
    resolve(result)
  }
  function onData(chunk: Buffer): void {
    total += chunk.length
    if (total > options.maxBytes) finish({ ok: false, refusal: tooLarge(options.maxBytes) })
    else if (!options.lease.grow(chunk.length))
      finish({ ok: false, refusal: { reason: 'intake_inflight_bytes', message: 'too many requests are being read right now' } })
    else chunks.push(chunk)
  }
  request.on('data', onData)
  request.once('end', () => finish({ ok: true, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, total) }))
  request.once('error', () => finish({ ok: false, gone: true }))
  request.once('close', () => finish({ ok: false, gone: true }))
  return promise
}

export function tooLarge(maxBytes: number): Refusal {
  return { reason: 'intake_body_bytes', message: `the body is larger than ${maxBytes} bytes: send smaller batches` }
}
