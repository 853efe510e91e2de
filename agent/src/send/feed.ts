import type { LogWriter } from '../otlp/log-writer.ts'

/** Something whose records are delivered in order: what is taken from it goes into one request at a time. */
export interface Feed {
  /** Writes what waits into the request, as much as there is room for. */
  fill(writer: LogWriter): Promise<Filled>
}

export interface Filled {
  /** What was written; null when that is nothing. */
  taken: Taken | null
  /** There may be more at once. */
  more: boolean
  /** The request has no room left. */
  full: boolean
}

/** What a request holds of a feed. Exactly one of the two is called, in the order the requests were made. */
export interface Taken {
  /** Records and the bytes they took in their source. */
  readonly records: number
  readonly bytes: number
  /** It is done with: acknowledged, or refused for good and counted. */
  settle(): void
  /** It was not sent and never will be: it is to be filled again. */
  giveBack(): void
}

export const NOTHING: Filled = { taken: null, more: false, full: false }
