/** A record of a log as a person would tell it. */
export interface MadeLine {
  service: string
  /** OTel number. */
  severity: number
  text: string
  body: string
  /** Before now. */
  agoMs: number
  attributes?: Readonly<Record<string, string>>
  traceId?: string
  spanId?: string
}

export const TRACE_ID = '5b8efff798038103d269b633813fc60c'
export const SERVER_SPAN = 'eee19b7ec3c1b174'
export const CLIENT_SPAN = 'eee19b7ec3c1b173'
const WARNINGS = 120
const REQUESTS = 180

/** A third warnings of `playback` about one peer, the rest what a gateway is asked; one error of a trace, one line in Chinese. */
export function madeLines(): MadeLine[] {
  const pod = (index: number) => ({ 'http.response.status_code': index % 9 === 0 ? '502' : '200', 'session.id': `s-${index % 7}` })
  return [
    ...Array.from({ length: WARNINGS }, (_, index): MadeLine => {
      return {
        service: 'playback',
        severity: 13,
        text: 'WARN',
        body: `drm connection closed by peer, idle=${index}`,
        agoMs: 60_000 + index * 9000,
        attributes: pod(index),
      }
    }),
    ...Array.from({ length: REQUESTS }, (_, index): MadeLine => {
      return { service: 'gateway', severity: 9, text: 'INFO', body: `GET /play/${index} took ${index}ms`, agoMs: 30_000 + index * 6000, attributes: pod(index) }
    }),
    { service: 'account', severity: 5, text: 'DEBUG', body: '用户登录成功', agoMs: 45_000 },
    { service: 'drm', severity: 17, text: 'ERROR', body: 'license refused: <b>expired</b>', agoMs: 40_000, traceId: TRACE_ID, spanId: SERVER_SPAN },
  ]
}

export const LINE_COUNT = WARNINGS + REQUESTS + 2

/** OTLP/JSON of `/v1/logs`. */
export function logsRequest(lines: readonly MadeLine[], nowMs: number): object {
  const byService = Map.groupBy(lines, ({ service }) => service)
  return {
    resourceLogs: [...byService].map(([service, own]) => ({
      resource: resourceOf(service),
      scopeLogs: [{ scope: { name: 'app' }, logRecords: own.map((line) => recordOf(line, nowMs)) }],
    })),
  }
}

function resourceOf(service: string): object {
  return { attributes: attributesOf({ 'service.name': service, 'deployment.environment.name': 'prod', 'host.name': `node-${service}` }) }
}

function recordOf({ severity, text, body, agoMs, attributes = {}, traceId, spanId }: MadeLine, nowMs: number): object {
  return {
    timeUnixNano: `${nowMs - agoMs}000000`,
    observedTimeUnixNano: `${nowMs}000000`,
    severityNumber: severity,
    severityText: text,
    body: { stringValue: body },
    attributes: attributesOf(attributes),
    ...(traceId === undefined ? {} : { traceId, spanId }),
  }
}

function attributesOf(values: Readonly<Record<string, string>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }))
}

/** OTLP/JSON of `/v1/traces`: the call of a gateway that the error belongs to. */
export function traceRequest(nowMs: number): object {
  const atMs = nowMs - 40_000
  const span = (service: string, own: object) => ({
    resource: resourceOf(service),
    scopeSpans: [
      { spans: [{ traceId: TRACE_ID, name: 'POST /license', startTimeUnixNano: `${atMs - 300}000000`, endTimeUnixNano: `${atMs + 300}000000`, ...own }] },
    ],
  })
  return {
    resourceSpans: [
      span('gateway', { spanId: CLIENT_SPAN, kind: 3 }),
      span('drm', { spanId: SERVER_SPAN, parentSpanId: CLIENT_SPAN, kind: 2, status: { code: 2 } }),
    ],
  }
}
