SELECT
  pair AS `pair`,
  uniqExactIf(traceId, cityHash64(traceId) IN {p0:Array(UInt64)}) AS `selected`,
  uniqExactIf(traceId, NOT (cityHash64(traceId) IN {p0:Array(UInt64)})) AS `rest`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p1:String}, rest))), [concat({p2:String}, service), concat({p3:String}, name), concat({p4:String}, multiIf(status = 2, 'error', status = 1, 'ok', 'unset'))]))) AS `pair`
FROM `spans`
WHERE (tenant = {p5:String}) AND ((bucket, trace_id) IN (SELECT
  bucket AS `bucket`,
  trace_id AS `traceId`
FROM `traces`
WHERE (tenant = {p5:String}) AND (bucket >= toDateTime({p6:UInt32})) AND (bucket < toDateTime({p7:UInt32})) AND (cityHash64(trace_id) IN {p8:Array(UInt64)}))))
GROUP BY pair
HAVING (uniqExact(traceId) > 1)
ORDER BY abs(uniqExactIf(traceId, cityHash64(traceId) IN {p0:Array(UInt64)}) / {p9:UInt32} - uniqExactIf(traceId, NOT (cityHash64(traceId) IN {p0:Array(UInt64)})) / {p9:UInt32}) DESC, pair
LIMIT {p10:UInt32}
-- p0 Array(UInt64) ["81985529216486895"]
-- p1 String "\u001e"
-- p2 String "\u001cservice="
-- p3 String "\u001coperation="
-- p4 String "\u001cstatus="
-- p5 String "acme"
-- p6 UInt32 1767299100
-- p7 UInt32 1767304500
-- p8 Array(UInt64) ["81985529216486895","18446744073709551615"]
-- p9 UInt32 1
-- p10 UInt32 3000
