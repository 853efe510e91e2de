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
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (hasAny(splitByChar('\x1e', rest), {p3:Array(String)})) AND ((hasAny(items, {p4:Array(String)})) OR (hasAny(splitByChar('\x1e', rest), {p4:Array(String)}))) AND (service = {p5:String}) AND (name = {p6:String}) AND (status = 2)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p7:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p8:UInt64}) AND (min(start_ns) < {p9:UInt64}) AND (max(has_root) = 1) AND (argMin(root_operation, (1 - has_root, start_ns)) = {p6:String}) AND (max(end_ns) - min(start_ns) >= {p10:UInt64}) AND (max(end_ns) - min(start_ns) <= {p11:UInt64}) AND (sum(errors) > 0) AND ((min(start_ns), trace_id) < ({p12:UInt64}, toFixedString(unhex({p13:String}), 16)))
ORDER BY min(start_ns) DESC, trace_id DESC
LIMIT {p14:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 Array(String) ["user=42","user#42"]
-- p4 Array(String) ["m=GET"]
-- p5 String "tv"
-- p6 String "GET /"
-- p7 UInt32 10000
-- p8 UInt64 "1767300000000000000"
-- p9 UInt64 "1767303600000000000"
-- p10 UInt64 "5"
-- p11 UInt64 "9"
-- p12 UInt64 "1767303500000000000"
-- p13 String "0123456789abcdef0123456789abcdef"
-- p14 UInt32 20
