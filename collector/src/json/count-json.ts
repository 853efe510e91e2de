import { METRIC_DATA_JSON } from '@skein/schemas/otlp-count'
import { listAt, member, objectAt } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'

/** Data points in an OTLP/JSON metrics request. Throws `MalformedError`. */
export function countJsonPoints(request: JsonObject): number {
  let count = 0
  for (const group of objects(request, 'resourceMetrics')) {
    for (const scope of objects(group, 'scopeMetrics')) for (const metric of objects(scope, 'metrics')) count += countPoints(metric)
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
