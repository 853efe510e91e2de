SELECT
  lower(hex(trace_id)) AS `traceId`,
  leftPad(lower(hex(cityHash64(trace_id))), 16, '0') AS `lot`,
  count() OVER () AS `found`
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (cityHash64(trace_id) % {p3:UInt32} = 0) AND (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (hasAny(items, {p4:Array(String)})) AND ((hasAny(items, {p5:Array(String)})) OR (hasAny(splitByChar('\x1e', rest), {p5:Array(String)}))) AND (service = {p6:String}) AND (name = {p7:String}) AND (status = 2) AND (cityHash64(trace_id) % {p3:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p8:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p9:UInt64}) AND (min(start_ns) < {p10:UInt64}) AND (max(has_root) = 1) AND (argMin(root_operation, (1 - has_root, start_ns)) = {p7:String}) AND (max(end_ns) - min(start_ns) >= {p11:UInt64}) AND (max(end_ns) - min(start_ns) <= {p12:UInt64}) AND (sum(errors) > 0) AND (NOT ((min(start_ns) >= {p13:UInt64}) AND (min(start_ns) < {p14:UInt64}) AND (max(end_ns) - min(start_ns) >= {p11:UInt64}) AND (max(end_ns) - min(start_ns) <= {p12:UInt64}) AND (sum(errors) > 0) AND ((trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (hasAny(items, {p15:Array(String)})) AND (cityHash64(trace_id) % {p3:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p8:UInt32})) OR (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (hasAny(splitByChar('\x1e', rest), {p15:Array(String)})) AND (cityHash64(trace_id) % {p3:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p8:UInt32})))))
ORDER BY cityHash64(trace_id)
LIMIT {p16:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 UInt32 3
-- p4 Array(String) ["user=42","user#42"]
-- p5 Array(String) ["m=GET"]
-- p6 String "tv"
-- p7 String "GET /"
-- p8 UInt32 1000000
-- p9 UInt64 "1767300000000000000"
-- p10 UInt64 "1767303600000000000"
-- p11 UInt64 "5"
-- p12 UInt64 "9"
-- p13 UInt64 "1767300001500000000"
-- p14 UInt64 "1767300002500000000"
-- p15 Array(String) ["v=2","v#2"]
-- p16 UInt32 500
