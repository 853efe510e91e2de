import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Encoding, encodingOf, MIN_COMPRESSED_BYTES } from '../compression.ts'
import type { KeptAnswer } from './kept-answers.ts'

/** Sends a kept answer in what the client takes. */
export async function sendKept(request: FastifyRequest, reply: FastifyReply, answer: KeptAnswer): Promise<FastifyReply> {
  const encoding = encodingFor(request, answer)
  void reply.type('application/json; charset=utf-8').header('vary', 'accept-encoding')
  if (encoding === null) return reply.send(answer.json)
  const body = await answer.compressed(encoding)
  return reply.header('content-encoding', encoding).send(body)
}

/** What the answer goes to this client in; null: as it is. */
export function encodingFor(request: FastifyRequest, answer: KeptAnswer): Encoding | null {
  return answer.json.length < MIN_COMPRESSED_BYTES ? null : encodingOf(request.headers['accept-encoding'])
}
