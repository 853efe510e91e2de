import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'
import { exportOf, text } from '../harness/spans.ts'
import { launchChromium } from './chromium.ts'
import { accessibilityProblems, type Look, PLAIN, picture, say, sidewaysOverflow, untranslated, visit } from './visit.ts'

const CALLERS = ['account', 'shop']
const PARTNER = 'pay.example'
const CALLS = 60

const browser: Browser | null = await launchChromium()
let skein: SkeinUp

beforeAll(async () => {
  skein = await startUp()
  for (const service of CALLERS) {
    const body = JSON.stringify(exportOf(service, Array.from({ length: CALLS }, (_, at) => pays(at)).flat()))
    const response = await fetch(`${skein.otlpHttp}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect(response.status).toBe(200)
  }
  // of each its call to the partner, and the unknown who asks it
  await eventually(async () => expect((await apiOf(skein.api).topology()).edges.filter(({ calls }) => calls === CALLS)).toHaveLength(4), 30_000, 300)
})

afterAll(async () => {
  await browser?.close()
  await skein.destroy()
})

/** A request that is answered well, though every second time the partner it asks is not well. */
function pays(at: number): object[] {
  const traceId = randomBytes(16).toString('hex')
  const [server, client] = [8, 8].map((bytes) => randomBytes(bytes).toString('hex'))
  const startMs = Date.now() - 90_000 + at * 1000
  const of = { traceId, startTimeUnixNano: `${startMs}000000` }
  return [
    { ...of, spanId: server, name: 'POST /buy', kind: 2, endTimeUnixNano: `${startMs + 60}000000` },
    {
      ...of,
      spanId: client,
      parentSpanId: server,
      name: 'POST',
      kind: 3,
      endTimeUnixNano: `${startMs + 50}000000`,
      attributes: [text('server.address', PARTNER), text('http.request.method', 'POST')],
      status: { code: at % 2 === 0 ? 2 : 1 },
    },
  ]
}

const LOOKS: readonly Look[] = [PLAIN, { theme: 'dark', lang: 'zh', width: 1440 }, { theme: 'light', lang: 'en', width: 390 }]

it.skipIf(browser === null).each(LOOKS)('a target that fails for several callers is one incident, told by caller: $theme, $lang, $width', async (look) => {
  if (browser === null) throw new Error('no browser')
  const { page, problems, close } = await visit(browser, `${skein.api}/?lang=${look.lang}&theme=${look.theme}&live=off`, look)
  const incident = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: PARTNER }) })
  const callers = incident.getByRole('table', { name: say(look.lang, 'overview.callers') }).getByRole('row')
  await expect.poll(() => callers.count(), { timeout: 30_000 }).toBe(3)
  expect(await incident.count()).toBe(1)
  expect((await callers.locator('td:first-child').allInnerTexts()).toSorted()).toEqual(CALLERS)
  expect(await page.getByRole('main').innerText()).toContain(say(look.lang, 'overview.servicesEdges'))
  expect(await sidewaysOverflow(page)).toBe(0)
  expect(await untranslated(page, look.lang)).toEqual([])
  expect(await accessibilityProblems(page)).toEqual([])
  await picture(page, `overview-callers-${look.theme}-${look.lang}-${look.width}`)
  await callers
    .nth(1)
    .getByRole('link', { name: /^50\s?%/ })
    .click()
  await page.waitForURL(/\/traces\?/)
  await expect.poll(() => page.getByRole('table').getByRole('row').count(), { timeout: 30_000 }).toBe(CALLS / 2 + 1)
  expect(problems).toEqual([])
  await close()
})
