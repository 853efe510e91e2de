import { encodeLogs } from '@skein/ingest/logs/logs-for-tests'

const SERVICES = ['gateway', 'epg', 'play', 'drm', 'billing', 'search', 'account', 'push', 'ads', 'cdn-router', 'device', 'catalogue']
const BODIES: readonly (readonly [severity: number, body: string])[] = [
  [9, 'GET /api/epg/217/now 200 37ms bytes=20113 viewer=771203 region=bj cache=hit'],
  [9, 'played channel ch-112 for viewer 20417 in 311 ms from edge-7 bitrate=4200k'],
  [5, 'cache get epg:311:20261125 hit=true size=4120 took 812us pool=3 node=redis-1'],
  [9, '用户 771203 切换频道 217 成功，耗时 211 毫秒，节点 edge-12'],
  [13, 'slow query took 1210 ms: SELECT * FROM entitlements WHERE viewer_id = 771203 rows=12'],
  [9, 'license issued for asset 9f27c01be2 device 77aa10c4e1f0 drm=widevine valid=7200s'],
  [9, 'order 411903 paid by wallet amount=211.10 CNY attempt=1 customer=771203 gateway=pay-2'],
  [17, 'upstream timeout after 2000 ms from 10.42.17.211:41030 while reading response header'],
]
/** A word that every eighth line has. */
export const WORD_OF_SOME = 'timeout'
/** Stands in every body where the time of sending is written. */
const MARK = 'at=0000000000000'
export const WRITTEN_AT = /at=(\d{13})/

/** Requests of `lines` lines each; who is given one may send it and forget it. Every line of it says when it was asked for (Unix ms). */
export function createLiveLines(lines: number): { next(nowMs: number): Uint8Array } {
  const templates = SERVICES.map((service, index) => template(service, lines, index))
  let sent = 0
  return {
    next(nowMs) {
      const { bytes, places } = templates[sent++ % templates.length] ?? { bytes: Buffer.alloc(0), places: [] }
      const request = Buffer.from(bytes)
      for (const place of places) request.write(String(nowMs), place, 'latin1')
      return request
    },
  }
}

function template(service: string, lines: number, from: number): { bytes: Buffer; places: number[] } {
  const logRecords = Array.from({ length: lines }, (_, line) => {
    const [severityNumber, body] = BODIES[(line + from) % BODIES.length] ?? [9, '']
    return { severityNumber, severityText: '', body: { stringValue: `${body} ${MARK} line=${line}` }, attributes: [text('log.iostream', 'stdout')] }
  })
  const attributes = [text('service.name', service), text('k8s.namespace.name', 'tv'), text('host.name', `node-${from % 5}`)]
  const bytes = Buffer.from(encodeLogs({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: '' }, logRecords }] }] }))
  const places: number[] = []
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + MARK.length)) places.push(at + 3)
  return { bytes, places }
}

const text = (key: string, stringValue: string): { key: string; value: { stringValue: string } } => ({ key, value: { stringValue } })
