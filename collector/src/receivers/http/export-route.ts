import type { IncomingMessage, ServerResponse } from 'node:http'
import { Source } from '@skein/schemas/envelope'
import type { Caller, Principal } from '../../admit/admission.ts'
import { DEFAULT_PRINCIPAL } from '../../admit/admission.ts'
import type { BodyBuffer } from '../../admit/body-buffer.ts'
import type { ByteLease } from '../../admit/byte-budget.ts'
import type { Encoding } from '../../admit/decompress.ts'
import { ACCEPT_ENCODING, decompress, encodingOf } from '../../admit/decompress.ts'
import type { OtlpSignal } from '../../answers/export-response.ts'
import type { Refusal } from '../../answers/refusal.ts'
import type { ReceiverDeps } from '../receiver-deps.ts'
import type { MediaType } from './http-answer.ts'
import { answerAccepted, answerRefusal, JSON_TYPE, PROTOBUF } from './http-answer.ts'
import { dropRest, readBody, tooLarge } from './read-body.ts'

/** One POST of an export request. Answers always, unless the client is gone. */
export async function handleExport(request: IncomingMessage, response: ServerResponse, signal: OtlpSignal, deps: ReceiverDeps): Promise<void> {
  const type = mediaType(request.headers['content-type'])
  const inflight = deps.inflight.lease()
  const decoding = deps.decoding.lease()
  let principal = DEFAULT_PRINCIPAL
  let body: BodyBuffer | null = null
  const refuse = (refusal: Refusal, bytes: number): void => {
    inflight.release()
    deps.intake.refuse(signal, principal, refusal, bytes)
    answerRefusal(response, type, refusal, deps.random)
  }
  try {
    const admitted = await admit(request, type, deps)
    principal = admitted.principal
    if (!admitted.ok) {
      await dropRest(request)
      return refuse(admitted.refusal, 0)
    }
    const read = await readBody(request, { maxBytes: deps.limits.bodyBytes, lease: inflight, pool: deps.buffers })
    if (!read.ok) {
      inflight.release()
      if (!('refusal' in read)) return
      await dropRest(request)
      return refuse(read.refusal, 0)
    }
    body = read.body
    const bytes = body.bytes()
    const decoded = await decompress(bytes, admitted.encoding, { maxBytes: deps.limits.bodyBytes, lease: decoding, gate: deps.decodeGate })
    if (!decoded.ok) return refuse(decoded.refusal, bytes.length)
    const source = admitted.type === JSON_TYPE ? Source.httpJson : Source.httpProtobuf
    const taken = deps.intake.take({ signal, source, principal, body: decoded.body, lease: joined(inflight, decoding) })
    body.release()
    const answer = await taken
    if (answer.ok) answerAccepted(response, signal, admitted.type, answer.accepted)
    else answerRefusal(response, type, answer.refusal, deps.random)
  } catch (error) {
    deps.events.error('http_request_failed', 'a request failed by a fault of ours', { err: error })
    decoding.release()
    refuse({ reason: 'internal', message: 'the request could not be taken: please try again' }, 0)
  } finally {
    body?.release()
  }
}

type Admitted = { ok: true; principal: Principal; type: MediaType; encoding: Encoding } | { ok: false; principal: Principal; refusal: Refusal }

/** Everything that can be refused before the body is read. */
async function admit(request: IncomingMessage, type: MediaType | null, deps: ReceiverDeps): Promise<Admitted> {
  const principal = DEFAULT_PRINCIPAL
  const refused = (refusal: Refusal): Admitted => ({ ok: false, principal, refusal })
  if (type === null) return refused({ reason: 'unsupported_media_type', message: `content-type must be ${PROTOBUF} or ${JSON_TYPE}` })
  const encoding = encodingOf(request.headers['content-encoding'])
  if (encoding === null) return refused({ reason: 'unsupported_encoding', message: `content-encoding must be one of none, ${ACCEPT_ENCODING}` })
  if (deps.draining()) return refused({ reason: 'draining', message: 'this collector is stopping' })
  const admitted = await deps.admission.admit(callerOf(request))
  if (!admitted.ok) return admitted
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > deps.limits.bodyBytes) return { ok: false, principal: admitted.principal, refusal: tooLarge(deps.limits.bodyBytes) }
  return { ok: true, principal: admitted.principal, type, encoding }
}

function mediaType(header: string | undefined): MediaType | null {
  const plain = (header ?? '').split(';', 1)[0]!.trim().toLowerCase()
  return plain === PROTOBUF || plain === JSON_TYPE ? plain : null
}

export function callerOf(request: IncomingMessage): Caller {
  return {
    header(name) {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    host: request.headers.host,
    remoteAddress: request.socket.remoteAddress,
    localAddress: request.socket.localAddress,
  }
}

/** One lease to the intake: releasing gives both back. */
function joined(inflight: ByteLease, decoding: ByteLease): ByteLease {
  return {
    grow: (bytes) => inflight.grow(bytes),
    release() {
      inflight.release()
      decoding.release()
    },
  }
}
