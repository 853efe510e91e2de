import { createServer } from 'node:http'
import type { AgentLogger } from '../agent-deps.ts'
import { listen } from '../listen.ts'
import type { Counters } from '../send/counters.ts'

export interface HealthSource {
  counters: Readonly<Counters>
  logger: AgentLogger
  files(): number
  refusedFiles(): number
  /** What keeps the agent from its work, in sentences; empty when nothing does. */
  troubles(): string[]
}

export interface HealthServer {
  /** Resolves with the port. */
  start(): Promise<number>
  stop(): void
}

const HELP: Readonly<Record<keyof Counters, [name: string, help: string]>> = {
  records: ['records_total', 'Records that were settled: acknowledged, or refused for good'],
  bytes: ['read_bytes_total', 'Bytes of logs that were settled'],
  requests: ['requests_total', 'Requests that were answered for good'],
  retries: ['retries_total', 'Requests that have to be sent again'],
  refusedRecords: ['refused_records_total', 'Records that the collector refused for good'],
  cutLines: ['cut_lines_total', 'Lines that were longer than agent.lineBytes'],
  blankLines: ['blank_lines_total', 'Lines without content, which are not sent'],
  lostBytes: ['lost_bytes_total', 'Bytes that were truncated before they were read'],
  probes: ['probes_total', 'Ways to peers that were measured'],
  failedProbes: ['failed_probes_total', 'Ways to peers of which a measure failed'],
  bufferDrops: ['buffer_dropped_requests_total', 'Requests that the buffer on disk could not keep'],
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

function metricsOf({ counters, files, refusedFiles, troubles }: HealthSource): string {
  const lines = Object.entries(HELP).flatMap(([key, [name, help]]) => metric({ name, type: 'counter', help, value: counters[key as keyof Counters] }))
  return [
    ...lines,
    ...metric({ name: 'files', type: 'gauge', help: 'Files that are followed', value: files() }),
    ...metric({ name: 'skipped_files', type: 'gauge', help: 'Files that a glob finds and that are not read', value: refusedFiles() }),
    ...metric({ name: 'ready', type: 'gauge', help: 'Whether nothing keeps the agent from its work', value: troubles().length === 0 ? 1 : 0 }),
    '',
  ].join('\n')
}

function metric({ name, type, help, value }: { name: string; type: string; help: string; value: number }): string[] {
  return [`# HELP skein_agent_${name} ${help}`, `# TYPE skein_agent_${name} ${type}`, `skein_agent_${name} ${value}`]
}
