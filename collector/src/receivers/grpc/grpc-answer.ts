import type { ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import type { Accepted } from '../../answers/export-response.ts'
import { encodeExportResponse } from '../../answers/export-response.ts'
import type { Refusal } from '../../answers/refusal.ts'
import { answerRule, GrpcCode, spread } from '../../answers/refusal.ts'
import { encodeStatus, statusOf } from '../../answers/status-message.ts'
import { frame } from './grpc-message.ts'

const CONTENT_TYPE = 'application/grpc'
const GRPC_ACCEPT_ENCODING = 'identity,gzip,zstd'

export function answerAccepted(stream: ServerHttp2Stream, accepted: Accepted): void {
  if (!canAnswer(stream)) return
  stream.respond({ ':status': 200, 'content-type': CONTENT_TYPE, 'grpc-accept-encoding': GRPC_ACCEPT_ENCODING }, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(GrpcCode.ok) }))
  stream.end(frame(encodeExportResponse(accepted)))
}

/** Headers that end the stream, with `google.rpc.Status` in `grpc-status-details-bin`. */
export function answerRefusal(stream: ServerHttp2Stream, refusal: Refusal, random: () => number): void {
  const { retryAfterMs } = answerRule(refusal.reason)
  const status = statusOf(refusal, retryAfterMs === undefined ? undefined : spread(retryAfterMs, random))
  endWith(stream, status.code, { message: status.message, details: encodeStatus(status) })
}

export function answerUnimplemented(stream: ServerHttp2Stream, message: string): void {
  endWith(stream, GrpcCode.unimplemented, { message })
}

/** For what is not gRPC. */
export function answerHttp(stream: ServerHttp2Stream, code: number): void {
  if (!canAnswer(stream)) return
  stream.respond({ ':status': code }, { endStream: true })
  finishEarly(stream)
}

function endWith(stream: ServerHttp2Stream, code: number, status: { message: string; details?: Buffer }): void {
  if (!canAnswer(stream)) return
  stream.respond(
    {
      ':status': 200,
      'content-type': CONTENT_TYPE,
      'grpc-accept-encoding': GRPC_ACCEPT_ENCODING,
      'grpc-status': String(code),
      'grpc-message': percentEncoded(status.message),
      ...(status.details === undefined ? {} : { 'grpc-status-details-bin': status.details.toString('base64').replace(/=+$/, '') }),
    },
    { endStream: true },
  )
  finishEarly(stream)
}

// The client may still be sending: NO_ERROR after a whole answer tells it to stop without taking the answer for a failure.
function finishEarly(stream: ServerHttp2Stream): void {
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
}

function canAnswer(stream: ServerHttp2Stream): boolean {
  return !stream.headersSent && !stream.destroyed && !stream.closed
}

/** As gRPC wants it: printable ASCII except `%` as it is, each other byte of the UTF-8 as `%XX`. */
function percentEncoded(text: string): string {
  let out = ''
  for (const byte of Buffer.from(text, 'utf8'))
    out += byte >= 0x20 && byte < 0x7f && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return out
}
