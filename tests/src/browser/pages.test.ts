import { expect, afterAll, beforeAll, describe, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { apiOf } from '../harness/api.ts'
import { eventually } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { type Operator, SERVICES, startOperator, truth } from './demo-operator.ts'
import { scenarioPages } from './scenario-pages.ts'
import { accessibilityProblems, type Look, picture, say, sidewaysOverflow, untranslated, visit } from './visit.ts'

const browser: Browser | null = await launchChromium()
const LOOKS: readonly Look[] = [
  { theme: 'light', lang: 'en', width: 1440 },
  { theme: 'dark', lang: 'zh', width: 1440 },
  { theme: 'light', lang: 'en', width: 1024 },
  { theme: 'dark', lang: 'zh', width: 1024 },
]

let operator: Operator
/** A whole trace through playback and drm. */
let traceId = ''

beforeAll(async () => {
  operator = await startOperator()
  await operator.demo.set('connections', true)
  traceId = await eventually(slowPlayback, 30_000, 500)
  await eventually(slowEdgeIsKnown, 30_000, 500)
})

afterAll(async () => {
  await browser?.close()
  await operator.stop()
})

async function slowPlayback(): Promise<string> {
  const { traces } = await apiOf(operator.skein.api).traces('?service=drm&sort=longest&limit=20')
  const found = traces.find((trace) => trace.services.length >= 4 && trace.durationMs > 600 && trace.entry !== null)
  if (found === undefined) throw new Error('no slow trace through drm yet')
  return found.traceId
}

async function slowEdgeIsKnown(): Promise<void> {
  const { edges } = await apiOf(operator.skein.api).topology()
  expect(edges.filter((edge) => edge.health === 'degraded' && edge.errors === 0)).toHaveLength(1)
}

/** Text of a data table, row by row and cell by cell. */
async function rowsOf(page: Page, label: string): Promise<string[][]> {
  const table = page.getByRole('table', { name: label, exact: true })
  await table.locator('tbody tr').first().waitFor()
  return table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim())))
}

/** A loaded machine takes its time. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 })

const POSITIVE = /^\D*[\d.,]*[1-9]/

/** The value under a label of the row of key figures. */
async function figure(page: Page, label: string): Promise<string> {
  return page.locator('#main section').first().locator(`div:has(> div > span:text-is("${label}")) > div`).nth(1).innerText()
}

interface PageCase {
  name: string
  path: () => string
  heading: (look: Look) => string
  shows: (page: Page, look: Look) => Promise<void>
}

