import type { Config } from '@skein/schemas/config'
import { skeinVersion } from '../version.ts'

/** What `skein up` knows once everything runs. */
export interface Running {
  /** `--config`, when it was given. */
  configPath: string | undefined
  /** The same without the environment. */
  written: Config
  /** The data directory, as one would write it here. */
  directory: string
  /** Ports as bound. */
  ports: { otlpHttp: number; otlpGrpc: number; http: number }
  seconds: string
}

/** What the person who started Skein reads: where it is and what to do next. */
export function banner(config: Config, running: Running): string {
  const { directory, ports, seconds } = running
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const otlp = `http://${host}:${ports.otlpHttp}`
  return [
    '',
    `Skein ${skeinVersion()} is up after ${seconds} s`,
    `  Web and API  http://${host}:${ports.http}`,
    `  OTLP         ${otlp} (HTTP), http://${host}:${ports.otlpGrpc} (gRPC)`,
    `  Data         ${directory}`,
    '',
    'Send traces and logs from any OpenTelemetry SDK:',
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} node app.js`,
    'Or see a small TV operator on the map, from a second terminal:',
    `  ${demoCommand(config, running)}`,
    'Stop with Ctrl-C.',
    '',
  ].join('\n')
}

/** A second terminal has the file and not the environment of the first. */
function demoCommand(config: Config, { configPath, written, ports }: Running): string {
  const own = {
    SKEIN_OTLP_HTTP_PORT: ports.otlpHttp === written.ports.otlpHttp ? null : String(ports.otlpHttp),
    SKEIN_HTTP_PORT: ports.http === written.ports.http ? null : String(ports.http),
    SKEIN_DATA_DIR: config.dataDir === written.dataDir ? null : quoted(config.dataDir),
  }
  const words = Object.entries(own).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
  return [...words, 'npm run demo', ...(configPath === undefined ? [] : ['--', '--config', quoted(configPath)])].join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
