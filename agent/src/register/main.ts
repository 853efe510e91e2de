/**
 * `node --import @skein/agent/register app.js`: traces, logs and metrics of an unchanged Node service, by OpenTelemetry's SDK and its
 * auto-instrumentation, sent to `OTEL_EXPORTER_OTLP_ENDPOINT` (Skein on this machine unless set). All `OTEL_…` variables of the SDK hold; what
 * `registerDefaults` sets is only what is not set. `SKEIN_KEY` is the ingest key.
 *
 * Records of pino and winston get `trace_id` and `span_id` and are sent too, as are those of `console`, whose text stays as it is.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { register } from 'node:module'
import { context, logs, trace } from '@opentelemetry/api'
import { getNodeAutoInstrumentations, getResourceDetectors } from '@opentelemetry/auto-instrumentations-node'
import { isTracingSuppressed } from '@opentelemetry/core'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { recordConsole } from './console-records.ts'
import { answerFormerLogsApi } from './former-logs-api.ts'
import { applicationFolder, nearestPackage } from './nearest-package.ts'
import { registerDefaults, setForNow } from './register-defaults.ts'
import { endWithTelemetry } from './shut-down.ts'

const files = { readText, resolve: resolvePath }
const defaults = registerDefaults({
  env: process.env,
  application: nearestPackage(applicationFolder(process.argv[1], process.cwd(), files), files),
  namespace: readText('/var/run/secrets/kubernetes.io/serviceaccount/namespace'),
})
const restore = setForNow(process.env, defaults)

if (process.env['OTEL_SDK_DISABLED'] !== 'true') {
  // Without it only what is loaded by require is instrumented.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
  const sdk = new NodeSDK({ resourceDetectors: getResourceDetectors(), instrumentations: getNodeAutoInstrumentations() })
  sdk.start()
  answerFormerLogsApi(globalThis, () => logs.getLoggerProvider())
  if (process.env['OTEL_LOGS_EXPORTER'] !== 'none') recordConsole(console, logs.getLogger('console'), () => isTracingSuppressed(context.active()))
  endWithTelemetry(process, () => sdk.shutdown(), flush)
}
// What the application starts is another service, with a name of its own.
restore()

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function resolvePath(path: string): { path: string; isFolder: boolean } | null {
  try {
    const real = realpathSync(path)
    return { path: real, isFolder: statSync(real).isDirectory() }
  } catch {
    return null
  }
}

/** What is waiting is sent while the application still closes what it has. */
async function flush(): Promise<void> {
  await Promise.all([trace.getTracerProvider(), logs.getLoggerProvider()].map(flushProvider))
}

async function flushProvider(provider: object): Promise<void> {
  const inner = 'getDelegate' in provider && typeof provider.getDelegate === 'function' ? (provider.getDelegate() as object) : provider
  if ('forceFlush' in inner && typeof inner.forceFlush === 'function') await inner.forceFlush()
}
