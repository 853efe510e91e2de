import { logPatternsAnswer } from '@skein/schemas/api/log-patterns'
import type { VersionStart } from '@skein/store/contract-events'
import type { PatternScope, PatternTemplate, PatternTotal } from '@skein/store/contract-log-patterns'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { NOW_MS, storeIn, testDeps } from '../testing/test-app.ts'

const [TOOK, TOOK_ELSEWHERE, FAILED, NONE] = ['a'.repeat(16), 'b'.repeat(16), 'c'.repeat(16), null]
const DAY_MS = 86_400_000
const WINDOW = 'start=now-1h'
const isNow = ({ endMs }: PatternScope): boolean => endMs > NOW_MS - DAY_MS
const total = (pattern: string | null, lines: number, over: Partial<PatternTotal> = {}): PatternTotal => ({
  service: 'epg',
  pattern,
  severity: 'info',
  lines,
  bytes: lines * 10,
  ...over,
})
const template = (pattern: string, text: string, firstSeenMs: number): PatternTemplate => ({ service: 'epg', pattern, template: text, firstSeenMs })
const RELEASE = {
  environment: 'prod',
  cluster: '',
  namespace: '',
  service: 'epg',
  minuteMs: NOW_MS - 30 * 60_000,
  fromVersion: '1',
  toVersion: '2',
  instances: 1,
  instancesOfAll: 1,
}

interface Stored {
  now: PatternTotal[]
  weekAgo?: PatternTotal[]
  templates?: PatternTemplate[]
  versions?: VersionStart[]
}

async function ask(query: string, { now, weekAgo = [], templates = [], versions = [] }: Stored) {
  const store = storeIn('empty')
  const scopes: PatternScope[] = []
  const app = await buildApp(
    testDeps({
      store: {
        ...store,
        events: { ...store.events, versions: async () => versions },
        logPatterns: {
          totals: async (scope) => (scopes.push(scope), isNow(scope) ? (scopes.length > 2 ? [] : now) : weekAgo),
          series: async ({ startMs }, ids) => ids.map((pattern) => ({ pattern, timeMs: startMs, lines: 1 })),
          templates: async () => templates,
        },
      },
    }),
  )
  const response = await app.inject({ url: `/api/logs/patterns?${query}`, headers: { host: 'localhost' } })
  await app.close()
  return { response, scopes }
}

const TEMPLATES = [
  template(TOOK, 'took <*> ms', NOW_MS - 3 * DAY_MS),
  template(TOOK_ELSEWHERE, 'took <*> ms', NOW_MS - 2 * DAY_MS),
  template(FAILED, 'failed: <*>', NOW_MS - 60_000),
]

describe('patterns of logs', () => {
  it('are one a service and template, whatever partition their lines were in, the most lines first', async () => {
    const { response } = await ask(WINDOW, {
      now: [total(TOOK, 5), total(TOOK_ELSEWHERE, 6), total(FAILED, 3, { severity: 'error' }), total(FAILED, 4), total(NONE, 2)],
      templates: TEMPLATES,
    })
    const answer = answerOf(logPatternsAnswer, response)
    expect(answer.lines).toBe(20)
    expect(answer.patterns).toMatchObject([
      {
        id: TOOK_ELSEWHERE,
        ids: [TOOK_ELSEWHERE, TOOK],
        query: `(pattern:${TOOK_ELSEWHERE} OR pattern:${TOOK})`,
        template: 'took <*> ms',
        lines: 11,
        bytes: 110,
        share: 0.55,
        new: false,
      },
      { id: FAILED, query: `pattern:${FAILED}`, lines: 7, severities: { error: 3, info: 4 }, new: true },
    ])
    expect(answer.patterns[0]?.firstSeen).toBe(new Date(NOW_MS - 3 * DAY_MS).toISOString())
    expect(answer.patterns[0]?.series.reduce((sum, lines) => sum + lines, 0)).toBe(2)
    expect(answer.notes.map(({ code, count }) => [code, count])).toEqual([
      ['without_pattern', 2],
      ['no_base', 0],
    ])
  })

  it('surge at ten times the lines of the week before, and not one line earlier; a service without lines then has no base', async () => {
    const stored = {
      now: [total(TOOK, 100), total(FAILED, 99), total('d'.repeat(16), 5, { service: 'drm' })],
      weekAgo: [total(TOOK_ELSEWHERE, 10), total(FAILED, 10)],
      templates: TEMPLATES,
    }
    const answer = answerOf(logPatternsAnswer, (await ask(WINDOW, stored)).response)
    expect(answer.patterns.map(({ baseLines, surging }) => [baseLines, surging])).toEqual([
      [10, true],
      [10, false],
      [null, false],
    ])
    expect(answer.base?.end).toBe(new Date(Date.parse(answer.window.end) - 7 * DAY_MS).toISOString())
    expect(answerOf(logPatternsAnswer, (await ask(`${WINDOW}&only=surging`, stored)).response).patterns.map(({ template: text }) => text)).toEqual([
      'took <*> ms',
    ])
  })

  it('are new in a release when first seen after it began', async () => {
    const { response } = await ask(`${WINDOW}&only=new_in_release`, { now: [total(TOOK, 5), total(FAILED, 3)], templates: TEMPLATES, versions: [RELEASE] })
    expect(answerOf(logPatternsAnswer, response).patterns).toMatchObject([{ template: 'failed: <*>', newInRelease: '2' }])
  })

  it('ask for a severity and worse, are searched by text, sorted and cut, and say what is missing', async () => {
    const stored = { now: [total(TOOK, 5), total(FAILED, 3)], templates: TEMPLATES }
    const { response, scopes } = await ask(`${WINDOW}&severity=warn&text=TOOK&service=epg`, stored)
    expect(scopes[0]).toMatchObject({ severities: ['warn', 'error', 'fatal'], service: 'epg' })
    expect(answerOf(logPatternsAnswer, response).patterns.map(({ id }) => id)).toEqual([TOOK])
    const cut = answerOf(logPatternsAnswer, (await ask(`${WINDOW}&sort=first_seen&limit=1`, stored)).response)
    expect(cut.patterns.map(({ id }) => id)).toEqual([FAILED])
    expect(cut.notes.map(({ code }) => code)).toContain('truncated')
    expect(answerOf(logPatternsAnswer, (await ask(WINDOW, { now: [] })).response).notes.map(({ code }) => code)).toEqual(['no_logs'])
    problemIn((await ask(`${WINDOW}&only=odd`, stored)).response, 400, 'invalid_parameter')
  })
})
