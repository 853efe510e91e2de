/** `ExportLogsServiceResponse { partial_success = 1 { rejected_log_records = 1, error_message = 2 } }`; what cannot be read says nothing was rejected. */
export function readLogsResponse(bytes: Buffer): { rejected: number; message: string } {
  const partial = fields(bytes).get(1)
  if (!Buffer.isBuffer(partial)) return { rejected: 0, message: '' }
  const inner = fields(partial)
  const rejected = inner.get(1)
  const message = inner.get(2)
  return { rejected: typeof rejected === 'number' ? rejected : 0, message: Buffer.isBuffer(message) ? message.toString('utf8') : '' }
}

/** Varints and length-delimited fields by number; stops at what it does not know. */
function fields(bytes: Buffer): Map<number, number | Buffer> {
  const found = new Map<number, number | Buffer>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let unit = 1; at < bytes.length; unit *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * unit
      if (byte < 0x80) break
    }
    return value
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag % 8 === 0) found.set(Math.floor(tag / 8), varint())
    else if (tag % 8 === 2) {
      const length = varint()
      found.set(Math.floor(tag / 8), bytes.subarray(at, at + length))
      at += length
    } else break
  }
  return found
}
