import { expect, it } from 'vitest'
import { createLineSplitter, readableLine } from './log-line.ts'

it('a JSON line becomes time, level, room, message, then the rest', () => {
  const line = '{"level":"info","time":"2026-11-22T20:10:01.000Z","room":"ingest","event":"range_done","rows":5,"range":"a:1","msg":"Range done"}'
  expect(readableLine(line)).toBe('20:10:01 info  ingest    Range done rows=5 range=a:1')
})

it('a line that is not JSON stays as it is', () => {
  expect(readableLine('Error: x')).toBe('Error: x')
  expect(readableLine('5')).toBe('5')
})

it('lines survive any cut of the stream', () => {
  const seen: string[] = []
  const splitter = createLineSplitter((line) => seen.push(line))
  for (const piece of ['a', 'b\nc', '\n', '\nd']) splitter.push(piece)
  splitter.flush()
  expect(seen).toEqual(['ab', 'c', '', 'd'])
})
