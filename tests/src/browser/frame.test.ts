import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SkeinUp, startUp } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { type ReleaseFault, sendReleaseFault } from './release-fault.ts'
import { accessibilityProblems, type Look, picture, PLAIN, sidewaysOverflow, untranslated, visit, type Visit } from './visit.ts'

const browser: Browser | null = await launchChromium()
let skein: SkeinUp
let fault: ReleaseFault
let opened: Visit | null = null

beforeAll(async () => {
  skein = await startUp()
  fault = await sendReleaseFault(skein, Date.now())
})

afterAll(async () => {
  await opened?.close()
  await browser?.close()
  await skein.destroy()
})

async function open(path: string, look: Look = PLAIN): Promise<Visit> {
  if (browser === null) throw new Error('no browser')
  await opened?.close()
  opened = await visit(browser, `${skein.api}${path}${path.includes('?') ? '&' : '?'}lang=${look.lang}&theme=${look.theme}`, look)
  return opened
}

/** A loaded machine takes its time; what is right shows sooner or later. */
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 100 })

const parameter = (page: Page, name: string): string => new URL(page.url()).searchParams.get(name) ?? ''
const heading = (page: Page): Promise<string> => page.getByRole('heading', { level: 1 }).innerText()
const palette = (page: Page): Locator => page.getByRole('dialog', { name: 'Search or jump to' })

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await palette(page).getByRole('combobox').fill(text)
}

describe.skipIf(browser === null)('a window that data fills in part', () => {
  it('says since when, and leads to the shortest one that holds it all', async () => {
    const { page, problems } = await open('/services?from=now-7d')
    const since = page.getByRole('button', { name: /^since \d/ })
    await since.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await since.click()
    await poll(() => parameter(page, 'from')).toBe('')
    await poll(() => page.getByRole('button', { name: /Last 1 h/ }).count()).toBe(1)
    expect(problems).toEqual([])
  })
})

describe.skipIf(browser === null)('the palette', () => {
  it('opens from anywhere, finds a service by a few of its letters, and goes there with the view kept', async () => {
    const { page, problems } = await open('/?from=now-6h')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await search(page, 'stk')
    await palette(page)
      .getByRole('option', { name: /^stock/ })
      .first()
      .waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await picture(page, 'palette')
    await page.keyboard.press('Enter')
    await poll(() => heading(page)).toBe('stock')
    expect(parameter(page, 'from')).toBe('now-6h')
    await page.keyboard.press('Control+k')
    await poll(() => palette(page).getByRole('group', { name: 'Recent' }).innerText()).toContain('stock')
    await page.keyboard.press('Escape')
    await poll(() => palette(page).count()).toBe(0)
    expect(problems).toEqual([])
  })

  it('finds operations, opens a trace by its pasted id, and does actions', async () => {
    const { page } = await open('/services')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await search(page, 'stock get')
    await palette(page)
      .getByRole('option', { name: /GET \/stock/ })
      .first()
      .waitFor()
    await palette(page).getByRole('combobox').fill(`00-${fault.failedTraceId}-00f067aa0ba902b7-01`)
    await palette(page)
      .getByRole('option', { name: /^Open trace/ })
      .waitFor()
    await page.keyboard.press('Enter')
    await poll(() => parameter(page, 'id')).toBe(fault.failedTraceId)
    await page.getByRole('treegrid', { name: 'Waterfall' }).getByRole('row').first().waitFor()
    await search(page, 'theme dark')
    await page.keyboard.press('Enter')
    await poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark')
  })
})

