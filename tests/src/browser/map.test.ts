import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { eventually } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { edgeId, type Operator, startOperator, truth } from './demo-operator.ts'
import { framesWhilePanning, inkOf, largeTopology, sayFrames } from './large-map.ts'
import { mapLists } from './map-lists.ts'
import { accessibilityProblems, picture, visit, type Visit } from './visit.ts'

const browser: Browser | null = await launchChromium()
let operator: Operator
let opened: Visit | null = null

beforeAll(async () => {
  operator = await startOperator()
})

afterAll(async () => {
  await opened?.close()
  await browser?.close()
  await operator.stop()
})

async function openMap(query = ''): Promise<Visit> {
  if (browser === null) throw new Error('no browser')
  await opened?.close()
  opened = await visit(browser, `${operator.skein.api}/map?lang=en&theme=light&live=1s${query}`)
  return opened
}

const drawing = (page: Page): Locator => page.getByRole('group', { name: 'Call topology' })
const labels = (page: Page, kind: 'node' | 'edge'): Promise<string[]> =>
  drawing(page)
    .locator(`[id^="${kind}-"]`)
    .evaluateAll((parts) => parts.map((part) => part.getAttribute('aria-label') ?? ''))
const details = (page: Page): Locator => page.getByRole('complementary')

/** A place on screen where this edge, and nothing over it, is under the pointer; null while there is none. */
function pointOn(edge: Locator): Promise<{ x: number; y: number } | null> {
  return edge.evaluate((group) => {
    const curve = group.querySelector('path')
    if (curve === null) return null
    for (let share = 0.1; share < 0.95; share += 0.05) {
      const { x, y } = curve.getPointAtLength(curve.getTotalLength() * share).matrixTransform(curve.getScreenCTM() ?? undefined)
      if (document.elementFromPoint(x, y)?.closest('[id^="edge-"]') === group) return { x, y }
    }
    return null
  })
}

/** Clicks there and tells what opened. */
async function clickOn(page: Page, point: { x: number; y: number } | null): Promise<string> {
  if (point === null) return ''
  await page.mouse.click(point.x, point.y)
  await page.waitForTimeout(300)
  return (await details(page).count()) === 0 ? '' : details(page).getByRole('heading', { level: 2 }).innerText()
}

