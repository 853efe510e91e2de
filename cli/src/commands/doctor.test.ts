import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { examine } from './doctor.ts'
import { importRules } from './rules.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-doctor-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** What is said about rules and scenarios of a file that all roles of a cluster share. */
async function saidOf(entries: Record<string, unknown>) {
  const path = join(directory, 'metadata.yaml')
  writeFileSync(path, JSON.stringify({ entries }))
  const config = await loadConfig(undefined, { SKEIN_KEYS_FILE: path, SKEIN_DATA_DIR: join(directory, 'data') })
  const findings = await examine({ ...config, ports: { otlpGrpc: 0, otlpHttp: 0, http: 0, health: 0 } })
  return findings.filter(({ what }) => /rules|scenario/.test(what)).map(({ level, what }) => `${level} ${what}`)
}

const PLAY = {
  id: 'a1',
  tenant: 'default',
  createdAtMs: 1,
  updatedAtMs: 1,
  versions: [
    {
      version: 1,
      effectiveFromMs: 2,
      definition: { name: 'play', key: 'session', within: '10m', steps: [{ name: 'play', match: { kind: 'span', service: 'gateway' } }], success: 'play' },
    },
  ],
}

test('scenarios that cannot be read are named, one by one, and no others', async () => {
  const said = await saidOf({ 'scenario/default/a1': PLAY, 'scenario/default/b2': { ...PLAY, id: 'b2', versions: [] }, 'scenario/acme/c3': 'typed wrong' })
  expect(said.toSorted()).toEqual([
    'ok no rules on logs',
    'warn scenarios: scenario/acme/c3 cannot be read',
    'warn scenarios: scenario/default/b2 cannot be read',
  ])
})

test('where all can be read, it is said how many there are', async () => {
  expect(await saidOf({ 'scenario/default/a1': PLAY })).toEqual(['ok no rules on logs', 'ok scenarios that can be read: 1'])
  expect(await saidOf({})).toEqual(['ok no rules on logs', 'ok no scenarios'])
})

test.each([
  ['is right where Skein answers', 'ok\n', 'ok', 'serves: Skein is running'],
  ['is a fault where something else does', 'hello', 'fail', 'in use'],
])('a port that is taken %s', async (_where, answer, level, told) => {
  const listening = await Promise.all(
    [1, 2, 3].map(async () => {
      const server = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      return { server, port: (server.address() as AddressInfo).port }
    }),
  )
  const [otlpGrpc = 0, otlpHttp = 0, http = 0] = listening.map(({ port }) => port)
  try {
    const config = await loadConfig(undefined, { SKEIN_DATA_DIR: join(directory, 'data') })
    const findings = await examine({ ...config, ports: { otlpGrpc, otlpHttp, http, health: 0 } })
    const found = findings.filter(({ what }) => what.startsWith('port '))
    expect(found.map((finding) => [finding.level, finding.what.endsWith(told), finding.mend === undefined])).toEqual(
      Array.from({ length: 3 }, () => [level, true, level === 'ok']),
    )
  } finally {
    for (const { server } of listening) {
      server.close()
      server.closeAllConnections()
    }
  }
})

test('a log near its quota says so, and what to do', async () => {
  mkdirSync(join(directory, 'data', 'log', 'skein.traces'), { recursive: true })
  writeFileSync(join(directory, 'data', 'log', 'skein.traces', '0000000001.mdb'), Buffer.alloc(1_000_000))
  const config = await loadConfig(undefined, { SKEIN_DATA_DIR: join(directory, 'data') })
  const said = async (quotaBytes: number) => {
    const findings = await examine({ ...config, log: { ...config.log, quotaBytes }, ports: { otlpGrpc: 0, otlpHttp: 0, http: 0, health: 0 } })
    return findings.find(({ what }) => what.startsWith('the log holds'))
  }
  expect(await said(1_010_000)).toMatchObject({ level: 'fail', mend: expect.stringContaining('log.quotaBytes') })
  expect(await said(2_000_000)).toMatchObject({ level: 'ok' })
})

test('rules that a file replaced are not counted any more', async () => {
  const config = await loadConfig(undefined, { SKEIN_KEYS_FILE: join(directory, 'keys.yaml'), SKEIN_DATA_DIR: join(directory, 'data') })
  const importOf = async (...ids: string[]) => {
    const rules = ids.map((id) => ({ id, definition: { name: id, enabled: true, match: 'x', actions: [{ type: 'drop' }] } }))
    const path = join(directory, 'rules.json')
    writeFileSync(path, JSON.stringify({ skeinLogRules: 1, pipelines: [{ id: 'main', name: 'Main', enabled: true, match: '', rules }] }))
    await importRules(config, { path, tenant: 'default' })
  }
  await importOf('a', 'b')
  await importOf('c')
  const findings = await examine({ ...config, ports: { otlpGrpc: 0, otlpHttp: 0, http: 0, health: 0 } })
  expect(findings.map(({ what }) => what)).toContain('rules on logs that can be read: 1')
})
