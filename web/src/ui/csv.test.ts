import { expect, it } from 'vitest'
import { toCsv } from './csv.ts'

it('a cell with a comma, quote or line break is quoted, and an absent value is empty', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,"y"', null],
        ['line\nbreak', 1.5],
      ],
    ),
  ).toBe('a,b\r\n"x,""y""",\r\n"line\nbreak",1.5')
})

it('text from telemetry can never run as a formula', () => {
  for (const text of ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\tx']) expect(toCsv([], [[text]])).toMatch(/^\r\n"?'/)
})

it('numbers stay numbers, even negative ones', () => {
  expect(toCsv([], [[-1]])).toBe('\r\n-1')
})
