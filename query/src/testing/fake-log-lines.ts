import type { LogRow } from '@skein/store/contract-logs'
import { logLineId } from '@skein/schemas/log'
import { severityClass } from '@skein/schemas/severity'
import { fakeResourceId } from './fake-traces.ts'
import { seeded, seededHex } from './seeded.ts'
import { SERVICES } from './tv-operator.ts'

/** A line every so often, one after the other, as far back as `KEPT_MS`. */
const STEP_MS = 2000
const KEPT_MS = 6 * 3_600_000

type Says = (n: (of: number) => number) => string

const LINES: readonly (readonly [severity: number, says: Says])[] = [
  [9, (n) => `GET /epg/now 200 in ${n(80)} ms`],
  [9, (n) => `played title ${n(9000)} for user_id=${n(100_000)}`],
  [5, (n) => `cache miss key=title:${n(9000)}`],
  [9, (n) => `用户${n(100_000)}登录成功，频道新闻综合`],
  [13, (n) => `slow query took ${n(4000)} ms: SELECT * FROM entitlements WHERE account = ?`],
  [13, (n) => `直播流缓冲卡顿，频道体育赛事，用户${n(100_000)}`],
  [17, (n) => `connection reset by peer 10.2.${n(255)}.${n(255)}:443`],
  [17, () => `{"message":"payment refused","provider":"unionpay","code":51}`],
]

/** Which line how often. */
const DICE = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7]

/** Lines of the made-up operator in a window, oldest first. */
export function fakeLogLines({ startMs, endMs }: { startMs: number; endMs: number }, nowMs: number): LogRow[] {
  const from = Math.ceil(Math.max(startMs, nowMs - KEPT_MS) / STEP_MS)
  const to = Math.ceil(Math.min(endMs, nowMs) / STEP_MS)
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => lineOf(from + i))
}

function lineOf(step: number): LogRow {
  const kind = DICE[Math.floor(seeded('line', step) * DICE.length)] ?? 0
  const [severity, says] = LINES[kind] ?? [0, () => '']
  const service = SERVICES[Math.floor(seeded('service', step) * SERVICES.length)]?.service ?? ''
  const body = says((of) => Math.floor(seeded('number', step, of) * of))
  const timeNs = BigInt(step * STEP_MS + Math.floor(seeded('ms', step) * STEP_MS)) * 1_000_000n
  const traced = seeded('traced', step) < 0.7
  return {
    id: logLineId(timeNs, BigInt(step)),
    timeNs: timeNs.toString(),
    severity,
    severityText: severityClass(severity).toUpperCase(),
    service,
    scope: 'pino',
    resource: fakeResourceId(service, 0),
    traceId: traced ? seededHex(32, 'trace', step) : '',
    spanId: traced ? seededHex(16, 'span', step) : '',
    pattern: seededHex(16, 'pattern', kind, service),
    body,
    bodyKind: body.startsWith('{') ? 1 : 0,
    attributes: [
      ['log.file.path', `/var/log/${service}.log`],
      ['thread.id', Math.floor(seeded('thread', step) * 8)],
    ],
  }
}
