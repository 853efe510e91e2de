import { configSchema } from '@skein/schemas/config'
import { REDACTION_PRESETS } from '@skein/schemas/redaction'
import { personalSamples } from '@skein/schemas/redaction/samples-for-tests'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '../otlp-oracle.ts'
import { mutated, sampleLogs, sampleRequest, seededRandom } from '../sample-request.ts'
import { MalformedError, TooLargeError } from '../scan/malformed.ts'
import { LOG_KIND } from '../scan/scan-log.ts'
import { createScanner } from '../scan/scan-request.ts'
import { SPAN_KIND } from '../scan/scan-span.ts'
import { createMasker } from './masker.ts'

const limits = configSchema.parse({}).limits.intake
const SIGNALS = {
  traces: { scanner: createScanner(limits, SPAN_KIND), type: 'ExportTraceServiceRequest' },
  logs: { scanner: createScanner(limits, LOG_KIND), type: 'ExportLogsServiceRequest' },
} as const
const PHONE = '13800138000'
const STARS = '*'.repeat(PHONE.length)
const all = createMasker(REDACTION_PRESETS)

/** The request after masking, by the oracle. */
function masked(signal: keyof typeof SIGNALS, request: object, masker = all): unknown {
  const { scanner, type } = SIGNALS[signal]
  const bytes = encodeMessage(type, request)
  masker.mask(scanner.scan(bytes, 0), signal)
  return decodeMessage(type, bytes)
}

function same(signal: keyof typeof SIGNALS, request: object): unknown {
  const { type } = SIGNALS[signal]
  return decodeMessage(type, encodeMessage(type, request))
}

const text = (stringValue: string): object => ({ stringValue })
const ids = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2) }

/** A value with `secret` at every place of it where there may be text. */
function nested(secret: string): object {
  return {
    kvlistValue: {
      values: [
        { key: 'deep', value: { arrayValue: { values: [text(secret), { intValue: 5 }, text('x')] } } },
        { key: 'b', value: { boolValue: true } },
      ],
    },
  }
}

function log(secret: string, key = 'k'): object {
  const record = {
    timeUnixNano: '1',
    severityNumber: 9,
    severityText: PHONE,
    body: nested(secret),
    attributes: [{ key, value: text(`call ${secret}`) }],
    ...ids,
    flags: 1,
  }
  return {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'host.ip', value: text('10.1.2.3') }] },
        scopeLogs: [{ scope: { name: PHONE }, logRecords: [record, { body: text(secret) }] }],
      },
    ],
  }
}

function span(secret: string): object {
  const record = {
    ...ids,
    name: `GET /${secret}`,
    traceState: PHONE,
    attributes: [{ key: 'k', value: nested(secret) }],
    events: [{ name: secret, attributes: [{ key: 'exception.message', value: text(secret) }] }],
    links: [{ ...ids, attributes: [{ key: 'k', value: text(secret) }] }],
    status: { message: `no ${secret}`, code: 2 },
  }
  return { resourceSpans: [{ scopeSpans: [{ spans: [record] }] }] }
}

describe('masker', () => {
  it('masks wherever people write text, and nothing else', () => {
    expect(masked('logs', log(PHONE))).toEqual(same('logs', log(STARS)))
    expect(masked('traces', span(PHONE))).toEqual(same('traces', span(STARS)))
  })

  it('keys of attributes stay', () => {
    expect(masked('logs', log(PHONE, PHONE))).toEqual(same('logs', log(STARS, PHONE)))
  })

  it('of resources and scopes only secrets are masked', () => {
    const token = `gh${'p'}_${'a1'.repeat(18)}`
    const request = (secret: string): object => ({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'process.command_line', value: text(`run --token=${secret} --host=10.1.2.3`) }] },
          scopeLogs: [{ scope: { name: 's', attributes: [{ key: 'k', value: text(secret) }] }, logRecords: [{ body: text('x') }] }],
        },
      ],
    })
    expect(masked('logs', request(token))).toEqual(same('logs', request('*'.repeat(token.length))))
    expect(masked('logs', request(token), createMasker(['ip']))).toEqual(same('logs', request(token)))
  })

  it('the address of a server, which the map knows it by, stays; what else is in it does not', () => {
    const request = (address: string, client: string): object => ({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  ...ids,
                  attributes: [
                    { key: 'server.address', value: text(address) },
                    { key: 'client.address', value: text(client) },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
    expect(masked('traces', request('10.1.2.3', '10.1.2.3'))).toEqual(same('traces', request('10.1.2.3', '********')))
    expect(masked('traces', request(PHONE, 'x'))).toEqual(same('traces', request(STARS, 'x')))
  })

  it('what repeats of a line are known by stays, be it as long as a telephone number', () => {
    const request = (uid: string, path: string): object => ({
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  attributes: [
                    { key: 'log.record.uid', value: text(uid) },
                    { key: 'log.file.path', value: text(path) },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
    const uid = `00ab00ab00ab00ab:${PHONE}`
    expect(masked('logs', request(uid, `/log/${PHONE}`))).toEqual(same('logs', request(uid, `/log/${STARS}`)))
  })

  it('refused records are not looked at, and how much was found is counted', () => {
    const bytes = encodeMessage('ExportTraceServiceRequest', {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                { ...ids, name: `${PHONE} ${PHONE}` },
                { spanId: ids.spanId, name: PHONE },
              ],
            },
          ],
        },
      ],
    })
    expect(all.mask(SIGNALS.traces.scanner.scan(bytes, 0), 'traces')).toBe(2)
  })

  it('of 2,000 personal samples in log bodies at least 99 % are gone before anything is durable', () => {
    const samples = personalSamples(2000, 20_260_111)
    const request = { resourceLogs: [{ scopeLogs: [{ logRecords: samples.map(({ line }) => ({ body: text(line) })) }] }] }
    const bytes = encodeMessage('ExportLogsServiceRequest', request)
    all.mask(SIGNALS.logs.scanner.scan(bytes, 0), 'logs')
    expect(samples.filter(({ secret }) => bytes.includes(secret)).length / samples.length).toBeLessThanOrEqual(0.01)
  })

  it('whatever the scan accepts is masked without a fault and stays what it was in length and structure', () => {
    const random = seededRandom(20_260_112)
    const bases = [
      encodeMessage('ExportLogsServiceRequest', log(PHONE)),
      encodeMessage('ExportTraceServiceRequest', span(PHONE)),
      sampleLogs({ seed: 1, records: 5 }),
      sampleRequest({ seed: 1, spans: 5 }),
    ]
    let read = 0
    for (let round = 0; round < 4000; round++) {
      const signal = round % 2 === 0 ? 'logs' : 'traces'
      const bytes = mutated(bases[round % 4]!, random)
      try {
        const scan = SIGNALS[signal].scanner.scan(bytes, 0)
        const before = [scan.recordCount, Buffer.from(scan.records.subarray(0, scan.recordCount * 4).buffer).toString('hex', 0, scan.recordCount * 16)]
        all.mask(scan, signal)
        const after = SIGNALS[signal].scanner.scan(bytes, 0)
        expect([after.recordCount, Buffer.from(after.records.subarray(0, after.recordCount * 4).buffer).toString('hex', 0, after.recordCount * 16)]).toEqual(
          before,
        )
        read++
      } catch (error) {
        if (!(error instanceof MalformedError) && !(error instanceof TooLargeError)) throw new Error(bytes.toString('base64'), { cause: error })
      }
    }
    expect(read).toBeGreaterThan(400)
  })
})
