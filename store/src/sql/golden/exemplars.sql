SELECT
  leftPad(lower(hex(edge_id)), 16, '0') AS `edgeId`,
  lower(hex(trace_id)) AS `traceId`,
  lower(hex(span_id)) AS `spanId`,
  duration AS `durationNs`,
  transit AS `transitNs`,
  error AS `error`,
  toUnixTimestamp64Milli(ts) AS `startMs`
FROM `exemplars`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (has({p3:Array(UInt64)}, edge_id))
ORDER BY edge_id, duration DESC
LIMIT {p4:UInt32} BY edge_id
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 Array(UInt64) ["81985529216486895"]
-- p4 UInt32 3
