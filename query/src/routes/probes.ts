import type { App, RouteDeps } from '../app-types.ts'
import { messageOf, within } from '../health.ts'

const PROBE_MS = 2000

/** `/livez`: the loop turns. `/readyz`: the store and whatever else this process serves for can do their work; lag is never readiness. */
export function probeRoutes(app: App, deps: RouteDeps & { isDraining: () => boolean }): void {
  app.get('/livez', { schema: { hide: true } }, async (_request, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const failed = deps.isDraining() ? ['stopping'] : await failures({ store: () => deps.store.probe(), process: deps.probe })
    return reply
      .code(failed.length === 0 ? 200 : 503)
      .type('text/plain')
      .send(failed.length === 0 ? 'ok\n' : `${failed.join('\n')}\n`)
  })
}

async function failures(probes: Record<string, () => Promise<void>>): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(probes).map(([name, probe]) =>
      within(probe(), PROBE_MS).then(
        () => null,
        (error: unknown) => `${name}: ${messageOf(error)}`,
      ),
    ),
  )
  return answers.filter((answer) => answer !== null)
}
