import type { SeverityClass } from '@skein/schemas/severity'
import type { LogPatternQuestions, PatternScope, StoredPattern } from '../contract-log-patterns.ts'
import type { Engine } from '../engine.ts'
import { asBytes, asNumber, asText } from '../sql/column.ts'
import { hexId, sql, text, texts, uint16, uint32, uint64, uint64Ids } from '../sql/fragment.ts'
import { compile, type CompiledQuery } from '../sql/select.ts'
import type { Column, Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'

const NO_PATTERN = '0'.repeat(16)
const HEX = hexId(sql`pattern`)

export function createLogPatternQuestions(engine: Engine): LogPatternQuestions {
  return {
    async totals(scope, limit) {
      const rows = await engine.ask(totalsQuery(scope, limit))
      return rows.map((row) => ({ ...row, pattern: row.pattern === NO_PATTERN ? null : row.pattern, severity: row.severity as SeverityClass }))
    },
    series: (scope, patterns, stepMs) => engine.ask(seriesQuery(scope, patterns, stepMs)),
    templates: (tenant, patterns) => engine.ask(templatesQuery(tenant, patterns)),
  }
}

export function totalsQuery(scope: PatternScope, limit: number) {
  return compile({
    scope,
    from: 'log_minutes',
    columns: {
      service: asText(sql`service`),
      pattern: asText(HEX),
      severity: asText(sql`severity`),
      lines: asNumber(sql`sum(lines)`),
      bytes: asNumber(sql`sum(bytes)`),
    },
    where: conditions(scope),
    groupBy: sql`service, pattern, severity`,
    orderBy: sql`sum(lines) DESC, service, pattern, severity`,
    limit,
  })
}

export function seriesQuery(scope: PatternScope, patterns: readonly string[], stepMs: number) {
  const step = sql`intDiv(toUnixTimestamp(minute), ${uint32(stepMs / 1000)})`
  const timeMs: Column<number> = { expression: step, read: (value) => Number(value) * stepMs }
  return compile({
    scope,
    from: 'log_minutes',
    columns: { pattern: asText(HEX), timeMs, lines: asNumber(sql`sum(lines)`) },
    where: [...conditions(scope), sql`pattern IN ${uint64Ids(patterns)}`],
    groupBy: sql`pattern, ${step}`,
    orderBy: sql`pattern, ${step}`,
  })
}

export function templatesQuery(tenant: string, patterns: readonly string[]) {
  return compile({
    scope: { tenant },
    from: 'log_patterns',
    columns: {
      service: asText(sql`service`),
      pattern: asText(HEX),
      template: asText(sql`argMax(template, (day, position))`),
      firstSeenMs: asNumber(sql`toUnixTimestamp64Milli(min(first_seen))`),
    },
    where: [sql`pattern IN ${uint64Ids(patterns)}`],
    groupBy: sql`service, pattern`,
    orderBy: sql`service, pattern`,
  })
}

function conditions({ service, environment, cluster, namespace, severities, ...window }: PatternScope): Fragment[] {
  return [
    minutesOf(window),
    ...(service === undefined ? [] : [sql`service = ${text(service)}`]),
    ...(environment === undefined ? [] : [sql`environment = ${text(environment)}`]),
    ...(cluster === undefined ? [] : [sql`cluster = ${text(cluster)}`]),
    ...(namespace === undefined ? [] : [sql`namespace = ${text(namespace)}`]),
    ...(severities === undefined ? [] : [sql`severity IN ${texts(severities)}`]),
  ]
}

/** The templates of a partition of the log as they were before one of its offsets, of each service in the order they were made. */
export function storedPatternsQuery(partition: number, beforeOffset: number): CompiledQuery<StoredPattern> {
  return compile({
    scope: { everyTenant: 'patterns' },
    from: 'log_patterns',
    columns: {
      tenant: asText(sql`tenant`),
      service: asText(sql`service`),
      number: asNumber(sql`number`),
      pattern: asText(hexId(sql`argMax(pattern, position)`)),
      template: asBytes(sql`base64Encode(argMax(template, position))`),
      firstSeenMs: asNumber(sql`toUnixTimestamp64Milli(argMax(first_seen, position))`),
      day: asNumber(sql`toUInt16(max(day))`),
    },
    where: [sql`partition = ${uint16(partition)}`, sql`position < ${uint64(beforeOffset)}`],
    groupBy: sql`tenant, service, number`,
    orderBy: sql`tenant, service, number`,
  })
}
