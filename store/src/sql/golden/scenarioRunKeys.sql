SELECT
  leftPad(lower(hex(key_hash)), 16, '0') AS `hash`,
  run_key AS `key`,
  toFloat64(at_ns - {p0:Int64} * 1000000) AS `at`,
  step * 2 + erred AS `code`,
  took AS `took`,
  lower(hex(trace_id)) AS `traceId`,
  lower(hex(span_id)) AS `spanId`
FROM (SELECT
  if(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p6:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p7:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String})]) = '', 0, cityHash64(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p6:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p7:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String})]))) AS `key_hash`,
  arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p6:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p7:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String})]) AS `run_key`,
  toUnixTimestamp64Nano(ts) AS `at_ns`,
  arrayJoin(arrayFilter(s -> s < {p8:UInt32}, [if((service = {p9:String}) AND (name = {p10:String}), {p11:UInt32}, {p8:UInt32}), if((service = {p9:String}) AND ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p13:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p14:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p13:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p14:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String})), NULL) >= toFloat64({p15:String}), 0)) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p16:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p17:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p18:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}) = {p19:String}))), {p20:UInt32}, {p8:UInt32}), if(0, {p21:UInt32}, {p8:UInt32})])) AS `step`,
  status = 2 AS `erred`,
  duration AS `took`,
  trace_id AS `trace_id`,
  span_id AS `span_id`
FROM `spans`
WHERE (tenant = {p22:String}) AND (bucket >= toDateTime({p23:UInt32})) AND (bucket < toDateTime({p24:UInt32})) AND (toUnixTimestamp64Nano(ts) >= {p0:Int64} * 1000000) AND (toUnixTimestamp64Nano(ts) < {p25:Int64} * 1000000) AND (((service = {p9:String}) AND (name = {p10:String})) OR ((service = {p9:String}) AND ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p13:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p14:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p13:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p14:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String})), NULL) >= toFloat64({p15:String}), 0)) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p16:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p17:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p18:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}) = {p19:String})))) OR (0)) AND (arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p6:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p7:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String})]) = {p26:String}))
WHERE (key_hash IN ({p27:Array(UInt64)}))
LIMIT {p28:UInt32}
-- p0 Int64 1767299970000
-- p1 Array(String) ["user.id=","user.id#","user.id?"]
-- p2 UInt32 9
-- p3 String "\u001d1"
-- p4 String "\u001d0"
-- p5 String "\u001d"
-- p6 Array(String) ["enduser.id=","enduser.id#","enduser.id?"]
-- p7 UInt32 12
-- p8 UInt32 3
-- p9 String "tv"
-- p10 String "login"
-- p11 UInt32 0
-- p12 Array(String) ["code=","code#","code?"]
-- p13 Array(String) ["code=","code#","code?"]
-- p14 UInt32 6
-- p15 String "500"
-- p16 Array(String) ["route=","route#","route?"]
-- p17 Array(String) ["route=","route#","route?"]
-- p18 UInt32 7
-- p19 String "/epg"
-- p20 UInt32 1
-- p21 UInt32 2
-- p22 String "acme"
-- p23 UInt32 1767299670
-- p24 UInt32 1767303660
-- p25 Int64 1767303660000
-- p26 String "k"
-- p27 Array(UInt64) ["81985529216486895"]
-- p28 UInt32 100000
