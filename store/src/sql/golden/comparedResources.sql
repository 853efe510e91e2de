SELECT
  leftPad(lower(hex(resource_fp)), 16, '0') AS `fingerprint`,
  groupUniqArray(lower(hex(trace_id))) AS `traceIds`
FROM `spans`
WHERE (tenant = {p0:String}) AND ((bucket, trace_id) IN arrayMap((at, id) -> (toDateTime(at), toFixedString(unhex(id), 16)), {p1:Array(UInt64)}, {p2:Array(String)}))
GROUP BY resource_fp
ORDER BY uniqExact(trace_id) DESC, resource_fp
LIMIT {p3:UInt32}
-- p0 String "acme"
-- p1 Array(UInt64) ["1767300000","1767300300","1767300000"]
-- p2 Array(String) ["0123456789abcdef0123456789abcdef","0123456789abcdef0123456789abcdef","ffffffffffffffffffffffffffffffff"]
-- p3 UInt32 2000
