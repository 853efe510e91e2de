import type { Config } from '@skein/schemas/config'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem-error.ts'

/** Probes are asked by address, by machines, and tell nothing. */
const ANY_HOST = new Set(['/livez', '/readyz'])

/** Refuses what was sent to another name: a page elsewhere cannot point its own name at this server and read the answers. */
export function installHostCheck(app: FastifyInstance, config: Pick<Config, 'publicUrl'>): void {
  const publicHost = config.publicUrl === undefined ? null : new URL(config.publicUrl).hostname
  app.addHook('onRequest', async (request) => {
    const host = hostnameOf(request.headers.host)
    if (host !== null && (LOCAL_HOSTS.has(host) || host === publicHost)) return
    if (ANY_HOST.has(request.routeOptions.url ?? '')) return
    throw new ProblemError('misdirected_host', {
      detail: `This server does not answer as "${request.headers.host ?? ''}".`,
      hint: 'Use localhost or 127.0.0.1, or set SKEIN_PUBLIC_URL to the address that browsers use.',
    })
  })
}

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Lower-case name without its port; null when it is no Host header at all. */
function hostnameOf(header: string | undefined): string | null {
  if (header === undefined || !/^(\[[0-9a-f:.]+\]|[^\s:/@[\]?#]+)(:\d{1,5})?$/i.test(header)) return null
  return header.toLowerCase().replace(/:\d{1,5}$/, '')
}
