import { expect, it } from 'vitest'
import { createPoisonList } from './poison-list.ts'

it('the third failure of the same bytes is final, and other bytes are judged on their own', () => {
  const list = createPoisonList()
  const [a, b] = [Buffer.from('a'), Buffer.from('b')]
  expect([list.failed(a), list.failed(a), list.failed(b), list.failed(a), list.failed(b), list.failed(b)]).toEqual([false, false, false, true, false, true])
})

it('only the last thousand are remembered', () => {
  const list = createPoisonList()
  list.failed(Buffer.from('first'))
  list.failed(Buffer.from('first'))
  for (let n = 0; n < 1000; n++) list.failed(Buffer.from(`other ${n}`))
  expect(list.failed(Buffer.from('first'))).toBe(false)
})
