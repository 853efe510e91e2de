SELECT
  arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AS `isOwn`,
  replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}) AS `value`,
  leftPad(lower(hex(if(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '', toUInt64(0), resource_fp))), 16, '0') AS `resource`,
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p6:String}) AND (bucket >= toDateTime({p7:UInt32})) AND (bucket <= toDateTime({p8:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p9:UInt64})))
GROUP BY arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '', replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), if(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '', toUInt64(0), resource_fp)
ORDER BY count() DESC
LIMIT {p10:UInt32}
-- p0 Array(String) ["http.route=","http.route#","http.route?"]
-- p1 Array(String) ["http.route=","http.route#","http.route?"]
-- p2 UInt32 12
-- p3 String "\u001d1"
-- p4 String "\u001d0"
-- p5 String "\u001d"
-- p6 String "acme"
-- p7 UInt32 1767300000
-- p8 UInt32 1767303300
-- p9 UInt64 "1767300030000000000"
-- p10 UInt32 20000
