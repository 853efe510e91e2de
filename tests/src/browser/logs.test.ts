import { setTimeout } from 'node:timers/promises'
import { RULES_AFTER_MS } from '@skein/schemas/log-rule'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'
import { launchChromium } from './chromium.ts'
import { LINE_COUNT, logsRequest, type MadeLine, madeLines, SERVER_SPAN, traceRequest } from './hand-made-logs.ts'
import { accessibilityProblems, type Look, picture, PLAIN, say, sidewaysOverflow, untranslated, visit, type Visit } from './visit.ts'

const browser: Browser | null = await launchChromium()
const LOOKS: readonly Look[] = [
  { theme: 'light', lang: 'en', width: 1440 },
  { theme: 'dark', lang: 'zh', width: 1024 },
]

let skein: SkeinUp

beforeAll(async () => {
  skein = await startUp()
  // named, so that no name of ours is a word of the interface
  await send('/api/logs/rules/order', { version: 0, pipelines: [{ id: 'first', name: 'first', enabled: true, match: '', rules: [] }] }, 'PUT')
  const counting = { type: 'metric', name: 'statuses', aggregation: 'histogram', field: 'http.response.status_code', by: ['session.id'] }
  const definition = { name: 'plays', enabled: true, match: 'service:gateway OR service:account', actions: [counting] }
  const madeMs = Date.now()
  await send('/api/logs/rules', { definition, pipeline: 'first' })
  await setTimeout(Math.max(0, madeMs + RULES_AFTER_MS + 500 - Date.now()))
  await sendLines(madeLines())
  await send('/v1/traces', traceRequest(Date.now()))
  await eventually(async () => expect((await apiOf(skein.api).logs('?start=now-1h&limit=1000')).lines).toHaveLength(LINE_COUNT), 60_000, 200)
})

afterAll(async () => {
  await browser?.close()
  await skein.destroy()
})