/** One request of two services that nobody has heard of, as any SDK would send it over OTLP/JSON. */
async function sendTrace(caller: string, callee: string): Promise<void> {
  const traceId = randomBytes(16).toString('hex')
  const [clientSpan, serverSpan] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')]
  const now = BigInt(Date.now()) * 1_000_000n
  const span = (more: object) => ({ traceId, name: 'GET /new', startTimeUnixNano: String(now - 50_000_000n), endTimeUnixNano: String(now), ...more })
  const from = (service: string, one: object) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [{ scope: { name: 'test' }, spans: [one] }],
  })
  const response = await fetch(`${operator.skein.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [from(caller, span({ spanId: clientSpan, kind: 3 })), from(callee, span({ spanId: serverSpan, parentSpanId: clientSpan, kind: 2 }))],
    }),
  })
  expect(response.status).toBe(200)
}

describe.skipIf(browser === null)('the map', () => {
  it('draws every node and every edge of the demo, and no other', async () => {
    const { page, problems } = await openMap()
    await drawing(page)
      .locator('[id^="edge-"]')
      .nth(truth.edges.length - 1)
      .waitFor()
    const drawn = (await labels(page, 'edge')).map((label) => label.split(', ').slice(0, 2).join(' '))
    expect(drawn.sort()).toEqual(truth.edges.map(({ source, target, kind }) => `${source} → ${target} ${kind}`).sort())
    const nodes = await drawing(page)
      .locator('[id^="node-"]')
      .evaluateAll((cards) => cards.map((card) => `${card.getAttribute('aria-label')?.split(', ').at(-2)} ${card.querySelector('title')?.textContent}`))
    expect(nodes.sort()).toEqual([...truth.nodes].sort())
    expect(problems).toEqual([])
  })

  it('says the same in its table twin, row for row', async () => {
    const { page } = await openMap()
    await page.getByText('Table', { exact: true }).click()
    const rows = page.getByRole('table', { name: 'Edges' }).locator('tbody tr')
    await rows.first().waitFor()
    const said = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim())))
    expect(said.map(([, source, target, kind]) => `${source} → ${target} ${kind}`).sort()).toEqual(
      truth.edges.map(({ source, target, kind }) => `${source} → ${target} ${kind}`).sort(),
    )
    for (const [, , , , rate] of said) expect(Number.parseFloat((rate ?? '').replace('<', ''))).toBeGreaterThan(0)
    await page.getByText('Nodes', { exact: true }).click()
    await expect.poll(() => page.getByRole('table', { name: 'Nodes' }).locator('tbody tr').count()).toBe(truth.nodes.length)
    await expect.poll(() => page.url()).toContain('view=table')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  mapLists(openMap, () => operator.skein)

  it('opens an edge with its numbers and evidence, from which one click leads to a trace with that call', async () => {
    const { page } = await openMap()
    const id = await edgeId(operator.skein, 'playback', 'drm')
    await drawing(page).locator(`#edge-${id}`).focus()
    await page.keyboard.press('Enter')
    const panel = details(page)
    await panel.getByRole('heading', { name: 'playback → drm' }).waitFor()
    // the two ends send apart: of the newest calls one half may be on its way
    await expect.poll(() => panel.innerText(), { timeout: 30_000 }).toContain('paired 100 %')
    const text = await panel.innerText()
    expect(text).toMatch(/network [\d.]+ (µs|ms)/)
    expect(text).toMatch(/server [\d.]+ (µs|ms)/)
    await panel.getByRole('region', { name: 'Exemplars' }).getByRole('link', { name: '…' }).first().click()
    const grid = page.getByRole('treegrid', { name: 'Waterfall' })
    await grid.getByRole('row').first().waitFor()
    const rows = await grid.getByRole('row').allInnerTexts()
    for (const service of ['playback', 'drm']) expect(rows.some((row) => row.trim().startsWith(service))).toBe(true)
    expect(await grid.getByRole('row', { selected: true }).innerText()).toMatch(/^\s*(playback|drm)/)
  })

  it('is clicked where it is drawn: an edge of the picture opens under the pointer', async () => {
    const { page } = await openMap()
    const id = await edgeId(operator.skein, 'gateway', 'playback')
    const edge = drawing(page).locator(`#edge-${id}`)
    await edge.waitFor({ state: 'attached' })
    await expect.poll(async () => clickOn(page, await pointOn(edge)), { timeout: 10_000 }).toBe('gateway → playback')
    await details(page).getByRole('heading', { name: 'gateway → playback' }).waitFor()
  })

  it('keeps its selection in the address: a reload shows it again, and back returns to the one before', async () => {
    const { page } = await openMap()
    const id = await edgeId(operator.skein, 'playback', 'drm')
    const node = drawing(page).getByRole('button', { name: /^epg .*, service/ })
    await node.click()
    await details(page).getByRole('heading', { name: 'epg', exact: true }).waitFor()
    await drawing(page).locator(`#edge-${id}`).focus()
    await page.keyboard.press('Enter')
    await details(page).getByRole('heading', { name: 'playback → drm' }).waitFor()
    await expect.poll(() => page.url()).toContain(`edge=${id}`)
    await page.reload()
    await details(page).getByRole('heading', { name: 'playback → drm' }).waitFor()
    await expect.poll(() => drawing(page).locator(`#edge-${id}`).getAttribute('aria-pressed')).toBe('true')
    await page.goBack()
    await details(page).getByRole('heading', { name: 'epg', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => details(page).count()).toBe(0)
    await expect.poll(() => page.url()).not.toContain('node=')
  })

  it('is walked with the keyboard alone: arrows follow calls, Enter opens, Esc closes', async () => {
    const { page } = await openMap()
    const focused = () => page.evaluate(() => document.activeElement?.querySelector('title')?.textContent ?? '')
    await drawing(page)
      .getByRole('button', { name: /^user .*, client/ })
      .focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(focused).toBe('gateway')
    await page.keyboard.press('ArrowRight')
    const called = truth.edges.filter((edge) => edge.source === 'gateway').map((edge) => edge.target)
    await expect.poll(focused).not.toBe('gateway')
    expect(called).toContain(await focused())
    await page.keyboard.press('ArrowLeft')
    await expect.poll(focused).toBe('gateway')
    await page.keyboard.press('Enter')
    await details(page).getByRole('heading', { name: 'gateway', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => details(page).count()).toBe(0)
    await page.keyboard.press('/')
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    await page.keyboard.type('redis')
    await page.keyboard.press('Enter')
    await details(page).getByRole('heading', { name: 'redis', exact: true }).waitFor()
  })

  it('closes the stores into one card with all calls to them, and opens them again', async () => {
    const { page, problems } = await openMap('&group=layer')
    await drawing(page).locator('[id^="node-"]').first().waitFor()
    const stores = truth.nodes.filter((node) => /^(database|cache) /.test(node)).length
    await page.getByRole('button', { name: /layer/ }).click()
    await page.getByRole('dialog', { name: 'Group by' }).getByRole('checkbox', { name: /^Data/ }).uncheck()
    const closed = drawing(page).getByRole('button', { name: new RegExp(`^Data ${stores} nodes`) })
    await closed.waitFor()
    expect((await labels(page, 'node')).length).toBe(truth.nodes.length - stores + 1)
    expect(new URL(page.url()).searchParams.get('closed')).toBe('data')
    await page.keyboard.press('Escape')
    await picture(page, 'map-closed')
    expect(await accessibilityProblems(page)).toEqual([])
    await closed.click()
    await expect.poll(async () => (await labels(page, 'node')).length, { timeout: 15_000 }).toBe(truth.nodes.length)
    expect(problems).toEqual([])
  })

  it('draws what an overlay measures, and explains its colours', async () => {
    const { page, problems } = await openMap()
    await drawing(page).locator('[id^="edge-"]').first().waitFor()
    await page.getByRole('combobox', { name: 'Overlay' }).selectOption('p95')
    const tags = (): Promise<string[]> => drawing(page).locator('g[aria-hidden] > text').allTextContents()
    await expect.poll(async () => (await tags()).filter((text) => / (ms|s)$/.test(text)).length, { timeout: 15_000 }).toBeGreaterThan(0)
    expect(await drawing(page).innerHTML()).toMatch(/var\(--heat-\d\)/)
    await picture(page, 'map-overlay')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it('is taken away as a picture and as data', async () => {
    const { page } = await openMap()
    await drawing(page).locator('[id^="edge-"]').first().waitFor()
    const saved = async (format: string): Promise<Buffer> => {
      await page.getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: format, exact: true }).click()])
      return readFileSync(await download.path())
    }
    const svg = (await saved('SVG')).toString()
    for (const node of truth.nodes) expect(svg).toContain(`<title>${node.slice(node.indexOf(' ') + 1)}</title>`)
    const { edges } = JSON.parse((await saved('JSON')).toString()) as { edges: unknown[] }
    expect(edges).toHaveLength(truth.edges.length)
    expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG')
  })

  it('grows by a service within 5 s of its first span, without a reload and without moving out of sight', async () => {
    const { page } = await openMap()
    await drawing(page).locator('[id^="node-"]').first().waitFor()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    await sendTrace('newcomer-caller', 'newcomer')
    const sentAt = performance.now()
    await drawing(page)
      .getByRole('button', { name: /^newcomer .*, service/ })
      .waitFor({ timeout: 5000 })
    console.log(`a new service was on the map after ${((performance.now() - sentAt) / 1000).toFixed(1)} s`)
    await expect.poll(async () => (await labels(page, 'edge')).some((label) => label.startsWith('newcomer-caller → newcomer, ')), { timeout: 5000 }).toBe(true)
    expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
  })

  it('marks the edge that became slow, and nothing else', async () => {
    const { page, problems } = await openMap('&env=demo')
    const id = await edgeId(operator.skein, 'playback', 'drm')
    const marked = () =>
      drawing(page)
        .locator('[id^="edge-"]')
        .evaluateAll((edges) => edges.filter((edge) => edge.innerHTML.includes('var(--degraded)')).map((edge) => edge.id))
    await drawing(page).locator(`#edge-${id}`).waitFor()
    expect(await marked()).toEqual([])
    await operator.demo.set('connections', true)
    await expect.poll(marked, { timeout: 40_000, interval: 500 }).toEqual([`edge-${id}`])
    await drawing(page).locator(`#edge-${id}`).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => details(page).innerText()).toMatch(/network 7\d\d ms/)
    await picture(page, 'map-slow')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  })
})

