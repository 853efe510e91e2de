import { createServer } from 'node:http'
import type { AgentLogger } from '../agent-deps.ts'
import { listen } from '../listen.ts'
import type { Counters } from '../send/counters.ts'

export interface HealthSource {
  counters: Readonly<Counters>
  logger: AgentLogger
  /** Files that are followed, and those that a glob finds and that are not read. */
  follower: { readonly files: number; readonly refused: number }
  /** Disk in use by what waits for the collector. */
  bufferBytes(): number
  /** What keeps the agent from its work, in sentences; empty when nothing does. */
  troubles(): string[]
}

export interface HealthServer {
  /** Resolves with the port. */
  start(): Promise<number>
  stop(): void
}

type Count = Exclude<keyof Counters, 'drops' | 'dropped'>

const HELP: Readonly<Record<Count, [name: string, help: string]>> = {
  records: ['records_total', 'Records that were settled: acknowledged, or refused for good'],
  bytes: ['read_bytes_total', 'Bytes of logs that were settled'],
  requests: ['requests_total', 'Requests that were answered for good'],
  retries: ['retries_total', 'Requests that have to be sent again'],
  cutLines: ['cut_lines_total', 'Lines that were longer than agent.lineBytes'],
  blankLines: ['blank_lines_total', 'Lines without content, which are not sent'],
  lostBytes: ['lost_bytes_total', 'Bytes that were truncated before they were read'],
  lostFiles: ['lost_files_total', 'Files of which an unknown rest was lost'],
  probes: ['probes_total', 'Ways to peers that were measured'],
  failedProbes: ['failed_probes_total', 'Ways to peers of which a measure failed'],
}

/** `/livez`, `/readyz` and `/metrics`, on loopback alone. */
export function createHealthServer(port: number, source: HealthSource): HealthServer {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]
    if (path === '/livez') response.end('ok\n')
    else if (path === '/readyz') {
      const troubles = source.troubles()
      response.writeHead(troubles.length === 0 ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' })
      response.end(troubles.length === 0 ? 'ok\n' : `${troubles.join('\n')}\n`)
    } else if (path === '/metrics') response.setHeader('content-type', 'text/plain; version=0.0.4').end(metricsOf(source))
    else response.writeHead(404).end()
  })
  return {
    start: () =>
      listen(server, {
        host: '127.0.0.1',
        port,
        settings: { port: 'SKEIN_AGENT_HEALTH_PORT' },
        failed: (error) => source.logger.warn({ event: 'health_refused', why: String(error) }, 'A question about health cannot be answered'),
      }),
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function metricsOf({ counters, follower, bufferBytes, troubles }: HealthSource): string {
  const counts = Object.entries(HELP).flatMap(([key, [name, help]]) => metric({ name, type: 'counter', help }, [['', counters[key as Count]]]))
  const drops = counters.drops.map(({ signal, reason, records }): Sample => [`{signal="${signal}",reason="${reason}"}`, records])
  return [
    ...counts,
    ...metric({ name: 'dropped_records_total', type: 'counter', help: 'Records and data points that will not arrive, by reason' }, drops),
    ...metric({ name: 'files', type: 'gauge', help: 'Files that are followed' }, [['', follower.files]]),
    ...metric({ name: 'skipped_files', type: 'gauge', help: 'Files that a glob finds and that are not read' }, [['', follower.refused]]),
    ...metric({ name: 'buffer_bytes', type: 'gauge', help: 'Disk in use by what waits for the collector' }, [['', bufferBytes()]]),
    ...metric({ name: 'ready', type: 'gauge', help: 'Whether nothing keeps the agent from its work' }, [['', troubles().length === 0 ? 1 : 0]]),
    '',
  ].join('\n')
}

type Sample = [labels: string, value: number]

function metric({ name, type, help }: { name: string; type: string; help: string }, samples: readonly Sample[]): string[] {
  return [
    `# HELP skein_agent_${name} ${help}`,
    `# TYPE skein_agent_${name} ${type}`,
    ...samples.map(([labels, value]) => `skein_agent_${name}${labels} ${value}`),
  ]
}
