import { connect, type Socket } from 'node:net'
import { context, type Link, propagation, ROOT_CONTEXT, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import type { QueueMessage } from './stand-ins/queue.ts'

const SYSTEM = 'demoq'

/**
 * A queue client that reports as OpenTelemetry's messaging conventions ask: a PRODUCER span per message,
 * a CONSUMER span per batch, in a trace of its own, with a link to each message's producer.
 */
export function createQueueClient(port: number, destination: string) {
  const tracer: Tracer = trace.getTracer('demo-queue')
  const attributes = (operation: string) => ({
    'messaging.system': SYSTEM,
    'messaging.destination.name': destination,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
  })
  let publisher: Socket | null = null

  function open(): Socket {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    return socket
  }

  return {
    publish(body: unknown): void {
      tracer.startActiveSpan(`send ${destination}`, { kind: SpanKind.PRODUCER, attributes: attributes('send') }, (span) => {
        const headers: Record<string, string> = {}
        propagation.inject(context.active(), headers)
        if (publisher === null || publisher.destroyed) publisher = open()
        publisher.write(`${JSON.stringify({ publish: { body, headers } satisfies QueueMessage })}\n`)
        span.end()
      })
    },
    /** `handle` runs within the batch's span. */
    subscribe(handle: (bodies: unknown[]) => Promise<void>): void {
      const socket = open()
      const pull = (): boolean => socket.write('{"pull":true}\n')
      pull()
      let pending = ''
      socket.setEncoding('utf8')
      socket.on('data', (chunk: string) => {
        const lines = (pending + chunk).split('\n')
        pending = lines.pop() ?? ''
        for (const line of lines) void consume(JSON.parse(line) as QueueMessage[]).finally(pull)
      })

      async function consume(messages: QueueMessage[]): Promise<void> {
        const links: Link[] = []
        for (const message of messages) {
          const producer = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, message.headers))
          if (producer !== undefined) links.push({ context: producer })
        }
        const options = {
          kind: SpanKind.CONSUMER,
          root: true,
          links,
          attributes: { ...attributes('process'), 'messaging.batch.message_count': messages.length },
        }
        await tracer.startActiveSpan(`process ${destination}`, options, async (span) => {
          await handle(messages.map((message) => message.body)).catch((error: unknown) => span.recordException(error as Error))
          span.end()
        })
      }
    },
  }
}
