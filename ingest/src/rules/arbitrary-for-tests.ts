import type { RuleAction, RuleDefinition } from '@skein/schemas/log-rule'
import fc from 'fast-check'
import { type LineForTests, RECEIVED_MS } from './batches-for-tests.ts'

const tag = (value: string): RuleAction => ({ type: 'set', field: 'tag', value })

const matches = fc.constantFrom(
  '',
  'error',
  '"user logged"',
  'us*',
  '/user \\d+/',
  '/(?i)ERROR/',
  'body:登录',
  'ÜBER',
  'über*',
  'service:gateway',
  'service:(epg OR drm)',
  '-service:epg',
  'severity>=warn',
  'severity:info',
  'error OR user',
  '-error',
  'app:x',
  'app:*',
  '-app:*',
  'n>5',
  'n!=5',
  'host.name:h1',
  'environment:prod',
  '-environment:prod',
  'tag:1',
  'tag:*',
  '(error OR app:x) service:epg',
  'body.a:1',
  'app:/x|y/',
  'trace_id:*',
)
const actions = fc.constantFrom<RuleAction>(
  { type: 'drop' },
  tag('1'),
  { type: 'set', field: 'service', value: 'epg' },
  { type: 'set', field: 'severity', value: 'error' },
  { type: 'set', field: 'body', value: 'user 9 logged in\0' },
  { type: 'remove', fields: ['app', 'n'] },
  { type: 'rename', from: 'app', to: 'tag' },
  { type: 'rename', from: 'n', to: 'body' },
  { type: 'parse', format: 'logfmt' },
  { type: 'parse', format: 'json' },
  { type: 'redact', patterns: ['[0-9]+'], mode: 'hash' },
  { type: 'redact', presets: ['email'], mode: 'replace' },
  { type: 'sample', by: 'line', percent: 50 },
  { type: 'sample', by: 'pattern', first: 1, oneIn: 2 },
  { type: 'rate_limit', lines: 2, per: 'minute', key: ['service'] },
  { type: 'metric', name: 'numbers', aggregation: 'histogram', field: 'n', by: ['app', 'service'] },
)
/** Rules of all kinds on what lines may say. */
export const definitions: fc.Arbitrary<Omit<RuleDefinition, 'name' | 'enabled'>[]> = fc.array(
  fc.record({ match: matches, actions: fc.array(actions, { minLength: 1, maxLength: 3 }) }),
  {
    minLength: 1,
    maxLength: 5,
  },
)
export const line: fc.Arbitrary<LineForTests> = fc.record(
  {
    body: fc.constantFrom(
      'error',
      'ERROR: no',
      'user 12 logged in',
      'Users',
      '用户登录 ok',
      'ÜBERfall Über',
      '{"a":1,"app":"x"}',
      'app=y n=9 mail=a@b.example',
      '',
      'errors',
    ),
    service: fc.constantFrom('gateway', 'epg', 'drm'),
    severityNumber: fc.constantFrom(0, 9, 13, 17),
    attributes: fc.record({ app: fc.constantFrom('x', 'y', 'zz'), n: fc.constantFrom<number | boolean>(5, 6.5, -7, true) }, { requiredKeys: [] }),
    trace: fc.constantFrom('ab'.repeat(16), 'cd'.repeat(16)),
    receivedMs: fc.constantFrom(RECEIVED_MS, RECEIVED_MS + 30_000),
  },
  { requiredKeys: [] },
)
