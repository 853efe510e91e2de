SELECT
  lower(hex(trace_id)) AS `traceId`,
  lower(hex(cityHash64(trace_id))) AS `lot`,
  groupUniqArray(toUnixTimestamp(bucket)) AS `buckets`,
  (min(start_ns) >= {p0:UInt64}) AND (min(start_ns) < {p1:UInt64}) AND (max(end_ns) - min(start_ns) >= {p2:UInt64}) AND (max(end_ns) - min(start_ns) <= {p3:UInt64}) AND (sum(errors) > 0) AND ((trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p4:String}) AND (bucket >= toDateTime({p5:UInt32})) AND (bucket < toDateTime({p6:UInt32})) AND (hasAny(items, {p7:Array(String)})) AND (cityHash64(trace_id) % {p8:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p9:UInt32})) OR (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p4:String}) AND (bucket >= toDateTime({p5:UInt32})) AND (bucket < toDateTime({p6:UInt32})) AND (hasAny(splitByChar('\x1e', rest), {p7:Array(String)})) AND (cityHash64(trace_id) % {p8:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p9:UInt32}))) AS `isSelected`,
  count() OVER (PARTITION BY (min(start_ns) >= {p0:UInt64}) AND (min(start_ns) < {p1:UInt64}) AND (max(end_ns) - min(start_ns) >= {p2:UInt64}) AND (max(end_ns) - min(start_ns) <= {p3:UInt64}) AND (sum(errors) > 0) AND ((trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p4:String}) AND (bucket >= toDateTime({p5:UInt32})) AND (bucket < toDateTime({p6:UInt32})) AND (hasAny(items, {p7:Array(String)})) AND (cityHash64(trace_id) % {p8:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p9:UInt32})) OR (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p4:String}) AND (bucket >= toDateTime({p5:UInt32})) AND (bucket < toDateTime({p6:UInt32})) AND (hasAny(splitByChar('\x1e', rest), {p7:Array(String)})) AND (cityHash64(trace_id) % {p8:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p9:UInt32})))) AS `found`
FROM `traces`
WHERE (tenant = {p4:String}) AND (bucket >= toDateTime({p5:UInt32})) AND (bucket < toDateTime({p6:UInt32})) AND (cityHash64(trace_id) % {p8:UInt32} = 0) AND (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p4:String}) AND (bucket >= toDateTime({p5:UInt32})) AND (bucket < toDateTime({p6:UInt32})) AND (hasAny(items, {p10:Array(String)})) AND ((hasAny(items, {p11:Array(String)})) OR (hasAny(splitByChar('\x1e', rest), {p11:Array(String)}))) AND (service = {p12:String}) AND (name = {p13:String}) AND (status = 2) AND (cityHash64(trace_id) % {p8:UInt32} = 0)
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p9:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p14:UInt64}) AND (min(start_ns) < {p15:UInt64}) AND (max(has_root) = 1) AND (argMin(root_operation, (1 - has_root, start_ns)) = {p13:String}) AND (max(end_ns) - min(start_ns) >= {p2:UInt64}) AND (max(end_ns) - min(start_ns) <= {p3:UInt64}) AND (sum(errors) > 0)
ORDER BY cityHash64(trace_id)
LIMIT {p16:UInt32} BY isSelected
-- p0 UInt64 "1767300001500000000"
-- p1 UInt64 "1767300002500000000"
-- p2 UInt64 "5"
-- p3 UInt64 "9"
-- p4 String "acme"
-- p5 UInt32 1767299100
-- p6 UInt32 1767304500
-- p7 Array(String) ["v=2","v#2"]
-- p8 UInt32 3
-- p9 UInt32 1000000
-- p10 Array(String) ["user=42","user#42"]
-- p11 Array(String) ["m=GET"]
-- p12 String "tv"
-- p13 String "GET /"
-- p14 UInt64 "1767300000000000000"
-- p15 UInt64 "1767303600000000000"
-- p16 UInt32 500
