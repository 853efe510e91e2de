SELECT
  pair AS `pair`,
  uniqExactIf(traceId, cityHash64(traceId) IN {p0:Array(UInt64)}) AS `selected`,
  uniqExactIf(traceId, NOT (cityHash64(traceId) IN {p0:Array(UInt64)})) AS `rest`
FROM (SELECT
  traceId AS `traceId`,
  extract(pair, {p1:String}) AS `pair`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p2:String}, rest))))) AS `pair`
FROM `spans`
WHERE (tenant = {p3:String}) AND ((bucket, trace_id) IN (SELECT
  bucket AS `bucket`,
  trace_id AS `traceId`
FROM `traces`
WHERE (tenant = {p3:String}) AND (bucket >= toDateTime({p4:UInt32})) AND (bucket < toDateTime({p5:UInt32})) AND (cityHash64(trace_id) IN {p6:Array(UInt64)})))))
GROUP BY pair
ORDER BY abs(uniqExactIf(traceId, cityHash64(traceId) IN {p0:Array(UInt64)}) / {p7:UInt32} - uniqExactIf(traceId, NOT (cityHash64(traceId) IN {p0:Array(UInt64)})) / {p7:UInt32}) DESC, pair
LIMIT {p8:UInt32}
-- p0 Array(UInt64) ["81985529216486895"]
-- p1 String "^[^=#?:]*"
-- p2 String "\u001e"
-- p3 String "acme"
-- p4 UInt32 1767299100
-- p5 UInt32 1767304500
-- p6 Array(UInt64) ["81985529216486895","18446744073709551615"]
-- p7 UInt32 1
-- p8 UInt32 3000
