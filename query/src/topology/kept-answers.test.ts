import { describe, expect, it } from 'vitest'
import { noRows } from '../testing/edge-rows.ts'
import { createKeptAnswers, sameTopologyRows } from './kept-answers.ts'

const rows = noRows
const WINDOW = { start: '2026-11-22T19:10:00.000Z', end: '2026-11-22T20:10:00.000Z' }

function counting() {
  let made = 0
  return {
    make: () => ({ window: WINDOW, nodes: [], edges: [], notes: [{ code: 'sampled' as const, message: `made ${++made}`, count: 1 }] }),
    made: () => made,
  }
}

describe('kept answers of the map', () => {
  it('are given again only for the same key and the very same rows', () => {
    const answers = createKeptAnswers(10_000, sameTopologyRows)
    const { make, made } = counting()
    const first = rows()
    expect(answers.answerOf('a', first, make).json.toString()).toContain('made 1')
    expect(answers.answerOf('a', { ...first }, make).json.toString()).toContain('made 1')
    expect(answers.answerOf('b', first, make).json.toString()).toContain('made 2')
    for (const part of ['edges', 'services', 'addresses', 'exemplars'] as const) answers.answerOf('a', { ...first, [part]: [] }, make)
    expect(made()).toBe(6)
  })

  it('are made anew when a note changed', () => {
    const answers = createKeptAnswers(10_000, sameTopologyRows)
    const { make, made } = counting()
    const first = rows()
    answers.answerOf('a', first, make)
    answers.answerOf('a', { ...first, notes: [{ code: 'half_edges', subject: '', count: 1 }] }, make)
    expect(made()).toBe(2)
  })

  it('hold no more than they may, and the longest unused goes first', () => {
    const { make, made } = counting()
    const size = createKeptAnswers(10_000, sameTopologyRows).answerOf('a', rows(), make).json.length
    const answers = createKeptAnswers(size * 2, sameTopologyRows)
    const [a, b, c] = [rows(), rows(), rows()]
    answers.answerOf('a', a, make)
    answers.answerOf('b', b, make)
    answers.answerOf('a', a, make)
    answers.answerOf('c', c, make)
    expect(made()).toBe(4)
    answers.answerOf('a', a, make)
    expect(made()).toBe(4)
    answers.answerOf('b', b, make)
    expect(made()).toBe(5)
  })

  it('may be larger than all that may be held', () => {
    const answers = createKeptAnswers(1, sameTopologyRows)
    const { make } = counting()
    expect(answers.answerOf('a', rows(), make).json.length).toBeGreaterThan(1)
  })
})
