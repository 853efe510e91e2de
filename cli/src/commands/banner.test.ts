import { configSchema } from '@skein/schemas/config'
import { describe, expect, it } from 'vitest'
import { banner } from './banner.ts'

const USUAL = { otlpHttp: 4318, otlpGrpc: 4317, http: 8080 }
const said = (config: object, ports = USUAL, configPath?: string, written: object = {}): string =>
  banner(configSchema.parse(config), { configPath, written: configSchema.parse(written), directory: 'skein-data', ports, seconds: '1.0' })
const demo = (text: string): string | undefined => text.split('\n').find((line) => line.includes('npm run demo'))

describe('the command for the demo works as it is written, in a terminal without the environment of this one', () => {
  it('is short where all is as usual', () => {
    expect(demo(said({}))).toBe('  npm run demo')
  })

  it('names ports and the data directory where they are others', () => {
    expect(demo(said({ dataDir: "/var/my data's" }, { ...USUAL, otlpHttp: 5318, http: 9090 }))).toBe(
      `  SKEIN_OTLP_HTTP_PORT=5318 SKEIN_HTTP_PORT=9090 SKEIN_DATA_DIR='/var/my data'\\''s' npm run demo`,
    )
  })

  it('names the configuration file where one was given', () => {
    const written = { dataDir: '/d', ports: { http: 9090 } }
    expect(demo(said(written, { ...USUAL, http: 9090 }, '/etc/skein.yaml', written))).toBe('  npm run demo -- --config /etc/skein.yaml')
  })

  it('names what comes from the environment besides the file', () => {
    const written = { dataDir: '/d', ports: { http: 9090, otlpHttp: 0 } }
    expect(demo(said({ dataDir: '/e' }, { ...USUAL, otlpHttp: 5318, http: 9091 }, '/etc/skein.yaml', written))).toBe(
      '  SKEIN_OTLP_HTTP_PORT=5318 SKEIN_HTTP_PORT=9091 SKEIN_DATA_DIR=/e npm run demo -- --config /etc/skein.yaml',
    )
  })
})

it('the addresses are those of the ports as bound, by a name that this machine answers to', () => {
  const text = said({ host: '0.0.0.0' }, { otlpHttp: 1, otlpGrpc: 2, http: 3 })
  expect(text).toContain('http://localhost:1 (HTTP), http://localhost:2 (gRPC)')
  expect(text).toContain('Web and API  http://localhost:3')
})
