import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { followDemoLogs } from './demo-logs.ts'

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
