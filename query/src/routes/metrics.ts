import type { App, RouteDeps } from '../app-types.ts'
import { isLoopback } from '../listen-address.ts'
import type { QueryMetrics } from '../metrics.ts'
import { ProblemError } from '../problem-error.ts'

/** Numbers of the whole process. For this machine only, unless everyone may read everything anyway. */
export function metricsRoute(app: App, deps: RouteDeps & { own: QueryMetrics }): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!isLoopback(request.ip) && !deps.config.insecureHttp) {
      throw new ProblemError('forbidden', { detail: 'Metrics of this process are for its own machine.', hint: 'Scrape it over loopback.' })
    }
    const pieces = [deps.own.text(), ...(deps.metrics ?? []).map((text) => text())]
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(pieces.map((piece) => (piece.endsWith('\n') ? piece : `${piece}\n`)).join(''))
  })
}
