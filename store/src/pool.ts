import { QueryLimitError } from './errors.ts'

export interface Pool<T> {
  /** Waits for a free member; throws `QueryLimitError` when too many wait already. */
  take(): Promise<T>
  giveBack(member: T): void
}

export function createPool<T>(members: readonly T[], maxWaiting: number): Pool<T> {
  const free = [...members]
  const waiting: ((member: T) => void)[] = []
  return {
    take() {
      const member = free.pop()
      if (member !== undefined) return Promise.resolve(member)
      if (waiting.length >= maxWaiting) return Promise.reject(new QueryLimitError('concurrency', `${maxWaiting} questions wait already`))
      return new Promise((resolve) => waiting.push(resolve))
    },
    giveBack(member) {
      const next = waiting.shift()
      if (next === undefined) free.push(member)
      else next(member)
    },
  }
}
