SELECT
  pair AS `pair`,
  uniqExactIf(traceId, traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)})) AS `selected`,
  uniqExactIf(traceId, NOT (traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)}))) AS `rest`
FROM (SELECT
  traceId AS `traceId`,
  extract(pair, {p1:String}) AS `pair`
FROM (SELECT
  trace_id AS `traceId`,
  arrayJoin(arrayDistinct(arrayConcat(items, arrayFilter(each -> each != '', splitByChar({p2:String}, rest))))) AS `pair`
FROM `spans`
WHERE (tenant = {p3:String}) AND ((bucket, trace_id) IN arrayMap((at, id) -> (toDateTime(at), toFixedString(unhex(id), 16)), {p4:Array(UInt64)}, {p5:Array(String)}))))
GROUP BY pair
ORDER BY abs(uniqExactIf(traceId, traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)})) / {p6:UInt32} - uniqExactIf(traceId, NOT (traceId IN arrayMap(id -> toFixedString(unhex(id), 16), {p0:Array(String)}))) / {p6:UInt32}) DESC, pair
LIMIT {p7:UInt32}
-- p0 Array(String) ["0123456789abcdef0123456789abcdef"]
-- p1 String "^[^=#?:]*"
-- p2 String "\u001e"
-- p3 String "acme"
-- p4 Array(UInt64) ["1767300000","1767300300","1767300000"]
-- p5 Array(String) ["0123456789abcdef0123456789abcdef","0123456789abcdef0123456789abcdef","ffffffffffffffffffffffffffffffff"]
-- p6 UInt32 1
-- p7 UInt32 3000
