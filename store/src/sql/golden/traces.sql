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
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p3:UInt64}) AND (min(start_ns) < {p4:UInt64}) AND (max(has_root) = 1) AND (argMin(root_operation, (1 - has_root, start_ns)) = {p5:String}) AND (max(end_ns) - min(start_ns) >= {p6:UInt64}) AND (max(end_ns) - min(start_ns) <= {p7:UInt64}) AND (sum(errors) > 0) AND ((max(end_ns) - min(start_ns), trace_id) < ({p8:UInt64}, toFixedString(unhex({p9:String}), 16)))
ORDER BY max(end_ns) - min(start_ns) DESC, trace_id DESC
LIMIT {p10:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p3:UInt64}) AND (min(start_ns) < {p4:UInt64}) AND (max(has_root) = 1) AND (argMin(root_operation, (1 - has_root, start_ns)) = {p5:String}) AND (max(end_ns) - min(start_ns) >= {p6:UInt64}) AND (max(end_ns) - min(start_ns) <= {p7:UInt64}) AND (sum(errors) > 0) AND ((max(end_ns) - min(start_ns), trace_id) < ({p8:UInt64}, toFixedString(unhex({p9:String}), 16)))
ORDER BY max(end_ns) - min(start_ns) DESC, trace_id DESC
LIMIT {p10:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 UInt64 "1767300000000000000"
-- p4 UInt64 "1767303600000000000"
-- p5 String "GET /"
-- p6 UInt64 "5"
-- p7 UInt64 "9"
-- p8 UInt64 "1767303500000000000"
-- p9 String "0123456789abcdef0123456789abcdef"
-- p10 UInt32 20
