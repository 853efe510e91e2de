import { readScenario } from '@skein/schemas/scenario'
import { expect, test } from 'vitest'
import { proposalsOf } from './proposals.ts'

const entry = (operation: string, service = 'gateway') => ({ service, operation })
const lived = (sessions: number, ...operations: string[]) => ({ sessions, entries: operations.map((operation) => entry(operation)) })
const said = (sequences: Parameters<typeof proposalsOf>[0]) =>
  proposalsOf(sequences).map(({ definition, sessions }) => `${definition.steps.map(({ name }) => name).join(' > ')} ${sessions}`)

test('the longest sequence that nearly as many sessions live stands for its parts', () => {
  expect(said([lived(50, 'login', 'epg', 'play'), lived(30, 'login', 'home', 'epg', 'zap', 'play'), lived(20, 'home')])).toEqual([
    'login > epg > play 80',
    'login > home > epg > zap > play 30',
  ])
})

test('what few sessions do, single entries and nothing at all are no proposal', () => {
  expect(said([lived(2, 'login', 'play'), lived(98, 'home')])).toEqual([])
  expect(said([])).toEqual([])
})

test('a proposal is a definition that can be saved: names differ, the last step is success, a service tells equal operations apart', () => {
  const [proposal] = proposalsOf([{ sessions: 10, entries: [entry('GET'), entry('GET', 'epg')] }])
  expect(proposal).toEqual({
    sessions: 10,
    support: 1,
    definition: {
      name: 'GET → GET 2',
      key: 'session',
      within: '10m',
      steps: [
        { name: 'GET', match: { kind: 'span', service: 'gateway', operation: 'GET' } },
        { name: 'GET 2', match: { kind: 'span', service: 'epg', operation: 'GET' } },
      ],
      success: 'GET 2',
    },
  })
})

test('names too long to tell apart are cut and numbered, and can be saved', () => {
  const long = 'GET /programmes'.padEnd(200, '/x')
  const [proposal] = proposalsOf([lived(10, long, `${long}1`)])
  expect(readScenario(proposal?.definition)).toMatchObject({ ok: true })
})

test('sessions of many entries that all live alike are looked at in bounded work', () => {
  const alike = Array.from({ length: 30 }, (_, at) => `op ${at}`)
  const proposals = proposalsOf(Array.from({ length: 500 }, (_, at) => lived(3, ...alike, `own ${at}`)))
  expect(proposals[0]?.definition.steps).toHaveLength(5)
  expect(proposals[0]?.sessions).toBe(1500)
})