const PAGES: readonly PageCase[] = [
  {
    name: 'overview',
    path: () => '/?',
    heading: ({ lang }) => say(lang, 'nav.overview'),
    async shows(page, { lang }) {
      await page.getByRole('heading', { name: /playback → drm/ }).waitFor()
      expect(await page.getByRole('heading', { name: /playback → drm/ }).innerText()).toBe(say(lang, 'overview.losing').replace('{name}', 'playback → drm'))
      expect(await figure(page, say(lang, 'overview.services'))).toContain(String(SERVICES.length))
      for (const label of ['overview.rate', 'overview.p95']) await soon(() => figure(page, say(lang, label))).toMatch(POSITIVE)
      const rows = await rowsOf(page, say(lang, 'overview.servicesTable'))
      expect(rows.length).toBeGreaterThan(5)
      for (const row of rows) expect(SERVICES).toContain(row[1])
    },
  },
  {
    name: 'map',
    path: () => '/map?',
    heading: ({ lang }) => say(lang, 'nav.map'),
    async shows(page, { lang }) {
      const drawing = page.getByRole('group', { name: say(lang, 'map.picture') })
      await drawing
        .locator('[id^="node-"]')
        .nth(truth.nodes.length - 1)
        .waitFor()
      const names = await drawing.locator('[id^="node-"]').evaluateAll((nodes) => nodes.map((node) => node.querySelector('title')?.textContent ?? ''))
      expect(names.sort()).toEqual(truth.nodes.map((node) => node.slice(node.indexOf(' ') + 1)).sort())
      expect(await drawing.locator('[id^="edge-"]').count()).toBe(truth.edges.length)
    },
  },
  {
    name: 'services',
    path: () => '/services?',
    heading: ({ lang }) => say(lang, 'nav.services'),
    async shows(page, { lang, width }) {
      const rows = await rowsOf(page, say(lang, 'services.table'))
      expect(new Set(rows.map((row) => row[1]))).toEqual(new Set(SERVICES))
      const gateway = rows.find((row) => row[1] === 'gateway')
      expect(gateway?.filter((cell) => POSITIVE.test(cell)).length).toBeGreaterThanOrEqual(2)
      // how the rate of each went; a narrow page leaves it out
      const trend = page.getByRole('columnheader', { name: say(lang, 'services.trend') })
      if (width < 1180) return expect(await trend.count()).toBe(0)
      await trend.waitFor()
      const drawn = page.locator('tbody tr svg[width="88"] path[stroke][d*="L"]')
      await soon(() => drawn.count()).toBe(rows.length)
    },
  },
  {
    name: 'service',
    path: () => '/service?name=playback&',
    heading: () => 'playback',
    async shows(page, { lang }) {
      const [callers, callees] = [await rowsOf(page, say(lang, 'service.upstream')), await rowsOf(page, say(lang, 'service.downstream'))]
      expect(callers.map((row) => row[1])).toEqual(['gateway'])
      expect(new Set(callees.map((row) => row[1]))).toEqual(new Set(['account', 'catalogue', 'drm']))
      const [instance] = await rowsOf(page, say(lang, 'service.instances'))
      expect(instance?.join(' ')).toContain('playback-1')
      expect(instance?.join(' ')).toContain('4.12.2')
      expect((await rowsOf(page, say(lang, 'service.operations'))).flat().join(' ')).toMatch(/POST \/sessions\/:title/)
      const chart = page.getByRole('img', { name: say(lang, 'service.durationChart') })
      await soon(() => chart.locator('canvas').count()).toBe(1)
    },
  },
  {
    name: 'traces',
    path: () => '/traces?service=drm&sort=longest&',
    heading: ({ lang }) => say(lang, 'nav.traces'),
    async shows(page, { lang }) {
      const rows = await rowsOf(page, say(lang, 'traces.list'))
      expect(rows.length).toBeGreaterThan(10)
      const entries = rows.map((row) => row[0] ?? '').filter((entry) => ![say(lang, 'traces.noRoot'), say(lang, 'traces.arriving')].includes(entry))
      expect(entries.length).toBeGreaterThan(5)
      for (const entry of entries) expect(entry).toMatch(/^gateway (GET|POST) /)
      const spans = rows.map((row) => Number(row[3]))
      expect(Math.max(...spans)).toBeGreaterThan(8)
    },
  },
  {
    name: 'trace',
    path: () => `/trace?id=${traceId}&`,
    heading: () => 'POST /play/:title',
    async shows(page, { lang }) {
      const answer = await apiOf(operator.skein.api).trace(traceId)
      const grid = page.getByRole('treegrid', { name: say(lang, 'trace.waterfall') })
      await grid.getByRole('row').first().waitFor()
      expect(Number(await grid.getAttribute('aria-rowcount'))).toBe(answer.spans.length)
      const shown = (await grid.getByRole('row').allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' '))
      for (const service of ['gateway', 'playback', 'drm']) expect(shown.some((row) => row.startsWith(service))).toBe(true)
      expect(shown.length).toBe(Math.min(answer.spans.length, shown.length))
      for (const row of shown) expect(row).toMatch(/\d ?(µs|ms|s)\b/)
      await grid.getByRole('row').filter({ hasText: 'drm' }).first().click()
      const details = page.getByRole('complementary', { name: say(lang, 'trace.panel.label') })
      await details.getByText('telemetry.sdk.language').first().waitFor()
    },
  },
  {
    name: 'bottlenecks',
    path: () => '/bottlenecks?service=gateway&operation=POST%20%2Fplay%2F%3Atitle&band=p90&',
    heading: ({ lang }) => say(lang, 'nav.bottlenecks'),
    async shows(page, { lang }) {
      const contributors = () => rowsOf(page, say(lang, 'bottlenecks.where.title'))
      // of the first seconds of the demo, when programs are loaded, other work may be the longest
      await soon(async () => (await contributors())[0]?.[0]).toMatch(/^playback → drm/)
      expect((await contributors()).length).toBeGreaterThan(4)
      const sentence = page.getByRole('region', { name: say(lang, 'bottlenecks.sentence.label') })
      expect(await sentence.getByRole('heading').innerText()).toContain('drm')
      await page.getByRole('slider').fill('50')
      await expect.poll(() => page.url()).toContain('faster=50')
      expect(
        await page
          .getByRole('table', { name: say(lang, 'bottlenecks.whatIf.title') })
          .locator('tbody tr')
          .count(),
      ).toBe(3)
      const exemplars = page.getByRole('table', { name: say(lang, 'bottlenecks.exemplars.title') })
      expect(await exemplars.getByRole('link').first().getAttribute('href')).toMatch(/\/trace\?.*critical=true/)
    },
  },
  {
    name: 'intake',
    path: () => '/intake?',
    heading: ({ lang }) => say(lang, 'nav.intake'),
    async shows(page, { lang }) {
      const { accepted } = await apiOf(operator.skein.api).intake()
      expect(accepted).toBeGreaterThan(500)
      for (const key of ['accepted', 'visible', 'bytes']) await soon(() => figure(page, say(lang, `intake.${key}`))).toMatch(POSITIVE)
      for (const key of ['refused', 'dropped']) expect(await figure(page, say(lang, `intake.${key}`))).toMatch(/(?:^|\s)0$/)
      expect(await page.getByText(say(lang, 'intake.nothing')).count()).toBe(1)
    },
  },
]

describe.skipIf(browser === null).each(LOOKS)('in $lang, $theme, at $width px', (look) => {
  it.each(PAGES)('$name shows what the demo does, whole, readable and without a fault', async ({ name, path, heading, shows }) => {
    if (browser === null) return
    const { page, problems, close } = await visit(browser, `${operator.skein.api}${path()}from=now-5m&lang=${look.lang}&theme=${look.theme}`, look)
    const title = page.getByRole('heading', { level: 1 })
    await expect.poll(() => title.innerText(), { timeout: 10_000 }).toContain(heading(look))
    await shows(page, look)
    expect(await page.title()).toBe(`${await title.innerText()} · Skein`)
    await picture(page, `${name}-${look.theme}-${look.lang}-${look.width}`)
    expect(await page.locator('html').getAttribute('lang')).toBe(look.lang === 'zh' ? 'zh-CN' : 'en')
    expect(await untranslated(page, look.lang)).toEqual([])
    expect(await sidewaysOverflow(page)).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
    await close()
  })
})

describe.skipIf(browser === null)('scenarios and replay', () => {
  if (browser !== null) scenarioPages(browser, () => operator.skein)
})
