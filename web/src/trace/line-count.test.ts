import type { LogLine } from '@skein/schemas/api/logs'
import { expect, it } from 'vitest'
import { lineCountText } from './line-count.ts'

const lines = (count: number): LogLine[] => Array.from({ length: count }, () => ({}) as LogLine)

it('the lines of a span are counted whole, or said to be more than are loaded', () => {
  expect(lineCountText({ lines: lines(21), cursor: null }, String)).toBe('21')
  expect(lineCountText({ lines: lines(200), cursor: null }, String)).toBe('200')
  expect(lineCountText({ lines: lines(200), cursor: 'more' }, String)).toBe('200+')
})
