/** What the agent did since it started; shown on `/metrics`. */
export interface Counters {
  records: number
  bytes: number
  requests: number
  retries: number
  /** Records that the collector refused for good, by partial success or status. */
  refusedRecords: number
  cutLines: number
  blankLines: number
  /** Bytes that were truncated or deleted before they were read. */
  lostBytes: number
  /** Ways to peers that were measured, and those of which a measure failed. */
  probes: number
  failedProbes: number
  /** Requests that the buffer on disk could not keep: the oldest when it was full, or what the disk did not take. */
  bufferDrops: number
}

export function createCounters(): Counters {
  return {
    records: 0,
    bytes: 0,
    requests: 0,
    retries: 0,
    refusedRecords: 0,
    cutLines: 0,
    blankLines: 0,
    lostBytes: 0,
    probes: 0,
    failedProbes: 0,
    bufferDrops: 0,
  }
}
