import { expect, test } from 'vitest'
import { insertError, queryError } from './error-mapping.ts'
import { QueryLimitError, StoreUnavailableError } from './errors.ts'

const engine = (code: number, message = 'what') => Object.assign(new Error(message), { code: String(code) })
const plain = (code: number, message = 'what') => new Error(`Query failed: Code: ${code}. DB::Exception: ${message} (NAME)`)

const INSERTS: [name: string, error: unknown, mapped: string][] = [
  ['disk full', engine(243), 'StoreUnavailableError'],
  ['disk full while writing the file', Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 'StoreUnavailableError'],
  ['memory', engine(241), 'StoreUnavailableError'],
  ['too many parts', engine(252, 'Too many parts (3000)'), 'StoreUnavailableError'],
  ['too many days in one block', engine(252, 'Too many partitions for single INSERT block (more than 100)'), 'RejectedBlockError'],
  ['read-only table', engine(242), 'StoreUnavailableError'],
  ['time-out', engine(159), 'StoreUnavailableError'],
  ['unknown end of a replicated insert', engine(319), 'StoreUnavailableError'],
  ['database not there yet', engine(81), 'StoreUnavailableError'],
  ['connection refused', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'StoreUnavailableError'],
  ['no error at all', 'odd', 'StoreUnavailableError'],
  ['truncated block', engine(33), 'RejectedBlockError'],
  ['truncated block, told as text', plain(33), 'RejectedBlockError'],
  ['no block', engine(62, 'Syntax error (data type): failed at position 6'), 'RejectedBlockError'],
  ['a statement of ours that is wrong', engine(62, 'Syntax error: failed at position 9'), 'StoreUnavailableError'],
  ['missing column', engine(47), 'RejectedBlockError'],
  ['wrong type', engine(53), 'RejectedBlockError'],
]

test.each(INSERTS)('an insert that fails by %s', (_, error, mapped) => {
  expect(insertError(error).name).toBe(mapped)
})

const QUESTIONS: [name: string, error: unknown, mapped: string][] = [
  ['time-out', engine(159), 'time'],
  ['being killed', engine(394), 'time'],
  ['memory', engine(241), 'memory'],
  ['rows read', engine(158), 'rows'],
  ['rows of the answer', plain(396), 'rows'],
  ['too many at once', engine(202), 'concurrency'],
  ['a server that is gone', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'StoreUnavailableError'],
  ['a disk that is full', engine(243), 'StoreUnavailableError'],
  ['a column that is not there', engine(47), 'Error'],
]

test.each(QUESTIONS)('a question that fails by %s', (_, error, mapped) => {
  const seen = queryError(error)
  expect(seen instanceof QueryLimitError ? seen.limit : seen.name).toBe(mapped)
})

test('our own errors stay what they are', () => {
  for (const error of [new QueryLimitError('time', 'x'), new StoreUnavailableError('x')]) expect(queryError(error)).toBe(error)
})
