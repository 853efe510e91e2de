import fc from 'fast-check'

/** Any values of the fields that OTLP messages are made of, as both JSON and protobufjs take them. */
export const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ stringValue: fc.string({ unit: 'grapheme', maxLength: 20 }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.oneof(fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)) }),
    fc.record({ doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(fc.record({ key: fc.string({ maxLength: 6 }), value: tie('value') }), { maxLength: 3 }) }) }),
    fc.constant({}),
  ),
})).value

export const attributes = fc.array(fc.record({ key: fc.string({ maxLength: 8 }), value: anyValue }), { maxLength: 4 })
export const id = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes))
export const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)
export const count = fc.integer({ min: 0, max: 2 ** 31 })

/** A message as OTLP/JSON, with ids in hexadecimal digits of either case. */
export function jsonText(message: object, upper: boolean): string {
  return JSON.stringify(message, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null || !('type' in each) || each.type !== 'Buffer') return each
    const hex = Buffer.from((each as unknown as { data: number[] }).data).toString('hex')
    return upper ? hex.toUpperCase() : hex
  })
}
