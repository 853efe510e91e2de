import type { Subscription } from '@skein/eventlog/contract'
import type { Partition } from './partition.ts'

/** Reading stops above the budget and goes on below half of it. */
export async function throttle(
  partitions: ReadonlyMap<number, Partition>,
  options: { topic: string; limits: { prefetchBytes: number }; subscription: Promise<Subscription> },
): Promise<void> {
  const { prefetchBytes } = options.limits
  const all = [...partitions.values()]
  const waiting = all.reduce((sum, { queue }) => sum + queue.reduce((bytes, { value }) => bytes + value.length, 0), 0)
  const pause = waiting > prefetchBytes
  if (!pause && waiting > prefetchBytes / 2) return
  const changed = all.filter(({ paused, queue, redo }) => paused !== pause && (!pause || (queue.length > 0 && redo === null)))
  if (changed.length === 0) return
  const subscription = await options.subscription
  for (const partition of changed) {
    partition.paused = pause
    if (pause) subscription.pause(options.topic, partition.number)
    else subscription.resume(options.topic, partition.number)
  }
}
