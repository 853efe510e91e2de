SELECT
  pair AS `pair`,
  uniqExact(traceId) AS `traces`
FROM (SELECT
  traceId AS `traceId`,
  extract(pair, {p0:String}) AS `pair`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p1:String}, rest))))) AS `pair`
FROM `spans`
WHERE (tenant = {p2:String}) AND ((bucket, trace_id) IN arrayMap((at, id) -> (toDateTime(at), toFixedString(unhex(id), 16)), {p3:Array(UInt64)}, {p4:Array(String)}))))
GROUP BY pair
ORDER BY uniqExact(traceId) DESC, pair
LIMIT {p5:UInt32}
-- p0 String "^[^=#?:]*"
-- p1 String "\u001e"
-- p2 String "acme"
-- p3 Array(UInt64) ["1767300000","1767300300"]
-- p4 Array(String) ["0123456789abcdef0123456789abcdef","0123456789abcdef0123456789abcdef"]
-- p5 UInt32 3000