async function send(path: string, body: object, method = 'POST'): Promise<void> {
  const base = path.startsWith('/api') ? skein.api : skein.otlpHttp
  const response = await fetch(base + path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  expect(response.status, await response.text()).toBeLessThan(300)
}

const sendLines = (lines: readonly MadeLine[]): Promise<void> => send('/v1/logs', logsRequest(lines, Date.now()))

async function open(path: string, look: Look = PLAIN): Promise<Visit> {
  if (browser === null) throw new Error('no browser')
  return visit(browser, `${skein.api}${path}${path.includes('?') ? '&' : '?'}lang=${look.lang}&theme=${look.theme}&live=off`, look)
}

/** Waits for what a page comes to say, as long as a busy machine may need. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 100 })

/** Where something is once it is drawn anew, with what the search finds now, and moves no more. */
async function restingBox(plot: Locator): Promise<NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>> {
  for (let tries = 0, last = ''; tries < 50; tries++) {
    const box = await plot.boundingBox()
    if (box !== null && JSON.stringify(box) === last) return box
    last = JSON.stringify(box)
    await plot.page().waitForTimeout(200)
  }
  throw new Error('no histogram')
}

const main = (page: Page): Promise<string> => page.locator('#main').innerText()
const lineWith = (page: Page, words: RegExp): Locator => page.locator('[data-line]').filter({ hasText: words }).first()
const searchOf = (page: Page): string => new URL(page.url()).searchParams.get('q') ?? ''

/** Nothing went wrong, nothing is cut off or unreadable to anybody. */
async function inOrder({ page, problems, close }: Visit, name: string, look: Look = PLAIN): Promise<void> {
  await picture(page, `${name}-${look.theme}-${look.lang}-${look.width}`)
  expect(await sidewaysOverflow(page)).toBe(0)
  expect(await untranslated(page, look.lang)).toEqual([])
  expect(await accessibilityProblems(page)).toEqual([])
  expect(problems).toEqual([])
  await close()
}

describe.skipIf(browser === null)('the lines of a window', () => {
  it('are searched in words with suggestions; what cannot be read is named by its column', async () => {
    const visited = await open('/logs')
    const { page } = visited
    await lineWith(page, /GET \/play/).waitFor()
    const line = page.getByRole('combobox', { name: 'Search logs' })
    await line.fill('serv')
    await page
      .getByRole('option', { name: /^service:/ })
      .first()
      .click()
    await line.pressSequentially('play')
    await page.getByRole('option', { name: /service:playback/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await line.pressSequentially('"closed by peer"')
    await page.keyboard.press('Enter')
    await soon(() => searchOf(page)).toBe('service:playback "closed by peer"')
    await soon(() => main(page)).toContain('120 lines')
    await line.fill('service:playback (drm')
    await page.keyboard.press('Enter')
    expect(await page.locator('#main').getByRole('alert').innerText()).toContain('Column 18')
    await page.keyboard.press('Escape')
    await line.press('Escape')
    await line.fill('登录')
    await page.keyboard.press('Enter')
    await lineWith(page, /用户登录成功/).waitFor()
    await inOrder(visited, 'logs-search')
  })

  it('are narrowed by what is counted beside them, and by a drag over the histogram', async () => {
    const visited = await open('/logs')
    const { page } = visited
    const facet = page.getByRole('region', { name: 'Service', exact: true })
    await facet.getByRole('checkbox', { name: /playback/ }).click()
    await soon(() => searchOf(page)).toBe('service:playback')
    // the others still tell what they come to
    await facet.getByRole('checkbox', { name: /gateway.*180/ }).click()
    await soon(() => searchOf(page)).toBe('(service:playback OR service:gateway)')
    await facet.getByRole('checkbox', { name: /playback/ }).click()
    const counted = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/logs/histogram' && answer.url().includes('-service'))
    await facet.getByRole('checkbox', { name: /gateway/ }).press('x')
    await soon(() => searchOf(page)).toBe('-service:gateway')
    await counted
    const box = await restingBox(page.locator('.u-over').first())
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + 20, { steps: 4 })
    await page.mouse.up()
    await soon(() => new URL(page.url()).searchParams.get('from') ?? '').toMatch(/^\d{4}-/)
    expect(visited.problems).toEqual([])
    await visited.close()
  })

  it('open by key with all they have, lead to their trace at the span, and are taken out by a value', async () => {
    const visited = await open('/logs?q=severity%3E%3Derror')
    const { page } = visited
    await lineWith(page, /license refused/).focus()
    await page.keyboard.press('Enter')
    const details = page.getByRole('region', { name: 'Line details' })
    // a body is text, whatever it holds
    await details.getByText('license refused: <b>expired</b>').waitFor()
    expect(await details.innerText()).toContain('node-drm')
    await details.getByText('Surrounding lines', { exact: true }).click()
    await details.getByText('Before and after from the same resource').waitFor()
    expect(page.url()).toContain('show=context')
    await details.getByRole('link', { name: /^Trace/ }).click()
    await soon(() => new URL(page.url()).searchParams.get('span')).toBe(SERVER_SPAN)
    await page.getByRole('complementary', { name: 'Span details' }).getByText('license refused').waitFor()
    await page.getByText('1 log line').waitFor({ state: 'attached' })
    await page.locator('#main').getByText('Logs', { exact: true }).first().click()
    await lineWith(page, /license refused/).waitFor()
    await inOrder(visited, 'logs-of-trace')
    const again = await open('/logs')
    await lineWith(again.page, /GET \/play/).focus()
    await again.page.keyboard.press('j')
    await again.page.keyboard.press('Enter')
    await again.page.getByRole('button', { name: /^Without lines with service:/ }).focus()
    await again.page.keyboard.press('Enter')
    await soon(() => searchOf(again.page)).toMatch(/^-service:/)
    await again.close()
  })

  it('are one click from a service and from an edge of the map', async () => {
    const service = await open('/service?name=drm&tab=logs')
    await lineWith(service.page, /license refused/).waitFor()
    await inOrder(service, 'logs-of-service')
    const { edges } = await apiOf(skein.api).topology()
    const edge = await open(`/map?edge=${edges[0]?.id}`)
    await edge.page.getByRole('region', { name: 'Warnings and errors of both' }).getByText('license refused').waitFor()
    await inOrder(edge, 'logs-of-edge')
  })
})

describe.skipIf(browser === null)('a live tail', () => {
  it('shows lines as they come in, holds them while paused, and goes on', async () => {
    const visited = await open('/logs?tab=tail&q=service:tailed')
    const { page } = visited
    const tailed = (body: string): MadeLine => ({ service: 'tailed', severity: 9, text: 'INFO', body, agoMs: 0 })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText('Nothing comes in', { exact: true }).waitFor()
    expect(await main(page)).toContain(`:${new URL(skein.otlpHttp).port}/v1/logs`)
    await sendLines([{ ...tailed('of another'), service: 'other' }])
    await page.getByText('1 line came in, and none matches').waitFor()
    await sendLines([tailed('first of the tail'), { ...tailed('of another'), service: 'other' }])
    await lineWith(page, /first of the tail/).waitFor()
    expect(await page.locator('[data-line]').count()).toBe(1)
    // There is nothing above to read, so nothing is held.
    await lineWith(page, /first of the tail/).hover()
    await page.mouse.wheel(0, -200)
    await page.getByRole('button', { name: 'Pause' }).click()
    await sendLines([tailed('second of the tail')])
    await page.getByText('1 new line').waitFor()
    expect(await lineWith(page, /second of the tail/).count()).toBe(0)
    await page.getByRole('button', { name: 'Resume' }).click()
    await lineWith(page, /second of the tail/).waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.getByText(/^Cleared\./).waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await sendLines([tailed('third of the tail')])
    await page.getByText('1 new line waits').waitFor()
    await page.getByRole('button', { name: 'Resume and show them' }).click()
    await lineWith(page, /third of the tail/).waitFor()
    await inOrder(visited, 'logs-tail')
  })
})

describe.skipIf(browser === null)('a rule on logs', () => {
  it('shows its price before it is saved, drops from then on, and what it dropped is told', async () => {
    const visited = await open('/logs?q=service%3Aplayback')
    const { page } = visited
    await page.getByRole('link', { name: 'New rule' }).click()
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    const save = page.getByRole('button', { name: 'Save', exact: true })
    await soon(() => page.getByRole('complementary', { name: 'Dry run' }).innerText()).toMatch(/Lines dropped\s+120/)
    expect(await save.isEnabled()).toBe(false)
    await page.getByText('Give it a name to save it.').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Drop reconnects')
    await soon(() => save.isEnabled()).toBe(true)
    await save.click()
    await page.getByRole('button', { name: /2\. Drop reconnects/ }).waitFor()
    await eventually(
      async () => {
        await sendLines([{ service: 'playback', severity: 13, text: 'WARN', body: 'drm connection closed by peer, idle=1', agoMs: 0 }])
        const answer = (await (await fetch(`${skein.api}/api/logs/drops?start=now-1h`)).json()) as { total: { lines: number } }
        expect(answer.total.lines).toBeGreaterThan(0)
      },
      30_000,
      500,
    )
    await page.getByText('Dropped', { exact: true }).click()
    await page.getByRole('link', { name: 'Drop reconnects' }).click()
    await page.getByText('Debugger', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Line', exact: true }).fill('drm connection closed by peer')
    await page.getByRole('textbox', { name: 'Service' }).fill('playback')
    await page.keyboard.press('Enter')
    await page.getByText('action 1, drop').waitFor()
    await inOrder(visited, 'logs-rule')
  })
})

describe.skipIf(browser === null)('a metric from log lines', () => {
  it('is drawn, told apart by what it has, and each of its values leads to the lines that made it', async () => {
    const visited = await open('/logs?tab=rules&view=metrics')
    const { page } = visited
    const table = page.getByRole('table', { name: 'Series of the window' })
    await soon(() => table.getByRole('row').nth(1).innerText()).toMatch(/All lines/)
    await page.getByText('1 line has no such field').waitFor()
    await page.getByRole('combobox', { name: 'By', exact: true }).selectOption('session.id')
    await soon(() => table.getByRole('row').count()).toBe(1 + 8)
    await table.getByRole('link', { name: 's-1' }).click()
    await soon(() => searchOf(page)).toBe('(service:gateway OR service:account) session.id:s-1')
    await lineWith(page, /GET \/play\//).waitFor()
    await inOrder(visited, 'logs-metric-lines')
  })
})

describe.skipIf(browser === null)('every part of the page of logs', () => {
  const parts: readonly (readonly [name: string, path: string, shown: string])[] = [
    ['search', '/logs?wrap=true&cols=host.name', 'logs.lines'],
    ['patterns', '/logs?tab=patterns', 'logs.patterns.template'],
    ['tail', '/logs?tab=tail', 'logs.tailing.pause'],
    ['rules', '/logs?tab=rules&rule=new', 'logs.rules.addAction'],
    ['metrics', '/logs?tab=rules&view=metrics&by=session.id', 'logs.metrics.title'],
    ['dropped', '/logs?tab=dropped', 'logs.dropped.title'],
  ]

  it.each(parts)('%s is in order in both themes and languages, wide and narrow', async (name, path, shown) => {
    for (const look of LOOKS) {
      const visited = await open(path, look)
      await visited.page.locator('#main').getByText(say(look.lang, shown), { exact: true }).first().waitFor()
      await soon(() => visited.page.locator('#main .skeleton').count()).toBe(0)
      await inOrder(visited, `logs-${name}`, look)
    }
  })
})
