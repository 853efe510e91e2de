import { expect, test } from 'vitest'
import { withDeadline } from './deadline.ts'
import { createPool } from './pool.ts'

test('a member is given to one at a time, in the order of asking, and no more than allowed wait', async () => {
  const pool = createPool(['only'], 1)
  const first = await pool.take()
  const second = pool.take()
  await expect(pool.take()).rejects.toMatchObject({ name: 'QueryLimitError', limit: 'concurrency' })
  pool.giveBack(first)
  expect(await second).toBe('only')
  pool.giveBack('only')
  expect(await pool.take()).toBe('only')
})

test('an answer in time is the answer; a late one is given up and told so', async () => {
  let killed = 0
  const kill = async (): Promise<void> => void killed++
  expect(await withDeadline(Promise.resolve(7), 1000, kill)).toBe(7)
  await expect(withDeadline(new Promise(() => undefined), 5, kill)).rejects.toMatchObject({ limit: 'time' })
  expect(killed).toBe(1)
})
