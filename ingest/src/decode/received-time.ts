import { wordsOfNs } from './nanoseconds.ts'

/** When the records of an envelope were received: Unix ms, and the words of that in Unix ns, the time of a record whose own is not believed. */
export interface ReceivedTime {
  receivedAtMs: number
  receivedLow: number
  receivedHigh: number
}

export function setReceived(state: ReceivedTime, receivedAtMs: number): void {
  const { low, high } = wordsOfNs(BigInt(Math.max(0, Math.floor(receivedAtMs))) * 1_000_000n)
  state.receivedAtMs = receivedAtMs
  state.receivedLow = low
  state.receivedHigh = high
}
