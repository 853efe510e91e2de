import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import process from 'node:process'
import { configSchema } from '@skein/schemas/config'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../version.ts'
import { DEMO_RULES_FILE, followDemoLogs } from './demo-logs.ts'
import { importRules } from './rules.ts'

it('the log files of the demo are followed, also below a data directory that is named from where one stands', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'skein-demo-logs-'))
  const paths: (string | undefined)[] = []
  const sink = createServer((request, response) => {
    paths.push(request.url)
    request.resume().on('end', () => response.end())
  }).listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const logs = await followDemoLogs(relative(process.cwd(), dataDir), { endpoint: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`, key: undefined })
  try {
    appendFileSync(join(logs.folder, 'epg-1.log'), 'a line\n')
    await expect.poll(() => paths, { timeout: 20_000 }).toContain('/v1/logs')
  } finally {
    await logs.stop()
    sink.close()
    sink.closeAllConnections()
    rmSync(dataDir, { recursive: true, force: true })
  }
})

it('a second demo beside the same data directory is refused and leaves the files of the first alone; after its end the next one may', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'skein-demo-logs-'))
  const nowhere = { endpoint: 'http://127.0.0.1:9', key: undefined }
  const first = await followDemoLogs(dataDir, nowhere)
  try {
    appendFileSync(join(first.folder, 'epg-1.log'), 'a line\n')
    await expect(followDemoLogs(dataDir, nowhere)).rejects.toThrow('A demo runs beside this data directory already')
    expect(readFileSync(join(first.folder, 'epg-1.log'), 'utf8')).toBe('a line\n')
  } finally {
    await first.stop()
  }
  const next = await followDemoLogs(dataDir, nowhere)
  await next.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

it('the rules of the demo can be imported where a cluster keeps its rules', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-demo-rules-'))
  const keysFile = join(folder, 'keys.yaml')
  await importRules(configSchema.parse({ keysFile }), { path: join(ROOT, DEMO_RULES_FILE), tenant: 'default' })
  const { entries } = parse(readFileSync(keysFile, 'utf8')) as { entries: Record<string, unknown> }
  expect(Object.keys(entries)).toEqual(expect.arrayContaining(['log-rule/default/demo-json', 'log-rule/default/demo-nginx']))
  rmSync(folder, { recursive: true, force: true })
})
