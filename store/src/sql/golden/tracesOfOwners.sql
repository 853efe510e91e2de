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
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (resource_fp IN {p3:Array(UInt64)}) AND (service = {p4:String}) AND (name = {p5:String}) AND (status = 2)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p6:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p7:UInt64}) AND (min(start_ns) < {p8:UInt64}) AND (max(has_root) = 1) AND (argMin(root_operation, (1 - has_root, start_ns)) = {p5:String}) AND (max(end_ns) - min(start_ns) >= {p9:UInt64}) AND (max(end_ns) - min(start_ns) <= {p10:UInt64}) AND (sum(errors) > 0) AND ((min(start_ns), trace_id) < ({p11:UInt64}, toFixedString(unhex({p12:String}), 16)))
ORDER BY min(start_ns) DESC, trace_id DESC
LIMIT {p13:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 Array(UInt64) ["81985529216486895"]
-- p4 String "tv"
-- p5 String "GET /"
-- p6 UInt32 10000
-- p7 UInt64 "1767300000000000000"
-- p8 UInt64 "1767303600000000000"
-- p9 UInt64 "5"
-- p10 UInt64 "9"
-- p11 UInt64 "1767303500000000000"
-- p12 String "0123456789abcdef0123456789abcdef"
-- p13 UInt32 20
