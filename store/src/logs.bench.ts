import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSearch } from '@skein/schemas/filter'
import { Session } from 'chdb'
import { benchStoreOptions } from './bench-store.ts'
import { openChdbStore } from './chdb/store.ts'
import { WRITER_SETTINGS } from './engine.ts'

/**
 * What finding lines costs: `UV_THREADPOOL_SIZE=16 node store/src/logs.bench.ts [millions of lines] [directory to keep]`. Lines of a day, every
 * third Chinese, of 40 services, with numbers and ids that never repeat; one of all says `rarezebra`, one `魑魅`.
 */
const [millions = '10', kept] = process.argv.slice(2)
const LINES = Number(millions) * 1_000_000
const START_S = Date.UTC(2026, 10, 22) / 1000
const DAY_S = 86_400
const INSERTED_LINES = 1_000_000
const RUNS = 5
const TENANT = 't'
/** Of 10 M lines. */
const GOALS_MS: Readonly<Record<string, number>> = {
  'search rarezebra': 30,
  'search *arezebr*': 300,
  'search *a3f9c2d*': 300,
  'search *f9c2d*': 300,
  'search *魑魅*': 300,
  'search /rare[xyz]ebra/': 300,
  'search rarez*': 300,
  'histogram 24 h': 50,
}

const directory = kept ?? mkdtempSync(join(tmpdir(), 'skein-logs-bench-'))
const options = benchStoreOptions(directory)

const BODY = `multiIf(number % 3 = 0,
  concat(arrayElement(['用户登录失败','支付请求超时','直播流缓冲卡顿','订阅续费成功','频道切换完成','设备心跳丢失'], 1 + cityHash64(number) % 6), '，用户', toString(cityHash64(number, 7) % 1000000), '，频道', arrayElement(['新闻综合','体育赛事','少儿动画'], 1 + cityHash64(number, 3) % 3), if(number = ${Math.floor((LINES * 0.4) / 3) * 3}, '，罕见魑魅', '')),
  concat(arrayElement(['GET /api/epg','POST /api/pay','connection.reset by peer','cache miss key','slow query took'], 1 + cityHash64(number, 5) % 5), ' user=', toString(cityHash64(number, 8) % 1000000), ' req=', lower(hex(cityHash64(number, 9))), ' took ', toString(cityHash64(number, 4) % 5000), 'ms host=node-', toString(cityHash64(number, 6) % 50), if(number = ${Math.floor((LINES * 0.3) / 3) * 3 + 1}, ' rarezebra refused', '')))`

function insertStatement(from: number, lines: number): string {
  const ts = `fromUnixTimestamp64Nano(toInt64(${START_S}000000000 + intDiv(number * ${DAY_S}000000, ${LINES / 1000})))`
  return `INSERT INTO logs (tenant, bucket, ts, seq, received, severity, severity_text, service, resource_fp, scope, trace_id, span_id, pattern, body, body_kind, items, rest)
  SELECT '${TENANT}', toDateTime(intDiv(toUnixTimestamp(${ts}), 300) * 300), ${ts}, number * 1048576, toDateTime64(${ts}, 3), if(number % 20 = 0, 17, 9), if(number % 20 = 0, 'ERROR', 'INFO'),
    concat('service-', toString(number % 40)), number % 40 + 1, 'app', if(number % 2 = 0, reinterpretAsFixedString(sipHash128(number)), toFixedString('', 16)), reinterpretAsFixedString(cityHash64(number, 2)), number % 11 + 1, ${BODY}, 0,
    [concat('http.route=/r/', toString(number % 200)), concat('code#', toString(200 + number % 5))], if(number % 4 = 0, concat('\\x1e', 'user.id=', toString(cityHash64(number, 8) % 1000000), '\\x1e'), '')
  FROM numbers(${from}, ${lines})`
}