describe.skipIf(browser === null)('the map of 1,238 services and 4,271 edges', () => {
  it('is drawn within 5 s, panned, zoomed and searched, and has a table', async () => {
    if (browser === null) return
    const large = largeTopology(await eventually(() => apiOf(operator.skein.api).topology('?environment=demo'), 5000))
    expect([large.nodes.length, large.edges.length]).toEqual([1238, 4271])
    const { page, problems, close } = await visit(browser, `${operator.skein.api}/services?lang=en&theme=light&live=off`)
    await page.route('**/api/topology?*', (route) => route.fulfill({ json: large }))
    const startedAt = performance.now()
    await page.goto(`${operator.skein.api}/map?lang=en&theme=light&live=off`)
    const canvas = page.getByRole('img', { name: /1,238 nodes and 4,271 edges/ })
    await canvas.waitFor()
    await expect.poll(() => inkOf(canvas), { timeout: 5000, interval: 50 }).toBeGreaterThan(0.01)
    const firstPictureMs = performance.now() - startedAt
    expect(firstPictureMs).toBeLessThan(5000)
    console.log(`1,238 nodes: first picture after ${firstPictureMs.toFixed(0)} ms; frames while panning ${sayFrames(await framesWhilePanning(page))}`)
    await page.mouse.move(1430, 890)
    await picture(page, 'map-large')
    const before = await canvas.screenshot()
    for (let click = 0; click < 4; click++) await page.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(async () => (await canvas.screenshot()).equals(before), { timeout: 15_000 }).toBe(false)
    const name = large.nodes[600]?.name ?? ''
    await page.keyboard.press('/')
    await page.keyboard.type(name)
    await page.keyboard.press('Enter')
    await details(page).getByRole('heading', { name, exact: true }).waitFor()
    await page.getByText('Table', { exact: true }).click()
    expect(Number(await page.getByRole('table', { name: 'Edges' }).getAttribute('aria-rowcount'))).toBe(4272)
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([])
    await close()
  })
})
