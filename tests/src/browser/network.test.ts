import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { accessibilityProblems, type Look, picture, PLAIN, say, sidewaysOverflow, untranslated, visit, type Visit } from './visit.ts'

const browser: Browser | null = await launchChromium()
const CHINESE: Look = { theme: 'dark', lang: 'zh', width: 1024 }

let skein: SkeinUp

beforeAll(async () => {
  skein = await startUp()
})
afterAll(async () => {
  await browser?.close()
  await skein.destroy()
})

interface Probe {
  from: string
  to: string
  network: string
  connectMs: number
  downBytesPerSecond: number
}

/** As agents send them, one a minute. */
async function send(probes: readonly Probe[]): Promise<void> {
  const nowMs = Date.now()
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const logRecords = probes.map(({ from, to, network, connectMs, downBytesPerSecond }, at) => ({
    timeUnixNano: `${nowMs - at * 60_000}000000`,
    body: { stringValue: `Network from ${from} to ${to}` },
    attributes: [
      text('event.name', 'skein.probe'),
      text('skein.probe.from', from),
      text('skein.probe.to', to),
      text('skein.probe.from.network', network),
      text('skein.probe.to.network', network),
      { key: 'skein.probe.connect_ms', value: { doubleValue: connectMs } },
      { key: 'skein.probe.down_bytes_per_second', value: { intValue: downBytesPerSecond } },
      { key: 'skein.probe.errors', value: { intValue: 0 } },
    ],
  }))
  const resource = { attributes: [text('service.name', 'skein-agent')] }
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
  const response = await fetch(`${skein.otlpHttp}/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  expect(response.status, await response.text()).toBe(200)
}

async function open(path: string, look: Look): Promise<Visit> {
  if (browser === null) throw new Error('no browser')
  return visit(browser, `${skein.api}${path}${path.includes('?') ? '&' : '?'}lang=${look.lang}&theme=${look.theme}&live=off`, look)
}

async function inOrder({ page, problems, close }: Visit, name: string, look: Look): Promise<void> {
  await picture(page, `${name}-${look.theme}-${look.lang}-${look.width}`)
  expect(await sidewaysOverflow(page)).toBe(0)
  expect(await untranslated(page, look.lang)).toEqual([])
  expect(await accessibilityProblems(page)).toEqual([])
  expect(problems).toEqual([])
  await close()
}

describe.skipIf(browser === null)('the network between nodes', () => {
  it('that nobody measured is answered with the configuration that does', async () => {
    const visited = await open('/network', PLAIN)
    await expect.poll(() => visited.page.locator('#main').innerText(), { timeout: 15_000 }).toContain('peers:')
    expect(await visited.page.locator('#main').innerText()).toContain(`endpoint: http://127.0.0.1:${new URL(skein.otlpHttp).port}`)
    await inOrder(visited, 'network-empty', PLAIN)
  })

  it('is laid side by side, by node or by a label, in both languages', async () => {
    await send([
      { from: 'bj-1', to: 'bj-2', network: 'calico', connectMs: 0.4, downBytesPerSecond: 400_000_000 },
      { from: 'bj-1', to: 'bj-2', network: 'calico', connectMs: 0.6, downBytesPerSecond: 500_000_000 },
      { from: 'sh-1', to: 'sh-2', network: 'flannel', connectMs: 1.2, downBytesPerSecond: 200_000_000 },
    ])
    await eventually(
      async () => {
        const answer = (await (await fetch(`${skein.api}/api/network-probes?start=now-1h`)).json()) as { ways: unknown[] }
        expect(answer.ways).toHaveLength(2)
      },
      60_000,
      200,
    )
    for (const look of [PLAIN, CHINESE]) {
      const visited = await open('/network?by=network', look)
      const table = visited.page.getByRole('table', { name: say(look.lang, 'network.compare') })
      const row = table.getByRole('row').filter({ hasText: say(look.lang, 'network.measures.connectMs') })
      await expect.poll(() => row.innerText(), { timeout: 15_000 }).toMatch(/0\.50?\s?ms.*1\.20?\s?ms.*▲ 2\.4×/s)
      const down = table.getByRole('row').filter({ hasText: say(look.lang, 'network.measures.downBytesPerSecond') })
      expect(await down.innerText()).toMatch(/▼ 55\.6\s?%/)
      await table.getByRole('combobox', { name: say(look.lang, 'network.second') }).selectOption('calico → calico')
      await expect.poll(() => row.innerText()).toContain(say(look.lang, 'network.same'))
      expect(new URL(visited.page.url()).searchParams.get('right')).toBe('calico → calico')
      await inOrder(visited, 'network', look)
    }
  })
})
