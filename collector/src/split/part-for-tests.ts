import type { Part } from './split-request.ts'

/** The bytes of a part, as they will stand in its envelope. */
export function payloadOf(part: Part): Uint8Array {
  const out = new Uint8Array(part.payload.bytes)
  part.payload.write(out, 0)
  return out
}