describe.skipIf(browser === null)('the keys', () => {
  it('go to pages, move the window, and are all told by the help', async () => {
    const { page } = await open('/?from=now-15m')
    await page.getByRole('heading', { level: 1 }).waitFor()
    for (const [key, name] of [
      ['m', 'Map'],
      ['s', 'Services'],
      ['b', 'Bottlenecks'],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await poll(() => heading(page)).toBe(name)
    }
    await page.keyboard.press('[')
    await poll(() => parameter(page, 'to')).toMatch(/^20\d\d-/)
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard' })
    for (const name of ['Overview', 'Map', 'Services', 'Traces', 'Bottlenecks']) expect(await help.innerText()).toContain(`Go to ${name}`)
  })
})

describe.skipIf(browser === null)('a chart', () => {
  it('selects a range by a drag, and back undoes it', async () => {
    const { page } = await open('/service?name=stock&from=now-1h')
    const plot = page.getByRole('img', { name: 'Duration' })
    await poll(() => plot.locator('canvas').count()).toBe(1)
    const box = await plot.boundingBox()
    if (box === null) throw new Error('the chart has no place')
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    await poll(() => parameter(page, 'from')).toMatch(/^20\d\d-/)
    const minutes = (Date.parse(parameter(page, 'to')) - Date.parse(parameter(page, 'from'))) / 60_000
    expect(minutes).toBeGreaterThan(10)
    expect(minutes).toBeLessThan(30)
    await page.goBack()
    await poll(() => parameter(page, 'from')).toBe('now-1h')
  })

  it('marks the release on each chart of the page, and says it in the table', async () => {
    const { page } = await open('/service?name=stock&from=now-1h')
    await page.getByRole('button', { name: 'Duration: Table' }).click()
    const table = page.getByRole('table', { name: 'Duration' })
    await poll(() => table.innerText()).toContain('▼ stock 2.0.0')
  })
})

describe.skipIf(browser === null)('the comparison', () => {
  it('is chosen once, travels with links, and shows what numbers were', async () => {
    const { page, problems } = await open('/service?name=stock&from=now-9m')
    await page.getByRole('button', { name: /^Compare with/ }).click()
    await page.getByRole('button', { name: /^Previous window/ }).click()
    await poll(() => parameter(page, 'vs')).toBe('previous')
    await poll(() => page.locator('#main section').first().innerText()).toMatch(/was 2\d(\.\d)? ms\s*▲ \d+×/)
    await poll(() => page.getByRole('img', { name: 'Duration' }).locator('xpath=..').innerText()).toMatch(/p95\s+4\d\d ms\s+was/)
    expect(await page.getByRole('link', { name: 'Traces', exact: true }).last().getAttribute('href')).toContain('vs=previous')
    await picture(page, 'service-compared')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  })
})

const LOOKS: readonly Look[] = [PLAIN, { theme: 'dark', lang: 'zh', width: 1024 }]

describe.skipIf(browser === null)('a release that made an edge slow', () => {
  it('is found from the Overview: what is wrong, what changed, where on the map, and which release', async () => {
    const startedAt = performance.now()
    const { page, problems } = await open('/')
    await page.getByRole('heading', { name: 'shop → stock returns errors' }).waitFor()
    const changed = page.getByRole('region', { name: 'What changed' })
    await poll(() => changed.getByRole('listitem').first().innerText()).toMatch(/stock 1\.0\.0 → 2\.0\.0/)
    const wrong = page.getByRole('region', { name: 'What is wrong now' })
    await poll(() => wrong.innerText()).toMatch(/suspect[\s\S]*stock 1\.0\.0 → 2\.0\.0/)
    await picture(page, 'overview-release')
    expect(await accessibilityProblems(page)).toEqual([])
    await wrong.getByRole('link', { name: 'Open map' }).first().click()
    const panel = page.getByRole('complementary')
    await panel.getByRole('heading', { name: 'shop → stock' }).waitFor()
    await poll(() => panel.innerText()).toMatch(/p95\s+2\d(\.\d)? ms → 4\d\d ms/)
    expect(await panel.innerText()).toMatch(/stock 1\.0\.0 → 2\.0\.0/)
    await poll(() => page.locator('svg text').allTextContents()).toContainEqual(expect.stringMatching(/^\+(3\d\d ms|20 pp)$/))
    expect((performance.now() - startedAt) / 1000).toBeLessThan(120)
    await picture(page, 'map-difference')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it.each(LOOKS)('is drawn as a difference in $lang, $theme, at $width px', async (look) => {
    const end = new Date(Math.floor(Date.now() / 60_000) * 60_000)
    const at = (minutesAgo: number): string => new Date(end.getTime() - minutesAgo * 60_000).toISOString()
    const { page, problems } = await open(`/map?diff=true&from=${at(9)}&to=${at(0)}&vs=${at(25)}`, look)
    const list = page.getByRole('complementary')
    await poll(() => list.innerText()).toContain('stock 1.0.0 → 2.0.0')
    await picture(page, `map-diff-${look.theme}-${look.lang}-${look.width}`)
    expect(await untranslated(page, look.lang)).toEqual([])
    expect(await sidewaysOverflow(page)).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it('is seen minute by minute: before it the edge is fast, after it slow', async () => {
    const { page, problems } = await open('/map?from=now-1h')
    const minute = page.getByRole('slider', { name: 'Minute shown' })
    await minute.focus()
    const edge = page.locator('[id^="edge-"]')
    const label = async (): Promise<string> =>
      (await edge.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))).find((text) => text.startsWith('shop → stock')) ?? ''
    await page.keyboard.press('End')
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft')
    await poll(label).toMatch(/p95 4\d\d ms/)
    expect(parameter(page, 'at')).toMatch(/^20\d\d-/)
    for (let step = 0; step < 2; step++) await page.keyboard.press('Shift+ArrowLeft')
    await poll(label).toMatch(/p95 2\d(\.\d)? ms/)
    await picture(page, 'map-time-travel')
    await page.getByRole('button', { name: 'Back to the window' }).click()
    await poll(() => parameter(page, 'at')).toBe('')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  })
})
