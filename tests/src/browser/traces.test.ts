import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { type LongTrace, longTrace } from '../harness/long-trace.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { handMade, SLOW_ADDRESS, traceIds } from './hand-made-traces.ts'
import { accessibilityProblems, type Look, picture, PLAIN, sidewaysOverflow, untranslated, visit, type Visit } from './visit.ts'

const SPANS = 50_000

const browser: Browser | null = await launchChromium()
const nowMs = Date.now()

let skein: SkeinUp
let long: LongTrace
const ids = traceIds()

beforeAll(async () => {
  skein = await startUp()
  long = longTrace(SPANS, nowMs - 90_000)
  for (const request of [...long.requests, ...handMade(ids, nowMs)]) await send(request)
  await eventually(async () => expect((await apiOf(skein.api).traces('?limit=100')).traces).toHaveLength(29), 60_000, 300)
})

afterAll(async () => {
  await browser?.close()
  await skein.destroy()
})

async function send(request: object): Promise<void> {
  const response = await fetch(`${skein.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  expect(response.status).toBe(200)
}

async function open(path: string, look: Look = PLAIN): Promise<Visit> {
  if (browser === null) throw new Error('no browser')
  return visit(browser, `${skein.api}${path}${path.includes('?') ? '&' : '?'}lang=${look.lang}&theme=${look.theme}&live=off`, look)
}

/** Waits for what a page comes to say, as long as a busy machine may need. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 100 })

const main = (page: Page): Promise<string> => page.locator('#main').innerText()
const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Span details' })
const rowOf = (page: Page, words: RegExp): Locator => page.getByRole('row').filter({ hasText: words }).first()

/** Nothing went wrong, nothing is cut off or unreadable to anybody. */
async function inOrder({ page, problems, close }: Visit, name: string, look: Look = PLAIN): Promise<void> {
  await picture(page, `${name}-${look.theme}-${look.lang}-${look.width}`)
  expect(await sidewaysOverflow(page)).toBe(0)
  expect(await untranslated(page, look.lang)).toEqual([])
  expect(await accessibilityProblems(page)).toEqual([])
  expect(problems).toEqual([])
  await close()
}

describe.skipIf(browser === null)('a trace of 50,000 spans', () => {
  it('is answered whole, and opens, scrolls, searches and folds without a hitch', async () => {
    const visited = await open('/intake')
    const { page } = visited
    let answeredAt = 0
    page.on('requestfinished', (request) => {
      if (request.url().includes(`/api/traces/${long.traceId}?`) || request.url().endsWith(long.traceId)) answeredAt = performance.now()
    })
    await page.goto(`${skein.api}/trace?id=${long.traceId}&lang=en&theme=light&live=off`)
    const grid = page.getByRole('treegrid')
    await grid.and(page.locator('[data-painted="true"]')).waitFor({ timeout: 60_000 })
    const drawnMs = performance.now() - answeredAt
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(SPANS))
    expect(await page.getByText('The trace is longer').count()).toBe(0)
    const frames = await framesWhileScrolling(page, grid)
    console.log(
      `50,000 spans: first picture ${drawnMs.toFixed(0)} ms after the answer; frames while scrolling p50 ${at(frames, 0.5)} ms, p95 ${at(frames, 0.95)} ms, longest ${at(frames, 1)} ms (${frames.length})`,
    )
    expect(drawnMs).toBeLessThan(20_000)
    await grid.focus()
    await page.keyboard.press('End')
    await soon(() => page.locator('[role=row][aria-selected=true]').getAttribute('aria-rowindex')).toBe(String(SPANS))
    await details(page).getByText('url.path', { exact: true }).waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    await soon(() => grid.getAttribute('aria-rowcount')).toBe('1')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('c')
    await details(page)
      .getByText(/on critical path/)
      .waitFor()
    const search = page.getByRole('textbox', { name: 'Find in trace' })
    await search.fill('url.path=/titles/33333')
    await soon(() => main(page)).toContain('1 match')
    await page.keyboard.press('Enter')
    await details(page)
      .getByText(/^\/titles\/33333/)
      .waitFor()
    await search.fill('error:true')
    await soon(() => main(page)).toMatch(/5\d matches|of 5\d/)
    await page.getByRole('button', { name: 'Only matches' }).click()
    await soon(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeLessThan(2000)
    await inOrder(visited, 'trace-long')
  })

  it('has a table, a flame picture and lanes of services that say the same', async () => {
    const visited = await open(`/trace?id=${long.traceId}&view=table`)
    const { page } = visited
    await page
      .getByRole('table', { name: 'Spans' })
      .and(page.locator(`[aria-rowcount="${SPANS + 1}"]`))
      .waitFor({ timeout: 30_000 })
    await page.locator('#main').getByText('Services', { exact: true }).click()
    await page.getByRole('list', { name: 'Service by time' }).waitFor()
    expect(await page.getByRole('list', { name: 'Service by time' }).getByRole('listitem').count()).toBe(10)
    await page.getByText('Flame', { exact: true }).click()
    await page.getByRole('group', { name: /Flame picture/ }).waitFor()
    expect(page.url()).toContain('view=flame')
    await inOrder(visited, 'trace-long-flame')
  })
})

/** Time of each frame while the wheel turns, ms, sorted. */
async function framesWhileScrolling(page: Page, grid: Locator): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(window, { frames })
    let last = performance.now()
    const next = (now: number) => {
      frames.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  const box = await grid.boundingBox()
  await page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 200)
  for (let step = 0; step < 40; step++) await page.mouse.wheel(0, 900)
  expect(await grid.evaluate((element) => element.scrollTop)).toBeGreaterThan(5000)
  return (await page.evaluate(() => (window as unknown as { frames: number[] }).frames)).sort((a, b) => a - b)
}

const at = (sorted: readonly number[], share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)

describe.skipIf(browser === null)('a trace', () => {
  it('tells work from network, a silent partner and a queue, and what does not fit together', async () => {
    const visited = await open(`/trace?id=${ids.call.traceId}`)
    const { page } = visited
    await rowOf(page, /POST \/license/).waitFor()
    expect(await rowOf(page, /gateway POST \/license/).innerText()).toContain('220 ms network')
    expect(await rowOf(page, /process plays/).innerText()).toContain('230 ms queue wait')
    expect(await main(page)).toMatch(/1 parent missing/)
    expect(await main(page)).toMatch(/clocks disagree at 1 span/)
    await rowOf(page, /GET session/).click()
    await details(page).getByText('Measured by the caller alone').waitFor()
    await rowOf(page, /early/).click()
    await details(page)
      .getByText(/before its parent: the clocks of the two hosts disagree/)
      .waitFor()
    expect(await page.getByRole('link', { name: /session-77/ }).getAttribute('href')).toContain('attr=session.id%3Dsession-77')
    await page.getByRole('button', { name: 'Critical path only' }).click()
    await soon(() => page.getByRole('row').count()).toBeLessThan(8)
    await inOrder(visited, 'trace-waits')
  })

  it('is linked both ways: a link opens the other trace at its span', async () => {
    const visited = await open(`/trace?id=${ids.follower.traceId}&span=${ids.follower.consumer}`)
    const { page } = visited
    await details(page)
      .getByRole('link', { name: new RegExp(ids.call.traceId) })
      .click()
    await soon(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('POST /play')
    await soon(() => details(page).getByRole('heading', { level: 2 }).innerText()).toBe('send plays')
    await details(page)
      .getByRole('link', { name: /mailer process batch/ })
      .click()
    await soon(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('process batch')
    await page.getByText('Links').waitFor()
    await inOrder(visited, 'trace-links')
  })

  it('is downloaded as OTLP/JSON that Skein takes back', async () => {
    const { page, close } = await open(`/trace?id=${ids.call.traceId}`)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as OTLP/JSON' }).click()])
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
    const request = JSON.parse(Buffer.concat(chunks).toString()) as { resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[] }
    const spans = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    expect(spans).toHaveLength(8)
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([ids.call.traceId]))
    await send(request)
    await close()
  })
})

describe.skipIf(browser === null)('the traces of a window', () => {
  it('are searched in words with suggestions, kept in the address, and under a name', async () => {
    const visited = await open('/traces?from=now-15m')
    const { page } = visited
    const line = page.getByRole('combobox', { name: 'Search traces' })
    await line.fill('serv')
    await page.getByRole('option', { name: /service:/ }).click()
    await line.pressSequentially('ap')
    await page.getByRole('option', { name: /service:api/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await line.pressSequentially('duration>500ms')
    await page.keyboard.press('Enter')
    await soon(() => page.url()).toMatch(/service=api.*minMs=500|minMs=500.*service=api/)
    await soon(() => main(page)).toContain('12 traces')
    await page.getByRole('button', { name: 'Saved searches' }).click()
    await page.getByRole('textbox', { name: 'Name of this search' }).fill('slow plays')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await soon(() => page.url()).not.toContain('service=')
    await page.getByRole('button', { name: 'Saved searches' }).click()
    await page
      .getByRole('button', { name: /slow plays/ })
      .first()
      .click()
    await soon(() => main(page)).toContain('12 traces')
    await line.fill('service:api or service:drm')
    await page.keyboard.press('Enter')
    expect(await page.locator('#main').getByRole('alert').innerText()).toContain('Column 13')
    await page.keyboard.press('Escape')
    await line.press('Escape')
    await inOrder(visited, 'traces-search')
  })

  it('are held against each other by a box on the picture: what differs comes first', async () => {
    const visited = await open('/traces?from=now-5m&service=api')
    const { page } = visited
    const dots = page.getByRole('img', { name: /Duration over time of 26 traces/ })
    await dots.waitFor()
    const box = await dots.boundingBox()
    if (box === null) throw new Error('no picture')
    await page.mouse.move(box.x + 70, box.y + 10)
    await page.mouse.down()
    // above 300 ms: the axis goes from 10 ms to 1 s and a little
    await page.mouse.move(box.x + box.width - 20, box.y + 8 + (box.height - 30) * 0.3, { steps: 4 })
    await page.mouse.up()
    await soon(() => page.url()).toContain('sel=')
    const comparison = page.getByRole('region', { name: 'Selection against the rest' })
    await soon(() => comparison.innerText()).toContain('server.address')
    expect(await comparison.innerText()).toContain('12 selected, 14 others')
    expect(await comparison.innerText()).toContain(SLOW_ADDRESS)
    await comparison.getByRole('button', { name: SLOW_ADDRESS }).click()
    await soon(() => main(page)).toContain('12 traces')
    await inOrder(visited, 'traces-compare')
  })

  it('are compared two by two: what is new, and where the time went', async () => {
    const visited = await open('/traces?from=now-15m&service=api&sort=longest')
    const { page } = visited
    const picks = page.getByRole('checkbox', { name: /Compare trace/ })
    await picks.first().waitFor()
    await picks.last().click()
    await picks.first().click()
    await page.getByRole('button', { name: 'Compare A with B' }).click()
    await soon(() => main(page)).toContain('Most of the extra work')
    const table = page.getByRole('table', { name: 'Operations' })
    await soon(() => table.innerText()).toMatch(/TLS handshake\s+new/)
    expect(await main(page)).toMatch(/B takes 8\d\d ms longer/)
    await page.getByRole('button', { name: 'Swap' }).click()
    await soon(() => table.innerText()).toMatch(/TLS handshake\s+gone/)
    await inOrder(visited, 'compare')
  })
})

const LOOKS: readonly Look[] = [{ theme: 'dark', lang: 'zh', width: 1024 }]

describe.skipIf(browser === null).each(LOOKS)('in $lang, $theme, at $width px', (look) => {
  it.each([
    ['waterfall', (): string => `/trace?id=${ids.call.traceId}`],
    ['flame', (): string => `/trace?id=${ids.call.traceId}&view=flame`],
    ['services', (): string => `/trace?id=${ids.call.traceId}&view=services`],
    ['compare', (): string => `/compare?a=${ids.quick[0]}&b=${ids.slow[0]}`],
  ] as const)('%s is whole, readable and without a fault', async (name, path) => {
    const visited = await open(path(), look)
    await soon(() => main(visited.page)).toMatch(/POST \/(?:play|watch)|recommend/)
    await inOrder(visited, name, look)
  })
})
