SELECT
  toString(toUnixTimestamp64Nano(ts)) AS `timeNs`,
  toString(seq) AS `seq`,
  severity AS `severity`,
  severity_text AS `severityText`,
  service AS `service`,
  scope AS `scope`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  if(trace_id = toFixedString('', 16), '', lower(hex(trace_id))) AS `traceId`,
  if(span_id = toFixedString('', 8), '', lower(hex(span_id))) AS `spanId`,
  if(pattern = 0, '', leftPad(lower(hex(pattern)), 16, '0')) AS `pattern`,
  body AS `body`,
  body_kind AS `bodyKind`,
  items AS `items`,
  rest AS `rest`
FROM `logs`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p3:UInt64}))) AND ((ts, seq) < (fromUnixTimestamp64Nano(toInt64({p4:UInt64})), {p4:UInt64})) AND (((hasAllTokens(translate(lower(body), '_.:\'', '    '), {p5:Array(String)})) AND (match(lower(body), {p6:String}))) AND ((hasAllTokens(translate(lower(body), '_.:\'', '    '), {p7:Array(String)})) AND (lower(body) LIKE {p8:String})) AND (NOT ((lower(body) LIKE {p9:String}) AND (match(lower(body), {p10:String})))) AND (((body != '') AND (match(body, {p11:String}))) OR (severity >= {p12:UInt16})) AND ((hasAny(items, {p13:Array(String)}) OR hasAny(splitByChar('\x1e', rest), {p13:Array(String)})) OR (NOT (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p14:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '') AND (resource_fp IN {p15:Array(UInt64)}))) AND (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p16:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '' AND ifNull(if(match(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p17:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p18:UInt32}), {p19:String}, '\x1e'), {p20:String}, {p21:String}), '^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p17:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p18:UInt32}), {p19:String}, '\x1e'), {p20:String}, {p21:String})), NULL) > toFloat64({p22:String}), 0)) AND ((resource_fp IN {p23:Array(UInt64)})) AND (trace_id = toFixedString(unhex({p24:String}), 16)))
ORDER BY ts DESC, seq DESC
LIMIT {p25:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303300
-- p3 UInt64 "1767300030000000000"
-- p4 UInt64 "81985529216486895"
-- p5 Array(String) ["connection","reset"]
-- p6 String "(?s)(?:^|[^a-z0-9])connection reset(?:[^a-z0-9]|$)"
-- p7 Array(String) ["登","录"]
-- p8 String "%登录%"
-- p9 String "%pay%"
-- p10 String "(?s)(?:^|[^a-z0-9])pay.*"
-- p11 String "(?-s)a|b"
-- p12 UInt16 13
-- p13 Array(String) ["http.route=/epg"]
-- p14 Array(String) ["http.route=","http.route#","http.route?"]
-- p15 Array(UInt64) ["81985529216486895"]
-- p16 Array(String) ["took=","took#","took?"]
-- p17 Array(String) ["took=","took#","took?"]
-- p18 UInt32 6
-- p19 String "\u001d1"
-- p20 String "\u001d0"
-- p21 String "\u001d"
-- p22 String "5"
-- p23 Array(UInt64) ["81985529216486895"]
-- p24 String "0123456789abcdef0123456789abcdef"
-- p25 UInt32 20
