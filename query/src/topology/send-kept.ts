import type { FastifyReply, FastifyRequest } from 'fastify'
import { encodingOf, MIN_COMPRESSED_BYTES } from '../compression.ts'
import type { KeptAnswer } from './kept-answers.ts'

/** Sends a kept answer in what the client takes. */
export async function sendKept(request: FastifyRequest, reply: FastifyReply, answer: KeptAnswer): Promise<FastifyReply> {
  const encoding = answer.json.length < MIN_COMPRESSED_BYTES ? null : encodingOf(request.headers['accept-encoding'])
  void reply.type('application/json; charset=utf-8').header('vary', 'accept-encoding')
  if (encoding === null) return reply.send(answer.json)
  const body = await answer.compressed(encoding)
  return reply.header('content-encoding', encoding).send(body)
}
