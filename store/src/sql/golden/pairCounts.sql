SELECT
  pair AS `pair`,
  uniqExact(traceId) AS `traces`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p0:String}, rest))))) AS `pair`
FROM `spans`
WHERE (tenant = {p1:String}) AND ((bucket, trace_id) IN (SELECT
  bucket AS `bucket`,
  trace_id AS `traceId`
FROM `traces`
WHERE (tenant = {p1:String}) AND (bucket >= toDateTime({p2:UInt32})) AND (bucket < toDateTime({p3:UInt32})) AND (cityHash64(trace_id) IN {p4:Array(UInt64)}))))
GROUP BY pair
ORDER BY uniqExact(traceId) DESC, pair
LIMIT {p5:UInt32}
-- p0 String "\u001e"
-- p1 String "acme"
-- p2 UInt32 1767299100
-- p3 UInt32 1767304500
-- p4 Array(UInt64) ["81985529216486895"]
-- p5 UInt32 3000
