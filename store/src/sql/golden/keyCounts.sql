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
WHERE (tenant = {p2:String}) AND ((bucket, trace_id) IN (SELECT
  bucket AS `bucket`,
  trace_id AS `traceId`
FROM `traces`
WHERE (tenant = {p2:String}) AND (bucket >= toDateTime({p3:UInt32})) AND (bucket < toDateTime({p4:UInt32})) AND (cityHash64(trace_id) IN {p5:Array(UInt64)})))))
GROUP BY pair
ORDER BY uniqExact(traceId) DESC, pair
LIMIT {p6:UInt32}
-- p0 String "^[^=#?:]*"
-- p1 String "\u001e"
-- p2 String "acme"
-- p3 UInt32 1767299100
-- p4 UInt32 1767304500
-- p5 Array(UInt64) ["81985529216486895"]
-- p6 UInt32 3000
