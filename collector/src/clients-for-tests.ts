import { Agent, request } from 'node:http'
import { connect, type IncomingHttpHeaders } from 'node:http2'
import * as grpc from '@grpc/grpc-js'
import { decodeMessage } from './otlp-oracle.ts'

export interface HttpReply {
  code: number
  headers: NodeJS.Dict<string | string[]>
  body: Buffer
}

export interface HttpCall {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: Buffer | string
}

/** One request on a connection of its own. */
export function call(base: string, options: HttpCall): Promise<HttpReply> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpReply>()
  const body = options.body ?? Buffer.alloc(0)
  const outgoing = request(
    base + (options.path ?? '/v1/traces'),
    {
      method: options.method ?? 'POST',
      agent: new Agent({ keepAlive: false }),
      headers: { 'content-type': 'application/x-protobuf', 'content-length': Buffer.byteLength(body), ...options.headers },
    },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ code: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
      response.on('error', reject)
    },
  )
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}

export interface GrpcReply {
  code: number
  message: string
  body: Buffer
  /** `grpc-status-details-bin`, decoded. */
  status: RpcStatus | null
}

export interface RpcStatus {
  code?: number
  message?: string
  details?: { typeUrl: string; value: string }[]
}

export interface GrpcCall {
  service?: string
  headers?: Record<string, string>
  gzip?: boolean
  path?: string
}

/** One unary call on a channel of its own, made by grpc-js. */
export function callGrpc(address: string, body: Buffer, options: GrpcCall = {}): Promise<GrpcReply> {
  const { promise, resolve } = Promise.withResolvers<GrpcReply>()
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    ...(options.gzip ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {}),
  })
  const metadata = new grpc.Metadata()
  for (const [name, value] of Object.entries(options.headers ?? {})) metadata.set(name, value)
  const signal = options.service ?? 'trace'
  const path =
    options.path ?? `/opentelemetry.proto.collector.${signal}.v1.${signal === 'trace' ? 'Trace' : signal === 'logs' ? 'Logs' : 'Metrics'}Service/Export`
  const same = (bytes: Buffer): Buffer => bytes
  client.makeUnaryRequest(path, same, same, body, metadata, { deadline: Date.now() + 10_000 }, (error, reply) => {
    const details = error?.metadata.get('grpc-status-details-bin')[0] as Buffer | undefined
    client.close()
    resolve({
      code: error?.code ?? 0,
      message: error?.details ?? '',
      body: reply ?? Buffer.alloc(0),
      status: details === undefined ? null : (decodeMessage('RpcStatus', details) as RpcStatus),
    })
  })
  return promise
}

/** Partial success of an Export…ServiceResponse: rejected records and message. */
export function partialOf(body: Buffer): { rejected: number; message: string } | null {
  const { partialSuccess } = decodeMessage('ExportServiceResponse', body) as { partialSuccess?: { rejected?: string; errorMessage?: string } }
  return partialSuccess === undefined ? null : { rejected: Number(partialSuccess.rejected ?? 0), message: partialSuccess.errorMessage ?? '' }
}

/** A call written by hand, for what no client library would send; resolves with headers and trailers. */
export function callRaw(port: number, headers: Record<string, string>, bytes: Buffer): Promise<IncomingHttpHeaders> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders>()
  const session = connect(`http://127.0.0.1:${port}`)
  const stream = session.request({
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  let seen: IncomingHttpHeaders = {}
  stream.on('response', (response) => {
    seen = { ...seen, ...response }
  })
  stream.on('trailers', (trailers) => {
    seen = { ...seen, ...trailers }
  })
  stream.on('close', () => {
    session.destroy()
    resolve(seen)
  })
  stream.on('error', reject)
  stream.resume()
  stream.end(bytes)
  return promise
}
