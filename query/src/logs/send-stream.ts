import type { FastifyReply } from 'fastify'
import type { Readable } from 'node:stream'

/** Sends text as it is made. The answer's schema says what the text is. */
export function sendStream(reply: Pick<FastifyReply, 'send'>, stream: Readable): FastifyReply {
  return reply.send(stream)
}
