import fc from 'fast-check'
import { BodyKind, LogAttribute, MAX_LOG_BODY_BYTES } from '@skein/schemas/log'
import { severityOf } from '@skein/schemas/severity'
import { describe, expect, test } from 'vitest'
import { batchEnvelope, DECODER_OPTIONS, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'
import { createLogDecoder } from './decode-logs.ts'
import { type LogBatch, timeMsOf } from './log-batch.ts'
import { removeAttribute, setAttribute, setBody, setService, setSeverity, setTraceId } from './log-changes.ts'
import { decodeOracleLogs, encodeLogs, logsOf, logsRequest, type OracleLog } from './logs-for-tests.ts'

const envelope = batchEnvelope({ topic: 'skein.logs' })
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const bodyOf = (batch: LogBatch, row: number): string => batch.bytes.toString('utf8', batch.bodyStart[row], batch.bodyEnd[row])

/** Names and wire bytes of a row's attributes. */
function attributesOf(batch: LogBatch, row: number): string[] {
  const all = []
  for (let i = batch.attributeFrom[row]!; i < batch.attributeTo[row]!; i++) {
    const [keyStart, keyEnd, field, start, end] = batch.attributes.subarray(i * 5, i * 5 + 5)
    all.push(`${batch.bytes.toString('utf8', keyStart, keyEnd)} ${field} ${batch.bytes.toString('latin1', start, end)}`)
  }
  return all
}

function readRow(batch: LogBatch, row: number): Record<string, unknown> {
  const id = (at: number, length: number): string => (at < 0 ? '' : hex(batch.bytes.subarray(at, at + length)))
  return {
    timeNs: (BigInt(batch.timeHigh[row]!) << 32n) | BigInt(batch.timeLow[row]!),
    severity: batch.severity[row],
    severityText: batch.severityTexts[batch.severityText[row]!],
    body: bodyOf(batch, row),
    bodyKind: batch.bodyKind[row],
    attributes: attributesOf(batch, row).length,
    traceId: id(batch.traceId[row]!, 16),
    spanId: id(batch.spanId[row]!, 8),
    flags: batch.flags[row],
    scope: batch.scopes[batch.scope[row]!],
  }
}

function expectedRow(log: OracleLog, scope: string): Record<string, unknown> {
  const { severityText: text = '', attributes = [], flags = 0, eventName = '' } = log
  const named = eventName !== '' && attributes.every(({ key }) => key !== LogAttribute.eventName)
  return {
    timeNs: expectedTime(BigInt(log.timeUnixNano ?? 0), BigInt(log.observedTimeUnixNano ?? 0)),
    severity: expectedSeverity(log.severityNumber ?? 0, text),
    severityText: text.replaceAll('\0', '\ufffd').slice(0, 64),
    ...expectedBody(log),
    attributes: attributes.length + (named ? 1 : 0),
    traceId: expectedId(log.traceId, 16),
    spanId: expectedId(log.spanId, 8),
    flags,
    scope,
  }
}

function expectedSeverity(number: number, text: string): number {
  return number > 0 && number <= 24 ? number : (severityOf(text.trim()) ?? 0)
}

function expectedBody({ body = {} }: OracleLog): Record<string, unknown> {
  const [field, content] = Object.entries(body)[0] ?? []
  if (field === 'arrayValue' || field === 'kvlistValue') return { body: expect.any(String), bodyKind: BodyKind.json }
  return { body: field === undefined ? '' : expectedText(field, content), bodyKind: BodyKind.text }
}

function expectedId(bytes: Uint8Array | undefined, length: number): string {
  return bytes?.length === length && bytes.some((byte) => byte !== 0) ? hex(bytes) : ''
}

function expectedText(field: string, content: unknown): string {
  if (field === 'stringValue') return String(content).replaceAll('\0', '\ufffd')
  if (field === 'bytesValue') return Buffer.from(content as Uint8Array).toString('base64')
  return String(content)
}

function expectedTime(time: bigint, observed: bigint): bigint {
  const received = BigInt(RECEIVED_AT_MS) * 1_000_000n
  const said = time === 0n ? observed : time
  return said < received - 7n * 86_400_000_000_000n || said > received + 600_000_000_000n ? received : said
}

describe('decodeLogs', () => {
  test('reads what protobufjs reads, whatever the request', () => {
    const decoder = createLogDecoder(DECODER_OPTIONS)
    fc.assert(
      fc.property(fc.array(logsRequest, { minLength: 1, maxLength: 3 }), (requests) => {
        const payloads = requests.map(encodeLogs)
        const { batch, malformed } = decoder.decode(payloads.map((payload) => ({ envelope, payload })))
        const expected = payloads
          .map(decodeOracleLogs)
          .flatMap(({ resourceLogs }) =>
            resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ scope, logRecords }) => logRecords.map((log) => expectedRow(log, scope?.name ?? '')))),
          )
        expect(malformed).toEqual([])
        expect(Array.from({ length: batch.length }, (_, row) => readRow(batch, row))).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('a damaged payload leaves nothing behind and harms no other', () => {
    const decoder = createLogDecoder(DECODER_OPTIONS)
    fc.assert(
      fc.property(logsRequest, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }), logsRequest, (request, flips, other) => {
        const damaged = encodeLogs(request)
        for (const [at, byte] of flips) if (damaged.length > 0) damaged[at % damaged.length] = byte
        const whole = encodeLogs(other)
        const alone = decoder.decode([{ envelope, payload: whole }]).batch
        const rows = Array.from({ length: alone.length }, (_, row) => readRow(alone, row))
        const { batch } = decoder.decode([
          { envelope, payload: damaged },
          { envelope, payload: whole },
        ])
        const after = Array.from({ length: batch.length }, (_, row) => row).filter((row) => batch.envelope[row] === 1)
        expect(after.map((row) => readRow(batch, row))).toEqual(rows)
      }),
      { numRuns: 200 },
    )
  })

  test('a body without a value is empty, whatever stands behind it', () => {
    const payload = encodeLogs(logsOf('s', [{ body: {} }]))
    const inputs = [payload, payload].map((each) => ({ envelope, payload: each }))
    const { batch, malformed } = createLogDecoder(DECODER_OPTIONS).decode(inputs)
    expect([batch.length, malformed, bodyOf(batch, 0), bodyOf(batch, 1)]).toEqual([2, [], '', ''])
  })

  test('the uid of a tailed file is no attribute, any other is', () => {
    const uid = (stringValue: string): OracleLog => ({
      attributes: [
        { key: 'a', value: { intValue: '1' } },
        { key: 'log.record.uid', value: { stringValue } },
        { key: 'b', value: { stringValue: 'x' } },
      ],
    })
    const uids = ['00ab00cd89abcdef:1234567', '01J8ZK', '00ab00cd89abcdef:', '0xab00cd89abcdef:1', '00ab00cd89abcdef:12x', '00ab00cd89abcdef:1234567890123456']
    const { batch } = createLogDecoder(DECODER_OPTIONS).decode([{ envelope, payload: encodeLogs(logsOf('s', uids.map(uid))) }])
    expect(attributesOf(batch, 0)).toEqual(['a 3 \x01', 'b 1 x'])
    expect([batch.file[1]?.toString(16), batch.file[0]?.toString(16), batch.fileOffset[0], batch.slots[0]]).toEqual(['ab00cd', '89abcdef', 1_234_567, 0])
    for (let row = 1; row < uids.length; row++) {
      expect([row, batch.fileOffset[row], batch.slots[row]! > 0, attributesOf(batch, row)[1]]).toEqual([row, -1, true, `log.record.uid 1 ${uids[row]}`])
    }
  })

  test('invalid UTF-8 and NUL become U+FFFD, and a line that is too long is cut between characters and says so', () => {
    const broken = { key: 'service.name', value: { stringValue: 's' } }
    const long = 'é'.repeat(MAX_LOG_BODY_BYTES)
    const payload = encodeLogs({
      resourceLogs: [
        {
          resource: { attributes: [broken] },
          scopeLogs: [{ logRecords: [{ body: { stringValue: 'a\0b' } }, { body: { stringValue: `x${long}` } }, { body: { stringValue: 'last' } }] }],
        },
      ],
    })
    const invalid = Buffer.from(encodeLogs(logsOf('s', [{ body: { stringValue: 'caf\u00e9!' } }])))
    invalid[invalid.indexOf(0xc3)] = 0xff
    const { batch, malformed } = createLogDecoder(DECODER_OPTIONS).decode([
      { envelope, payload },
      { envelope, payload: invalid },
    ])
    expect(malformed).toEqual([])
    expect([bodyOf(batch, 0), bodyOf(batch, 2), bodyOf(batch, 3)]).toEqual(['a\ufffdb', 'last', 'caf\ufffd\ufffd!'])
    expect(bodyOf(batch, 1)).toBe(`x${'é'.repeat(MAX_LOG_BODY_BYTES / 2 - 1)}`)
    expect(attributesOf(batch, 1)[0]).toContain(LogAttribute.cutBytes)
  })

  test('payloads that lie in one memory are read where they lie, are what copies of them are, and nothing is written there', () => {
    const lines = [
      { body: { arrayValue: { values: [{ intValue: '1' }] } } },
      { body: { stringValue: 'a\0b' }, eventName: 'started' },
      { body: { stringValue: 'plain' } },
    ]
    const payloads = [encodeLogs(logsOf('shop', lines)), encodeLogs(logsOf('stock', lines))]
    const memory = Buffer.from(new ArrayBuffer(5 + payloads.reduce((sum, { length }) => sum + length, 4096))).fill(0xff)
    let at = 5
    const lying = payloads.map((payload) => {
      memory.set(payload, at)
      at += payload.length
      return memory.subarray(at - payload.length, at)
    })
    const before = Buffer.from(memory)
    const decoder = createLogDecoder(DECODER_OPTIONS)
    const rowsOf = (of: readonly Uint8Array[]): unknown[] => {
      const { batch, malformed } = decoder.decode(of.map((payload) => ({ envelope, payload })))
      for (let row = 0; row < batch.length; row++) setAttribute(batch, row, 'more', 'x'.repeat(100))
      return [malformed, ...Array.from({ length: batch.length }, (_, row) => [readRow(batch, row), attributesOf(batch, row)])]
    }
    const read = rowsOf(lying)
    expect(read).toHaveLength(1 + 2 * lines.length)
    expect(read).toEqual(rowsOf(payloads.map((payload) => new Uint8Array(payload))))
    expect(memory.equals(before)).toBe(true)
  })

  test('what changes one line changes no other', () => {
    const logs: OracleLog[] = ['a', 'b', 'c'].map((body) => ({
      body: { stringValue: body },
      attributes: [
        { key: 'k', value: { stringValue: body } },
        { key: 'm', value: { intValue: '7' } },
      ],
    }))
    const { batch } = createLogDecoder(DECODER_OPTIONS).decode([{ envelope, payload: encodeLogs(logsOf('s', logs)) }])
    const before = readRow(batch, 2)
    setBody(batch, 1, 'new')
    setAttribute(batch, 1, 'k', 'x'.repeat(5000))
    setAttribute(batch, 1, 'n', -3)
    setAttribute(batch, 0, 'n', true)
    expect([removeAttribute(batch, 1, 'm'), removeAttribute(batch, 1, 'm')]).toEqual([true, false])
    setService(batch, 1, 'other')
    setSeverity(batch, 1, 17, 'error')
    expect([setTraceId(batch, 1, 'abc'), setTraceId(batch, 2, 'xyz'), setTraceId(batch, 2, '000')]).toEqual([true, false, false])
    expect(bodyOf(batch, 1)).toBe('new')
    expect(attributesOf(batch, 1).map((text) => text.slice(0, 6))).toEqual(['k 1 xx', expect.stringMatching(/^n 3 /)])
    expect(attributesOf(batch, 0)).toEqual(['k 1 a', 'm 3 \x07', 'n 2 \x01'])
    expect(readRow(batch, 1)).toMatchObject({ severity: 17, severityText: 'error', traceId: `${'0'.repeat(29)}abc` })
    expect(batch.services[batch.service[1]!]).toBe('other')
    expect(readRow(batch, 2)).toEqual(before)
    expect(timeMsOf(batch, 2)).toBeCloseTo(RECEIVED_AT_MS, 1)
  })
})
