import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { launchChromium } from '@skein/tests/browser/chromium'
import { type SkeinUp, startUp } from '@skein/tests/harness/skein-process'
import { cpuSeconds, post } from './end-to-end.ts'
import { createLiveLines, WORD_OF_SOME, WRITTEN_AT } from './load/live-lines.ts'
import type { Figure } from './report.ts'

export interface TailOptions {
  linesPerSecond: number
  seconds: number
}

type Browser = NonNullable<Awaited<ReturnType<typeof launchChromium>>>
type Page = Awaited<ReturnType<Browser['newPage']>>

const LINES_PER_REQUEST = 100
/** Until code is compiled and the page has drawn its first thousands of lines. */
const WARM_MS = 10_000
const SEARCHES: readonly (readonly [what: string, q: string])[] = [
  ['', ''],
  [', a word of every eighth line', WORD_OF_SOME],
]

/**
 * Lines are sent at a steady rate and followed in a real Chromium, on the same machine. At every frame: how old the newest line on the screen is,
 * from the moment it was written into its request. Whoever sends, Skein and the browser share the cores.
 */
export async function benchTail(options: TailOptions): Promise<Figure[]> {
  const browser = await launchChromium()
  if (browser === null) throw new Error('there is no Chromium to measure in')
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  try {
    const sender = createSender(skein.otlpHttp, options.linesPerSecond)
    await sleep(WARM_MS)
    const untailed = await coresOf(skein, options.seconds)
    const figures: Figure[] = []
    for (const [what, q] of SEARCHES)
      figures.push(...(await follow(browser, skein, { ...options, q, name: `tail in Chromium at ${options.linesPerSecond} lines/s${what}` })))
    await sender.stop()
    return [{ name: `engine at ${options.linesPerSecond} lines/s, nobody tails`, unit: 'cores', value: untailed }, ...figures]
  } finally {
    await browser.close()
    await skein.destroy()
  }
}

async function coresOf(skein: SkeinUp, seconds: number): Promise<number> {
  const before = cpuSeconds(skein).engine
  await sleep(seconds * 1000)
  return (cpuSeconds(skein).engine - before) / seconds
}

/** Sends at a steady rate whatever the answers take; an answer that is no 200 ends the bench. */
function createSender(endpoint: string, linesPerSecond: number): { stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const lines = createLiveLines(LINES_PER_REQUEST)
  const startedMs = performance.now()
  const pending = new Set<Promise<void>>()
  let sent = 0
  const send = async (): Promise<void> => {
    const status = await post(`${endpoint}/v1/logs`, lines.next(Date.now()), agent)
    if (status !== 200) throw new Error(`the collector answered ${status}`)
  }
  const timer = setInterval(() => {
    for (; sent * LINES_PER_REQUEST < ((performance.now() - startedMs) / 1000) * linesPerSecond; sent++) {
      const sending: Promise<void> = send().finally(() => pending.delete(sending))
      pending.add(sending)
    }
  }, 5)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(pending)
      agent.destroy()
    },
  }
}

interface Watched {
  agesMs: number[]
  framesMs: number[]
}

async function follow(browser: Browser, skein: SkeinUp, { q, name, seconds }: TailOptions & { q: string; name: string }): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${skein.api}/logs?${new URLSearchParams({ tab: 'tail', q, lang: 'en' }).toString()}`)
  await page.locator('[data-line]').first().waitFor({ timeout: 60_000 })
  await sleep(WARM_MS)
  const before = cpuSeconds(skein).engine
  const { agesMs, framesMs } = await page.evaluate(watch, { ms: seconds * 1000, at: WRITTEN_AT.source })
  const cores = (cpuSeconds(skein).engine - before) / seconds
  const heap = await heapMib(page)
  const left = await page
    .locator('[data-tail-dropped]')
    .getAttribute('data-tail-dropped', { timeout: 100 })
    .catch(() => null)
  await page.close()
  return [
    { name: `${name}: p50 behind`, unit: 'ms', value: quantile(agesMs, 0.5) },
    { name: `${name}: p99 behind`, unit: 'ms', value: quantile(agesMs, 0.99) },
    { name: `${name}: p99 between frames`, unit: 'ms', value: quantile(framesMs, 0.99) },
    { name: `${name}: not shown`, unit: 'lines', value: Number(left ?? 0) },
    { name: `${name}: engine`, unit: 'cores', value: cores },
    { name: `${name}: heap of the page`, unit: 'MiB', value: heap },
  ]
}

/** Runs in the page. */
function watch({ ms, at }: { ms: number; at: string }): Promise<Watched> {
  return new Promise((resolve) => {
    const written = new RegExp(at)
    const watched: Watched = { agesMs: [], framesMs: [] }
    const startedMs = performance.now()
    let lastMs = startedMs
    const frame = (): void => {
      const nowMs = performance.now()
      watched.framesMs.push(nowMs - lastMs)
      lastMs = nowMs
      const times = [...document.querySelectorAll('[data-line]')].map((row) => Number(written.exec(row.textContent)?.[1] ?? 0))
      watched.agesMs.push(Date.now() - Math.max(...times))
      if (nowMs - startedMs < ms) requestAnimationFrame(frame)
      else resolve(watched)
    }
    requestAnimationFrame(frame)
  })
}

/** What is held after a collection, so that figures of a long and a short run can be compared. */
async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 2 ** 20
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * part)] ?? 0
}
