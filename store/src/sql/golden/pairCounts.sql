SELECT
  pair AS `pair`,
  uniqExact(traceId) AS `traces`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p0:String}, rest))))) AS `pair`
FROM `spans`
WHERE (tenant = {p1:String}) AND ((bucket, trace_id) IN arrayMap((at, id) -> (toDateTime(at), toFixedString(unhex(id), 16)), {p2:Array(UInt64)}, {p3:Array(String)})))
GROUP BY pair
ORDER BY uniqExact(traceId) DESC, pair
LIMIT {p4:UInt32}
-- p0 String "\u001e"
-- p1 String "acme"
-- p2 Array(UInt64) ["1767300000","1767300300"]
-- p3 Array(String) ["0123456789abcdef0123456789abcdef","0123456789abcdef0123456789abcdef"]
-- p4 UInt32 3000
