/** The bytes are not the message they claim to be; the same bytes fail again. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
  /** What is wrong, by field path or byte offset. */
  readonly field: string
  readonly reason: 'malformed' | 'intake_depth_hard'

  constructor(message: string, field: string, reason: 'malformed' | 'intake_depth_hard' = 'malformed') {
    super(message)
    this.field = field
    this.reason = reason
  }
}

/** A whole request is over a limit that sending it again does not change. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
  readonly reason: 'intake_body_bytes' | 'intake_records'

  constructor(message: string, reason: 'intake_body_bytes' | 'intake_records') {
    super(message)
    this.reason = reason
  }
}
