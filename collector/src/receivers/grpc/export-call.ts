import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import { Source } from '@skein/schemas/envelope'
import type { Caller, Principal } from '../../admit/admission.ts'
import { DEFAULT_PRINCIPAL } from '../../admit/admission.ts'
import { ACCEPT_ENCODING, decompress, type Encoding, encodingOf } from '../../admit/decompress.ts'
import type { OtlpSignal } from '../../answers/export-response.ts'
import type { Refusal } from '../../answers/refusal.ts'
import type { ReceiverDeps } from '../receiver-deps.ts'
import { answerAccepted, answerRefusal } from './grpc-answer.ts'
import { readMessage } from './grpc-message.ts'

/** One `Export` call. Answers always, unless the client is gone. */
export async function handleCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, signal: OtlpSignal, deps: ReceiverDeps): Promise<void> {
  const inflight = deps.inflight.lease()
  const decoding = deps.decoding.lease()
  const { bodyBytes, bodyMs } = deps.limits
  let principal = DEFAULT_PRINCIPAL
  const refuse = (refusal: Refusal, bytes: number): void => {
    inflight.release()
    decoding.release()
    deps.intake.refuse(signal, principal, refusal, bytes)
    answerRefusal(stream, refusal, deps.random)
  }
  try {
    const admitted = await admit(callerOf(stream, headers), headers, deps)
    principal = admitted.principal
    if (!admitted.ok) return refuse(admitted.refusal, 0)
    const read = await readMessage(stream, { maxBytes: bodyBytes, timeoutMs: bodyMs, lease: inflight })
    if (!read.ok) {
      if ('refusal' in read) return refuse(read.refusal, 0)
      return inflight.release()
    }
    const decoded = await decompress(read.message, read.compressed ? admitted.encoding : 'identity', {
      maxBytes: bodyBytes,
      lease: decoding,
      gate: deps.decodeGate,
    })
    if (!decoded.ok) return refuse(decoded.refusal, read.message.length)
    const release = (): void => {
      inflight.release()
      decoding.release()
    }
    const answer = await deps.intake.take({
      signal,
      source: Source.grpc,
      principal,
      body: decoded.body,
      lease: { grow: (bytes) => inflight.grow(bytes), release },
    })
    if (answer.ok) answerAccepted(stream, answer.accepted)
    else answerRefusal(stream, answer.refusal, deps.random)
  } catch (error) {
    deps.events.error('grpc_call_failed', 'a call failed by a fault of ours', { err: error })
    refuse({ reason: 'internal', message: 'the request could not be taken: please try again' }, 0)
  }
}

type Admitted = { ok: true; principal: Principal; encoding: Encoding } | { ok: false; principal: Principal; refusal: Refusal }

async function admit(caller: Caller, headers: IncomingHttpHeaders, deps: ReceiverDeps): Promise<Admitted> {
  const encoding = encodingOf(headers['grpc-encoding'] as string | undefined)
  if (encoding === null)
    return {
      ok: false,
      principal: DEFAULT_PRINCIPAL,
      refusal: { reason: 'unsupported_encoding', message: `grpc-encoding must be one of identity, ${ACCEPT_ENCODING}` },
    }
  if (deps.draining()) return { ok: false, principal: DEFAULT_PRINCIPAL, refusal: { reason: 'draining', message: 'this collector is stopping' } }
  const admitted = await deps.admission.admit(caller)
  return admitted.ok ? { ok: true, principal: admitted.principal, encoding } : admitted
}

function callerOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Caller {
  const socket = (stream.session as ServerHttp2Session | undefined)?.socket
  return {
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    host: headers[':authority'] ?? headers.host,
    remoteAddress: socket?.remoteAddress,
    localAddress: socket?.localAddress,
  }
}
