SELECT
  lower(hex(trace_id)) AS `traceId`,
  max(has_root) AS `hasRoot`,
  argMin(root_service, (1 - has_root, start_ns)) AS `rootService`,
  argMin(root_operation, (1 - has_root, start_ns)) AS `rootOperation`,
  toString(min(start_ns)) AS `startNs`,
  max(end_ns) - min(start_ns) AS `durationNs`,
  sum(spans) AS `spans`,
  sum(errors) AS `errors`,
  arraySort(groupUniqArrayArray(services)) AS `services`
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (service = {p3:String}) AND (kind = {p4:UInt16}) AND (status = {p5:UInt16}) AND (duration >= {p6:UInt64}) AND (duration <= {p7:UInt64})
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p8:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p9:UInt64}) AND (min(start_ns) < {p10:UInt64})
ORDER BY min(start_ns) DESC, trace_id DESC
LIMIT {p11:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 String "tv"
-- p4 UInt16 3
-- p5 UInt16 1
-- p6 UInt64 "6"
-- p7 UInt64 "9"
-- p8 UInt32 10000
-- p9 UInt64 "1767300000000000000"
-- p10 UInt64 "1767303600000000000"
-- p11 UInt32 20
