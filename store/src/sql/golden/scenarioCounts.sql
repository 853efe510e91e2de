SELECT
  countIf(NOT (key_hash = 0)) AS `matches`,
  countIf(key_hash = 0) AS `withoutKey`
FROM (SELECT
  if(if(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}) != '', replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})) = '', 0, cityHash64(if(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}) != '', replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})))) AS `key_hash`
FROM `spans`
WHERE (tenant = {p7:String}) AND (bucket >= toDateTime({p8:UInt32})) AND (bucket < toDateTime({p9:UInt32})) AND (toUnixTimestamp64Nano(ts) >= {p10:Int64} * 1000000) AND (toUnixTimestamp64Nano(ts) < {p11:Int64} * 1000000) AND (((service = {p12:String}) AND (name = {p13:String})) OR ((service = {p12:String}) AND ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p14:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p15:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p16:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p15:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p16:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})), NULL) >= toFloat64({p17:String}), 0)) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p18:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p19:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p20:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}) = {p21:String})))) OR (0)))
-- p0 Array(String) ["user.id=","user.id#","user.id?"]
-- p1 UInt32 9
-- p2 String "\u001d1"
-- p3 String "\u001d0"
-- p4 String "\u001d"
-- p5 Array(String) ["enduser.id=","enduser.id#","enduser.id?"]
-- p6 UInt32 12
-- p7 String "acme"
-- p8 UInt32 1767299670
-- p9 UInt32 1767303660
-- p10 Int64 1767299970000
-- p11 Int64 1767303660000
-- p12 String "tv"
-- p13 String "login"
-- p14 Array(String) ["code=","code#","code?"]
-- p15 Array(String) ["code=","code#","code?"]
-- p16 UInt32 6
-- p17 String "500"
-- p18 Array(String) ["route=","route#","route?"]
-- p19 Array(String) ["route=","route#","route?"]
-- p20 UInt32 7
-- p21 String "/epg"
