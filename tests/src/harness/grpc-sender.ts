import * as grpc from '@grpc/grpc-js'

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const DEADLINE_MS = 10_000
const RECONNECT_MS = 200

/** Answers a retrying client distinguishes, as HTTP statuses; 0 = no answer. */
const STATUS_OF: Readonly<Record<number, number>> = {
  [grpc.status.OK]: 200,
  [grpc.status.UNAVAILABLE]: 503,
  [grpc.status.RESOURCE_EXHAUSTED]: 429,
  [grpc.status.DEADLINE_EXCEEDED]: 0,
  [grpc.status.CANCELLED]: 0,
}

/** Sends export requests with the stock client, which reconnects by itself. */
export function createGrpcSender(address: string): { send(bytes: Uint8Array): Promise<number>; close(): void } {
  const client = new grpc.Client(new URL(address).host, grpc.credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': RECONNECT_MS,
    'grpc.max_reconnect_backoff_ms': 5 * RECONNECT_MS,
    'grpc.use_local_subchannel_pool': 1,
  })
  const same = (bytes: Buffer): Buffer => bytes
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(EXPORT, same, same, Buffer.from(bytes), { deadline: Date.now() + DEADLINE_MS }, (error) => {
          const status = STATUS_OF[error?.code ?? grpc.status.OK]
          if (status === undefined) reject(new Error(`gRPC answered ${error?.code}: ${error?.details}`))
          else resolve(status)
        })
      }),
    close: () => client.close(),
  }
}