async function fill(): Promise<void> {
  await (await openChdbStore(options)).close()
  const session = new Session(join(directory, 'engine'))
  session.query('USE skein')
  session.query(`SET exclude_materialize_skip_indexes_on_insert = '${WRITER_SETTINGS['exclude_materialize_skip_indexes_on_insert']}'`)
  const cpu = process.cpuUsage()
  for (let from = 0; from < LINES; from += INSERTED_LINES) session.query(insertStatement(from, Math.min(INSERTED_LINES, LINES - from)))
  session.query(
    `INSERT INTO log_minutes SELECT tenant, toStartOfMinute(ts), 'prod', 'bj-1', '', service, if(severity = 17, 'error', 'info'), pattern, count(), sum(length(body)) FROM logs GROUP BY 1, 2, 6, 7, 8`,
  )
  session.query('OPTIMIZE TABLE logs FINAL')
  session.query('OPTIMIZE TABLE log_minutes FINAL')
  const { user, system } = process.cpuUsage(cpu)
  const sizes = session.query(
    "SELECT sum(data_compressed_bytes), sum(secondary_indices_compressed_bytes), count() FROM system.parts WHERE active AND table = 'logs'",
    'JSONCompactEachRow',
  )
  console.log(`filled with ${millions} M lines: ${((user + system) / 1e6).toFixed(1)} CPU-s; bytes of columns, of indexes, parts: ${sizes.trim()}`)
  session.close()
}

async function measure(): Promise<void> {
  const store = await openChdbStore(options)
  const day = { tenant: TENANT, startMs: START_S * 1000, endMs: (START_S + DAY_S) * 1000 }
  const searchOf = (text: string) => {
    const read = readSearch(text)
    if (!read.ok) throw new Error(read.error.message)
    return read.search
  }
  const time = async (name: string, ask: () => Promise<unknown>): Promise<void> => {
    const times: number[] = []
    let answer: unknown
    for (let run = 0; run < RUNS; run++) {
      const startMs = performance.now()
      answer = await ask()
      times.push(performance.now() - startMs)
    }
    times.sort((a, b) => a - b)
    const size = Array.isArray(answer) ? `${answer.length} rows` : JSON.stringify(answer).slice(0, 60)
    console.log(
      `${name.padEnd(44)} min ${times[0]?.toFixed(1).padStart(7)}  median ${times[RUNS >> 1]?.toFixed(1).padStart(7)}  max ${times.at(-1)?.toFixed(1).padStart(7)} ms  ${size}${GOALS_MS[name] === undefined ? '' : `; goal ≤ ${GOALS_MS[name]} ms`}`,
    )
  }
  const newest = (text: string) => () => store.logs.search({ ...day, search: searchOf(text), order: 'desc', limit: 200 })
  for (const text of [
    '',
    'rarezebra',
    'reset',
    '"reset by peer"',
    'nosuchword',
    '魑魅',
    '登录失败',
    '失败登录',
    '*arezebr*',
    '*osuchw*',
    '*eset by pe*',
    '*a3f9c2d*',
    '*f9c2d*',
    '*9c2*',
    '*魑魅*',
    '/rare[xyz]ebra/',
    '/RARE[XYZ]EBRA/i',
    'rarez*',
    'severity:error service:service-20',
  ])
    await time(`search ${text}`, newest(text))
  await time('search http.route:/r/77', newest('http.route:/r/77'))
  await time('search user.id:424242', newest('user.id:424242'))
  await time('search code>203 severity:error', newest('code>203 severity:error'))
  await time('search trace_id of none', newest(`trace_id:${'ab'.repeat(16)}`))
  for (const text of ['', 'severity:error', 'service:service-7', 'rarezebra', 'reset', '登录失败', '*arezebr*']) {
    await time(`histogram 24 h ${text}`.trimEnd(), () => store.logs.histogram({ ...day, search: searchOf(text) }, 600_000))
  }
  const facets = (text: string, fields: readonly string[]) => () =>
    store.logs.facets({ ...day, search: searchOf(text) }, { fields, values: 50, most: 1_000_000 })
  await time('facets of all', facets('', ['severity', 'service', 'environment', 'cluster']))
  await time('facets of reset', facets('reset', ['severity', 'service', 'environment', 'cluster']))
  await time('facet http.route of all', facets('', ['http.route']))
  await time('fields', () => store.logs.fields({ ...day, search: null }, 1000))
  await store.close()
}

if (!existsSync(join(directory, 'engine'))) await fill()
await measure()
if (kept === undefined) rmSync(directory, { recursive: true, force: true })
process.exit(0)
