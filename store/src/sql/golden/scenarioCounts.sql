SELECT
  countIf(NOT (key_hash = 0) AND step >= 0) AS `matches`,
  countIf(key_hash = 0 AND step >= 0) AS `withoutKey`
FROM (SELECT
  if(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})]) = '', 0, cityHash64(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})]))) AS `key_hash`,
  arrayJoin(arrayFilter(s -> s < {p7:UInt32}, [if((service = {p8:String}) AND (name = {p9:String}), {p10:UInt32}, {p7:UInt32}), if((service = {p8:String}) AND ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p11:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p13:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p13:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})), NULL) >= toFloat64({p14:String}), 0)) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p15:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p16:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p17:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}) = {p18:String}))), {p19:UInt32}, {p7:UInt32}), if(0, {p20:UInt32}, {p7:UInt32})])) AS `step`
FROM `spans`
WHERE (tenant = {p21:String}) AND (bucket >= toDateTime({p22:UInt32})) AND (bucket < toDateTime({p23:UInt32})) AND (toUnixTimestamp64Nano(ts) >= {p24:Int64} * 1000000) AND (toUnixTimestamp64Nano(ts) < {p25:Int64} * 1000000) AND (((service = {p8:String}) AND (name = {p9:String})) OR ((service = {p8:String}) AND ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p11:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p13:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p13:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})), NULL) >= toFloat64({p14:String}), 0)) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p15:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p16:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p17:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}) = {p18:String})))) OR (0)))
-- p0 Array(String) ["user.id=","user.id#","user.id?"]
-- p1 UInt32 9
-- p2 String "\u001d1"
-- p3 String "\u001d0"
-- p4 String "\u001d"
-- p5 Array(String) ["enduser.id=","enduser.id#","enduser.id?"]
-- p6 UInt32 12
-- p7 UInt32 3
-- p8 String "tv"
-- p9 String "login"
-- p10 UInt32 0
-- p11 Array(String) ["code=","code#","code?"]
-- p12 Array(String) ["code=","code#","code?"]
-- p13 UInt32 6
-- p14 String "500"
-- p15 Array(String) ["route=","route#","route?"]
-- p16 Array(String) ["route=","route#","route?"]
-- p17 UInt32 7
-- p18 String "/epg"
-- p19 UInt32 1
-- p20 UInt32 2
-- p21 String "acme"
-- p22 UInt32 1767299670
-- p23 UInt32 1767303660
-- p24 Int64 1767299970000
-- p25 Int64 1767303660000
