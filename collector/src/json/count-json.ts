import { METRIC_DATA_JSON, RECORD_JSON } from '@skein/schemas/otlp-count'
import { listAt, member, objectAt } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'

/** Log records or data points in an OTLP/JSON request. Throws `MalformedError`. */
export function countJsonRecords(signal: 'logs' | 'metrics', request: JsonObject): number {
  const [groups, scopes, records] = RECORD_JSON[signal]
  let count = 0
  for (const group of objects(request, groups)) {
    for (const scope of objects(group, scopes)) {
      if (signal === 'logs') count += listAt(member(scope, records), records).length
      else for (const metric of objects(scope, records)) count += countPoints(metric)
    }
  }
  return count
}

function countPoints(metric: JsonObject): number {
  let count = 0
  for (const kind of METRIC_DATA_JSON) {
    const data = objectAt(member(metric, kind), kind)
    if (data !== undefined) count += listAt(member(data, 'dataPoints'), `${kind}.dataPoints`).length
  }
  return count
}

function objects(parent: JsonObject, name: string): JsonObject[] {
  return listAt(member(parent, name), name).map((each, i) => objectAt(each, `${name}[${i}]`) ?? {})
}
