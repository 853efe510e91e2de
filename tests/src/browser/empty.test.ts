import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SkeinUp, startUp } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { accessibilityProblems, type Look, picture, PLAIN, say, visit } from './visit.ts'

const browser: Browser | null = await launchChromium()
let skein: SkeinUp

beforeAll(async () => {
  skein = await startUp()
})

afterAll(async () => {
  await browser?.close()
  await skein.destroy()
})

async function open(path: string, look: Look = PLAIN) {
  if (browser === null) throw new Error('no browser')
  return visit(browser, `${skein.api}${path}${path.includes('?') ? '&' : '?'}lang=${look.lang}&theme=${look.theme}`, look)
}

const text = (page: Page): Promise<string> => page.locator('#main').innerText()

describe.skipIf(browser === null)('a Skein to which nothing was sent', () => {
  it.each(['/', '/map', '/services', '/traces', '/scenarios', '/intake'])('%s says so, and gives the exact command to send a first span', async (path) => {
    const { page, problems, close } = await open(path)
    await expect.poll(() => text(page), { timeout: 10_000 }).toContain(say('en', 'empty.noSpansTitle'))
    expect(await text(page)).toContain(`export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${new URL(skein.otlpHttp).port}`)
    expect(await text(page)).toContain('node --require @opentelemetry/auto-instrumentations-node/register app.js')
    expect(await page.getByRole('button', { name: say('en', 'action.copy') }).count()).toBeGreaterThan(0)
    await picture(page, `empty${path.replace('/', '-')}`)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
    await close()
  })

  it('/logs says so, and gives the exact command to send a first line', async () => {
    const { page, problems, close } = await open('/logs')
    await expect.poll(() => text(page), { timeout: 10_000 }).toContain(say('en', 'logs.empty.title'))
    expect(await text(page)).toContain(`curl http://127.0.0.1:${new URL(skein.otlpHttp).port}/v1/logs`)
    await picture(page, 'empty-logs')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
    await close()
  })

  it('says it in Chinese too', async () => {
    const { page, close } = await open('/map', { theme: 'dark', lang: 'zh', width: 1024 })
    await expect.poll(() => text(page), { timeout: 10_000 }).toContain(say('zh', 'empty.noSpansTitle'))
    await picture(page, 'empty-map-zh')
    await close()
  })
})

describe.skipIf(browser === null)('an address that asks for what is not there', () => {
  it.each([
    ['no trace of this id', '/trace?id=0123456789abcdef0123456789abcdef', /has no spans|no trace|not found|No span/i],
    ['not an id at all', '/trace?id=xyz', /not a trace id/],
    ['a trace without an id', '/trace', /No trace is named/],
    ['a service without a name', '/service', /No service is named/],
    ['a replay of nothing', '/replay', /names no run/],
    ['a page that does not exist', '/nowhere', /Nothing is at this address/],
  ])('%s is answered in a sentence, and the frame stays', async (_, path, sentence) => {
    const { page, close } = await open(path)
    await expect.poll(() => text(page), { timeout: 10_000 }).toMatch(sentence)
    expect(await page.getByRole('link', { name: say('en', 'nav.map') }).count()).toBeGreaterThan(0)
    await picture(page, `gone${path.replaceAll(/[^a-z]+/g, '-').slice(0, 30)}`)
    expect(await accessibilityProblems(page)).toEqual([])
    await close()
  })

  it.each([
    '/map?view=pie&focus=x&edge=%3Cb%3E&live=2s',
    '/traces?error=maybe&minMs=abc&sort=best',
    '/services?from=yesterday&to=never',
    '/?theme=pink&lang=xx',
  ])('%s is read as far as it can be, and never breaks the page', async (path) => {
    if (browser === null) return
    const { page, problems, close } = await visit(browser, `${skein.api}${path}`)
    await expect.poll(() => text(page), { timeout: 10_000 }).toContain(say('en', 'empty.noSpansTitle'))
    expect(await page.getByText(say('en', 'broken.title')).count()).toBe(0)
    expect(problems).toEqual([])
    await close()
  })
})

describe.skipIf(browser === null)('while the store is away', () => {
  const problem = { type: 'about:blank', title: 'The store does not answer', status: 503, detail: 'connect ECONNREFUSED', code: 'store_unavailable' }

  it.concurrent.for(['/', '/map', '/services', '/traces', '/intake'])(
    '%s says what is safe and what cannot be read, and comes back by itself',
    async (path, { expect }) => {
      if (browser === null) return
      const { page, close } = await visit(browser, 'about:blank')
      await page.route(/\/api\/(?!status)/, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }))
      await page.goto(`${skein.api}${path}?lang=en&theme=light&live=1s`)
      await expect.poll(() => text(page), { timeout: 15_000 }).toContain('Data is safe in the log')
      expect(await text(page)).not.toContain(say('en', 'empty.noSpansTitle'))
      await picture(page, `away${path.replace('/', '-')}`)
      expect(await accessibilityProblems(page)).toEqual([])
      await page.unroute(/\/api\/(?!status)/)
      await expect.poll(() => text(page), { timeout: 15_000 }).toContain(say('en', 'empty.noSpansTitle'))
      await close()
    },
  )
})
