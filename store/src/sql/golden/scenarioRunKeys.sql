SELECT
  leftPad(lower(hex(key_hash)), 16, '0') AS `hash`,
  any(run_key) AS `key`
FROM (SELECT
  if(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})]) = '', 0, cityHash64(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})]))) AS `key_hash`,
  arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})]) AS `run_key`
FROM `spans`
WHERE (tenant = {p7:String}) AND (bucket >= toDateTime({p8:UInt32})) AND (bucket < toDateTime({p9:UInt32})) AND (((service = {p10:String}) AND (name = {p11:String})) OR ((service = {p10:String}) AND ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p12:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p13:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p14:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p13:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p14:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})), NULL) >= toFloat64({p15:String}), 0)) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p16:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p17:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p18:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}) = {p19:String})))) OR (0)) AND (arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p0:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p1:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p5:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p6:UInt32}), {p2:String}, '\x1e'), {p3:String}, {p4:String})]) = {p20:String}) AND (trace_id IN (toFixedString(unhex({p21:String}), 16))))
WHERE (key_hash IN ({p22:Array(UInt64)}))
GROUP BY key_hash
-- p0 Array(String) ["user.id=","user.id#","user.id?"]
-- p1 UInt32 9
-- p2 String "\u001d1"
-- p3 String "\u001d0"
-- p4 String "\u001d"
-- p5 Array(String) ["enduser.id=","enduser.id#","enduser.id?"]
-- p6 UInt32 12
-- p7 String "acme"
-- p8 UInt32 1767299730
-- p9 UInt32 1767300031
-- p10 String "tv"
-- p11 String "login"
-- p12 Array(String) ["code=","code#","code?"]
-- p13 Array(String) ["code=","code#","code?"]
-- p14 UInt32 6
-- p15 String "500"
-- p16 Array(String) ["route=","route#","route?"]
-- p17 Array(String) ["route=","route#","route?"]
-- p18 UInt32 7
-- p19 String "/epg"
-- p20 String "k"
-- p21 String "0123456789abcdef0123456789abcdef"
-- p22 Array(UInt64) ["81985529216486895"]
