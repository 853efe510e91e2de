SELECT
  pair AS `pair`,
  uniqExactIf(traceId, traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)})) AS `selected`,
  uniqExactIf(traceId, NOT (traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)}))) AS `rest`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p1:String}, rest))), [concat({p2:String}, service), concat({p3:String}, name), concat({p4:String}, multiIf(status = 2, 'error', status = 1, 'ok', 'unset'))]))) AS `pair`
FROM `spans`
WHERE (tenant = {p5:String}) AND ((bucket, trace_id) IN arrayMap((at, id) -> (toDateTime(at), toFixedString(unhex(id), 16)), {p6:Array(UInt64)}, {p7:Array(String)})))
GROUP BY pair
HAVING (uniqExact(traceId) > 1)
ORDER BY abs(uniqExactIf(traceId, traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)})) / {p8:UInt32} - uniqExactIf(traceId, NOT (traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)}))) / {p8:UInt32}) DESC, pair
LIMIT {p9:UInt32}
-- p0 Array(String) ["0123456789abcdef0123456789abcdef"]
-- p1 String "\u001e"
-- p2 String "\u001cservice="
-- p3 String "\u001coperation="
-- p4 String "\u001cstatus="
-- p5 String "acme"
-- p6 Array(UInt64) ["1767300000","1767300300","1767300000"]
-- p7 Array(String) ["0123456789abcdef0123456789abcdef","0123456789abcdef0123456789abcdef","ffffffffffffffffffffffffffffffff"]
-- p8 UInt32 1
-- p9 UInt32 3000
