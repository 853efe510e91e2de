import type { RuleAction } from '@skein/schemas/log-rule'
import { REDACTION_PRESETS } from '@skein/schemas/redaction'
import { DECODER_OPTIONS } from '../decode/oracle-for-tests.ts'
import { createLogDecoder } from '../logs/decode-logs.ts'
import { linesOf } from '../logs/lines-for-tests.ts'
import { rulesOf, TIMES } from './batches-for-tests.ts'
import { createRuleStep } from './rule-step.ts'

/** CPU time a line of 20 rules of which none wants it, and of one that drops a tenth: `node ingest/src/rules/rules.bench.ts [lines]`. */
const LINES_PER_BATCH = 50_000
const total = Number(process.argv[2] ?? 500_000)

const NOT_WANTED = [
  'service:nobody',
  'service:nobody severity<warn',
  '"health check passed"',
  'NullPointerException',
  'severity>=fatal',
  '/OutOfMemory(Error)?: .*heap/',
  '/took [0-9]{6,} ms: SELECT/',
  'http.route:"/healthz"',
  'http.response.status_code>=500 service:nobody',
  'environment:staging',
  'environment:staging "debug"',
  'timeout upstream',
  '(deadlock OR "lock wait")',
  'app:legacy',
  'cluster:gz-1 severity:debug',
  '密码错误',
  'kubelet (probe OR liveness)',
  'user.email:*',
  '/panic: .*goroutine/',
  '-severity:(trace OR debug OR info OR warn OR error OR fatal) zebra',
]

const DROP: RuleAction[] = [{ type: 'drop' }]

function measure(name: string, matches: readonly string[], actions = DROP): void {
  const step = createRuleStep(() => '', TIMES)
  step.learn([{ ...rulesOf(matches.map((match) => ({ match, actions }))), tenant: 'acme' }])
  const decoder = createLogDecoder({ ...DECODER_OPTIONS, maxInternedBytes: 32 << 20 })
  const perLineUs: number[] = []
  let dropped = 0
  for (let seed = 1; seed <= Math.ceil(total / LINES_PER_BATCH); seed++) {
    const { batch } = decoder.decode(linesOf({ lines: LINES_PER_BATCH, linesPerEnvelope: 200, source: 'agent', seed }))
    for (const envelope of batch.envelopes) envelope.tenant = 'acme'
    const before = process.threadCpuUsage()
    step.apply(batch, { emit: true })
    const { user, system } = process.threadCpuUsage(before)
    perLineUs.push((user + system) / batch.length)
    step.take()
    for (let row = 0; row < batch.length; row++) if (batch.fate[row] !== 0) dropped++
  }
  const half = perLineUs.toSorted((a, b) => a - b)[perLineUs.length >> 1] ?? 0
  process.stdout.write(`${name}: ${half.toFixed(2)} µs a line, ${dropped} of ${total} dropped\n`)
}

measure('20 rules, none wants a line', NOT_WANTED)
measure('one rule that drops by words', ['"connection reset"'])
measure('one rule that drops by an expression', ['/took \\d{4} ms/'])
measure('one rule that sets an attribute of every line', [''], [{ type: 'set', field: 'tag', value: 'x' }])
measure('one rule that counts every line for a metric by service', [''], [{ type: 'metric', name: 'lines', aggregation: 'count', by: ['service'] }])
measure('one rule that takes every line apart', [''], [{ type: 'parse', format: 'key_value' }])
measure('one rule that looks for all presets in every line', [''], [{ type: 'redact', presets: [...REDACTION_PRESETS], mode: 'replace' }])
