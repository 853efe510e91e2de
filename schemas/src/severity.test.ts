import { expect, test } from 'vitest'
import { SEVERITY_CLASSES, severityClass, severityOf, severityRange } from './severity.ts'

test('a number is of one class of four, and what is no severity says nothing', () => {
  expect([0, 1, 4, 5, 9, 13, 16, 17, 21, 24, 25, -1].map(severityClass)).toEqual([
    'none',
    'trace',
    'trace',
    'debug',
    'info',
    'warn',
    'warn',
    'error',
    'fatal',
    'fatal',
    'none',
    'none',
  ])
})

test('a class means its four numbers, and each of them is of the class', () => {
  for (const name of SEVERITY_CLASSES) {
    const range = severityRange(name)!
    for (let severity = range.from; severity <= range.to; severity++) expect(severityClass(severity)).toBe(name)
  }
})

test('names are read as programs write them, and others mean nothing', () => {
  expect(severityRange('WARNING')).toEqual({ from: 13, to: 16 })
  expect(severityRange('Err2')).toEqual({ from: 18, to: 18 })
  expect(severityRange('24')).toEqual({ from: 24, to: 24 })
  for (const name of ['', 'loud', 'warn5', 'none1', '25', '-1', 'constructor', '__proto__']) expect(severityRange(name)).toBeNull()
})

test('what programs wrote for a severity is one number, whichever program', () => {
  const all = {
    TRACE: 1,
    Verbose: 1,
    debug: 5,
    dbug: 5,
    INFO: 9,
    Information: 9,
    notice: 9,
    LOG: 9,
    WARN: 13,
    warning: 13,
    err: 17,
    fail: 17,
    crit: 21,
    WARN2: 14,
  }
  for (const [text, severity] of Object.entries({ ...all, 10: 1, 30: 9, 50: 17, 60: 21, 17: 17, none: 0 }))
    expect([text, severityOf(text)]).toEqual([text, severity])
  for (const text of ['', 'loud', '70', '-1', 'logs', 'constructor', '__proto__']) expect(severityOf(text)).toBeUndefined()
})
