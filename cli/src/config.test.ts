import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from './config.ts'
import { settings, settingsPage } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function file(text: string): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'a-')), 'skein.yaml')
  await writeFile(path, text)
  return path
}

async function problems(path: string | undefined, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return loadConfig(path, env).then(
    () => [],
    (error: unknown) => (error instanceof ConfigError ? error.problems : [String(error)]),
  )
}

describe('configuration', () => {
  it('has a default for everything', async () => {
    const config = await loadConfig(undefined, {})
    expect(config.ports).toEqual({ otlpGrpc: 4317, otlpHttp: 4318, http: 8080, health: 0 })
    expect(config.host).toBe('127.0.0.1')
    expect(config.kafka.brokers).toEqual([])
  })

  it('takes the environment over the file', async () => {
    const config = await loadConfig(await file('ports: { http: 9000, otlpHttp: 9001 }'), {
      SKEIN_HTTP_PORT: '9002',
      SKEIN_LIMITS__INTAKE__BODY_BYTES: '1000',
      SKEIN_KAFKA_BROKERS: 'a:1, b:2',
    })
    expect(config.ports.http).toBe(9002)
    expect(config.ports.otlpHttp).toBe(9001)
    expect(config.limits.intake.bodyBytes).toBe(1000)
    expect(config.kafka.brokers).toEqual(['a:1', 'b:2'])
  })

  it('takes an empty variable for one that is not set', async () => {
    const config = await loadConfig(await file('ports: { http: 9000 }'), {
      SKEIN_HTTP_PORT: '',
      SKEIN_DATA_DIR: '',
      SKEIN_CLICKHOUSE_URL: '',
      SKEIN_NO_SUCH: '',
    })
    expect(config.ports.http).toBe(9000)
    expect(config.dataDir).toBe('./skein-data')
    expect(config.clickhouse.url).toBeUndefined()
  })

  it('tells all errors at once, each with its place', async () => {
    const path = await file('ports: { http: many }\nhots: 1\nlog: { partitions: 0 }')
    const all = await problems(path, { SKEIN_HTP_PORT: '1', SKEIN_OTLP_GRPC_PORT: '99999' })
    expect(all).toHaveLength(5)
    expect(all.join('\n')).toContain('SKEIN_HTP_PORT: no such setting; is it SKEIN_HTTP_PORT?')
    expect(all.join('\n')).toContain('SKEIN_OTLP_GRPC_PORT: ')
    expect(all.join('\n')).toContain(`${path}: hots: no such setting`)
    expect(all.join('\n')).toContain('log.partitions')
  })

  it('knows what Kubernetes tells of services named skein-…, and says what keeps it away', async () => {
    const links = {
      SKEIN_HTTP_PORT: 'tcp://10.96.0.7:80',
      SKEIN_COLLECTOR_SERVICE_HOST: '10.96.0.8',
      SKEIN_COLLECTOR_SERVICE_PORT_OTLP: '4318',
      SKEIN_COLLECTOR_PORT_4318_TCP_ADDR: '10.96.0.8',
      SKEIN_COLLECTOR_PORT: 'tcp://10.96.0.8:4318',
    }
    const all = await problems(undefined, links)
    expect(all.map((problem) => problem.endsWith('give the pod enableServiceLinks: false'))).toEqual(Object.keys(links).map(() => true))
    expect((await problems(undefined, { SKEIN_HTTP_PORT: 'many', SKEIN_SERVICE: 'x' })).join()).not.toContain('Kubernetes')
  })

  it('names the variable whose list has a wrong part', async () => {
    expect((await problems(undefined, { SKEIN_REDACT__PRESETS: 'phone,fone' }))[0]).toMatch(/^SKEIN_REDACT__PRESETS: must be of phone/)
  })

  it('says so when a named file is missing or is not YAML', async () => {
    expect((await problems('/nowhere/skein.yaml', {}))[0]).toContain('cannot be read')
    expect((await problems('', {}))[0]).toContain('--config needs')
    expect((await problems(await file('a: [1'), {}))[0]).toContain('skein.yaml')
  })

  it('has one environment name a setting, and a page of the manual that says so', async () => {
    const names = settings().map(({ env }) => env)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('SKEIN_LIMITS__INTAKE__BODY_BYTES')
    await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md')
  })
})
