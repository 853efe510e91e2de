import type { IncomingMessage, ServerResponse } from 'node:http'
import { isOwnMachine } from '../admit/admission.ts'
import { callerOf } from '../receivers/http/export-route.ts'
import { answerText } from '../receivers/http/http-answer.ts'
import type { Readiness } from './readiness.ts'

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export interface OperatorRoutesOptions {
  readiness: Readiness
  metricsText(): string
}

/** `/livez`, `/readyz` and `/metrics`; the last only for this machine. */
export function createOperatorRoutes(options: OperatorRoutesOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const routes: ReadonlyMap<string, (request: IncomingMessage, response: ServerResponse) => void> = new Map([
    ['/livez', (_request, response) => answerText(response, 200, 'ok\n')],
    ['/readyz', (_request, response) => void answerReady(response, options.readiness)],
    [
      '/metrics',
      (request, response) => {
        if (isOwnMachine(callerOf(request))) answerText(response, 200, options.metricsText(), METRICS_TYPE)
        else answerText(response, 403, 'metrics are for this machine only\n')
      },
    ],
  ])
  return (request, response) => {
    const route = routes.get((request.url ?? '').split('?', 1)[0]!)
    if (route === undefined) return false
    if (request.method === 'GET' || request.method === 'HEAD') route(request, response)
    else {
      response.setHeader('allow', 'GET, HEAD')
      answerText(response, 405, 'use GET\n')
    }
    return true
  }
}

async function answerReady(response: ServerResponse, readiness: Readiness): Promise<void> {
  const problem = await readiness.problem()
  if (problem === null) answerText(response, 200, 'ok\n')
  else answerText(response, 503, `${problem}\n`)
}
