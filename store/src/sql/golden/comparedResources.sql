SELECT
  leftPad(lower(hex(resource_fp)), 16, '0') AS `fingerprint`,
  groupUniqArray(lower(hex(trace_id))) AS `traceIds`
FROM `spans`
WHERE (tenant = {p0:String}) AND ((bucket, trace_id) IN (SELECT
  bucket AS `bucket`,
  trace_id AS `traceId`
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (cityHash64(trace_id) IN {p3:Array(UInt64)})))
GROUP BY resource_fp
ORDER BY uniqExact(trace_id) DESC, resource_fp
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 Array(UInt64) ["81985529216486895","18446744073709551615"]
-- p4 UInt32 2000
