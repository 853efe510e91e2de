/** Protobuf fields of answers, which are small: joined byte arrays are enough. */
export function varintField(field: number, value: number): Uint8Array {
  return value === 0 ? new Uint8Array(0) : Uint8Array.from([...varint(field << 3), ...varint(value)])
}

export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...varint((field << 3) | 2), ...varint(value.length)]), value])
}

/** An empty string is proto3's default and is left out. */
export function textField(field: number, value: string): Uint8Array {
  return value === '' ? new Uint8Array(0) : bytesField(field, Buffer.from(value, 'utf8'))
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}
