import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { dropsAnswer, ruleView } from '@skein/schemas/api/log-rules'
import { type LogLine, logsAnswer } from '@skein/schemas/api/logs'
import { topologyAnswer } from '@skein/schemas/api/topology'
import { type RuleDefinition, RULES_AFTER_MS } from '@skein/schemas/log-rule'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { eventually, type SkeinUp, startUp, until } from './harness/skein-process.ts'

let skein: SkeinUp
beforeAll(async () => {
  skein = await startUp()
})
afterAll(async () => {
  await skein.destroy()
})

const PHONE = '13800138000'

interface Sent {
  number: number
  /** Unix ms, right before it was sent and right after it was acknowledged: it was received between. */
  fromMs: number
  toMs: number
}

async function ask(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(
    `${skein.api}${path}`,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`)
  return response.json()
}

async function send(logRecords: readonly object[]): Promise<void> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'edge' } }] }
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
  const response = await fetch(`${skein.otlpHttp}/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!response.ok) throw new Error(`logs were answered with ${response.status}`)
}

async function sendLines(number: number): Promise<Sent> {
  const fromMs = Date.now()
  const texts = [
    `noise number=${number}`,
    `wanted number=${number} phone ${PHONE}`,
    `proxied number=${number} upstream=epg took=0.05 status=${number % 4 === 0 ? 502 : 200}`,
  ]
  await send(texts.map((stringValue) => ({ timeUnixNano: `${fromMs}000000`, severityNumber: 9, body: { stringValue } })))
  return { number, fromMs, toMs: Date.now() }
}

async function writeRule(definition: Omit<RuleDefinition, 'enabled'>): Promise<number> {
  const rule = ruleView.parse(await ask('/api/logs/rules', { definition: { enabled: true, ...definition } }))
  const fromMs = Date.parse(rule.effectiveFrom)
  expect(fromMs - Date.now()).toBeLessThanOrEqual(RULES_AFTER_MS)
  return fromMs
}

async function linesOf(q: string): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = logsAnswer.parse(await ask(`/api/logs?limit=1000&q=${encodeURIComponent(q)}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`))
    lines.push(...page.lines)
    cursor = page.cursor
  }
  return lines
}

const numberIn = ({ body }: LogLine): number => Number(/number=(\d+)/.exec(body)?.[1])

it('a rule holds for what is received 2 s after it was written and for nothing before, and counts once through kill -9', { timeout: 120_000 }, async () => {
  const sent: Sent[] = []
  let sending = true
  const sender = (async () => {
    for (let number = 1; sending; number++) {
      sent.push(await sendLines(number))
      await sleep(20)
    }
  })()
  await eventually(async () => expect((await linesOf('noise')).length).toBeGreaterThan(0), 30_000, 200)
  const dropsFromMs = await writeRule({
    name: 'noise',
    match: 'noise',
    actions: [
      { type: 'parse', format: 'key_value' },
      { type: 'metric', name: 'noise_numbers', aggregation: 'histogram', field: 'number', by: ['service'] },
      { type: 'metric', name: 'noise_words', aggregation: 'sum', field: 'body' },
      { type: 'drop' },
    ],
  })
  const redactsFromMs = await writeRule({ name: 'phones', match: 'wanted', actions: [{ type: 'redact', presets: ['phone'], mode: 'replace' }] })
  const callsFromMs = await writeRule({
    name: 'calls',
    match: 'proxied',
    actions: [
      { type: 'parse', format: 'key_value' },
      { type: 'edge', upstream: 'upstream', duration: 'took', status: 'status' },
    ],
  })
  await sleep(Math.max(0, callsFromMs + 700 - Date.now()))
  process.kill(skein.childPid('engine'), 'SIGKILL')
  await sleep(500)
  // a slow machine sends less in that time than is judged below
  await eventually(async () => expect(sent.filter(({ fromMs }) => fromMs >= callsFromMs).length).toBeGreaterThan(10), 30_000, 50)
  sending = false
  await sender
  await until(`${skein.api}/readyz`)

  await eventually(async () => expect((await linesOf('wanted')).length).toBe(sent.length), 60_000, 300)
  await eventually(
    async () => {
      const { total } = dropsAnswer.parse(await ask('/api/logs/drops'))
      expect(total.lines + (await linesOf('noise')).length).toBe(sent.length)
    },
    60_000,
    300,
  )

  const before = (fromMs: number): number[] => sent.filter(({ toMs }) => toMs < fromMs).map(({ number }) => number)
  const after = (fromMs: number): number[] => sent.filter((each) => each.fromMs >= fromMs).map(({ number }) => number)
  const noise = (await linesOf('noise')).map(numberIn)
  expect(new Set(noise).size).toBe(noise.length)
  expect(before(dropsFromMs).filter((number) => !noise.includes(number))).toEqual([])
  expect(after(dropsFromMs).filter((number) => noise.includes(number))).toEqual([])
  expect(after(dropsFromMs).length).toBeGreaterThan(10)

  // what was dropped was counted before it went: once, and with what it said
  const dropped = sent.map(({ number }) => number).filter((number) => !noise.includes(number))
  const metricOf = async (name: string) => (await apiOf(skein.api).logMetric(name, '?start=now-1h&by=service')).series
  expect(await metricOf('noise_numbers')).toMatchObject([
    {
      values: ['edge'],
      total: { count: dropped.length, sum: dropped.reduce((sum, number) => sum + number, 0), min: Math.min(...dropped), max: Math.max(...dropped) },
    },
  ])
  expect(await metricOf('noise_words')).toMatchObject([{ total: { count: 0, sum: null } }])

  const wanted = new Map((await linesOf('wanted')).map((line) => [numberIn(line), line.body.includes(PHONE)]))
  expect(before(redactsFromMs).every((number) => wanted.get(number) === true)).toBe(true)
  expect(after(redactsFromMs).every((number) => wanted.get(number) === false)).toBe(true)

  const called = await linesOf('upstream:epg')
  expect(called.length).toBeGreaterThan(10)
  await eventually(
    async () => {
      const { edges } = topologyAnswer.parse(await ask('/api/topology?start=now-1h'))
      const failed = called.filter(({ attributes }) => Number(attributes['status']) >= 500).length
      expect(edges.map(({ calls, errors, evidence }) => [calls, errors, evidence.log])).toEqual([[called.length, failed, called.length]])
    },
    30_000,
    300,
  )
})

it('a limit is of the lines of all partitions together, also in a burst', { timeout: 120_000 }, async () => {
  const fromMs = await writeRule({ name: 'few', match: 'burst', actions: [{ type: 'rate_limit', lines: 7, per: 'minute' }] })
  const roomMs = 60_000 - (fromMs % 60_000)
  await sleep(fromMs + (roomMs < 15_000 ? roomMs : 0) + 200 - Date.now())
  const burst = Array.from({ length: 100 }, (_, i) => ({
    timeUnixNano: `${Date.now()}000000`,
    severityNumber: 9,
    traceId: randomBytes(16).toString('hex'),
    body: { stringValue: `burst number=${i}` },
  }))
  for (const part of [burst.slice(0, 50), burst.slice(50, 60), ...burst.slice(60).map((line) => [line])]) await send(part)
  await eventually(
    async () => {
      const { total } = dropsAnswer.parse(await ask('/api/logs/drops?reason=rate_limit'))
      expect([total.lines, (await linesOf('burst')).length]).toEqual([93, 7])
    },
    30_000,
    300,
  )
})
