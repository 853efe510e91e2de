SELECT
  lower(hex(trace_id)) AS `traceId`,
  max(has_root) AS `hasRoot`,
  argMin(root_service, (1 - has_root, start_ns)) AS `rootService`,
  argMin(root_operation, (1 - has_root, start_ns)) AS `rootOperation`,
  toString(min(start_ns)) AS `startNs`,
  max(end_ns) - min(start_ns) AS `durationNs`,
  sum(spans) AS `spans`,
  sum(errors) AS `errors`,
  arraySort(groupUniqArrayArray(services)) AS `services`
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (service = {p3:String}) AND (name = {p4:String}) AND (trace_id IN (SELECT
  trace_id AS `traceId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND ((((has({p5:Array(String)}, service)) AND (kind != {p6:UInt16})) AND (((status = 2) AND ((trace_id, parent_lo) IN (SELECT
  trace_id AS `traceId`,
  reinterpretAsUInt32(substring(span_id, 1, 4)) AS `spanId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (has({p7:Array(String)}, service))
ORDER BY ts DESC
LIMIT {p8:UInt32}))) OR ((trace_id, parent_lo) IN (SELECT
  trace_id AS `traceId`,
  reinterpretAsUInt32(substring(span_id, 1, 4)) AS `spanId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (has({p7:Array(String)}, service)) AND (status = 2)
ORDER BY ts DESC
LIMIT {p8:UInt32})))) OR ((has({p9:Array(String)}, service)) AND (links != '') AND (status = 2) AND ((trace_id, span_id) IN (SELECT
  trace_id AS `traceId`,
  span_id AS `spanId`
FROM `span_links`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (has({p9:Array(String)}, service)) AND ((linked_trace, linked_span) IN (SELECT
  trace_id AS `traceId`,
  span_id AS `spanId`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (has({p10:Array(String)}, service))
ORDER BY ts DESC
LIMIT {p8:UInt32}))
LIMIT {p8:UInt32}))) OR ((has({p11:Array(String)}, service)) AND (kind IN ({p12:UInt16}, {p6:UInt16})) AND (status = 2) AND (((multiSearchAnyCaseInsensitiveUTF8(arrayStringConcat(items, '\x1e'), {p13:Array(String)})) OR (multiSearchAnyCaseInsensitiveUTF8(rest, {p13:Array(String)}))) AND (has({p14:Array(String)}, arrayFirst(n -> n != '', [arrayMap((t, y) -> if(t = '' OR y = '', t, concat(y, '/', t)), [if(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p15:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p16:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p20:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p21:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})]) = 'true' OR arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p22:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p16:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})]) = 'true', '(temporary)', arrayFirst(n -> n != '', [arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p23:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p24:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})]), arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p25:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p21:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p26:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p27:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})])]))], [arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p28:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p29:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})])])[1], arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p28:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p29:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})]), arrayFirst(n -> n != '', [arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p30:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p31:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p32:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p33:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})]), arrayMap(h -> multiIf(startsWith(h, '['), replaceRegexpOne(extract(h, '^.([^]%]*)'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), countSubstrings(h, ':') > 1, replaceRegexpOne(extract(h, '^[^%]*'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), replaceRegexpOne(extract(h, '^[^:]*'), '[.]$', '')), [lower(trimBoth(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p34:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p35:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p36:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p37:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p38:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p39:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})])))])[1], arrayMap(h -> multiIf(startsWith(h, '['), replaceRegexpOne(extract(h, '^.([^]%]*)'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), countSubstrings(h, ':') > 1, replaceRegexpOne(extract(h, '^[^%]*'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), replaceRegexpOne(extract(h, '^[^:]*'), '[.]$', '')), [lower(trimBoth(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p40:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p41:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})])))])[1], arrayMap(h -> multiIf(startsWith(h, '['), replaceRegexpOne(extract(h, '^.([^]%]*)'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), countSubstrings(h, ':') > 1, replaceRegexpOne(extract(h, '^[^%]*'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), replaceRegexpOne(extract(h, '^[^:]*'), '[.]$', '')), [lower(trimBoth(extract(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p42:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p43:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p44:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p43:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})]), '://(?:[^/?#]*@)?([^/?#]*)')))])[1], arrayMap(h -> multiIf(startsWith(h, '['), replaceRegexpOne(extract(h, '^.([^]%]*)'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), countSubstrings(h, ':') > 1, replaceRegexpOne(extract(h, '^[^%]*'), '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\1'), replaceRegexpOne(extract(h, '^[^:]*'), '[.]$', '')), [lower(trimBoth(arrayFirst(v -> v != '', [replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p45:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p46:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p47:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p39:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String}), replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p48:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p49:UInt32}), {p17:String}, '\x1e'), {p18:String}, {p19:String})])))])[1]])]))) AND (NOT kind = {p12:UInt16} OR (((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p50:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '')) AND NOT ((arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p51:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '') OR (arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p52:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))) != '')))))) OR ((has({p53:Array(String)}, service)) AND (kind IN ({p54:UInt16})) AND (parent_lo = 0) AND (parent_hi = 0) AND (status = 2)))
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p55:UInt32}))
GROUP BY trace_id
ORDER BY max(ts) DESC, trace_id DESC
LIMIT {p56:UInt32}))
GROUP BY trace_id
HAVING (min(start_ns) >= {p57:UInt64}) AND (min(start_ns) < {p58:UInt64}) AND (sum(errors) > 0)
ORDER BY min(start_ns) DESC, trace_id DESC
LIMIT {p39:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 String "epg"
-- p4 String "GET /"
-- p5 Array(String) ["epg"]
-- p6 UInt16 5
-- p7 Array(String) ["tv"]
-- p8 UInt32 1000000
-- p9 Array(String) ["epg"]
-- p10 Array(String) ["tv"]
-- p11 Array(String) ["epg"]
-- p12 UInt16 3
-- p13 Array(String) ["orders"]
-- p14 Array(String) ["kafka/orders"]
-- p15 Array(String) ["messaging.destination.temporary=","messaging.destination.temporary#","messaging.destination.temporary?"]
-- p16 UInt32 33
-- p17 String "\u001d1"
-- p18 String "\u001d0"
-- p19 String "\u001d"
-- p20 Array(String) ["messaging.temp_destination=","messaging.temp_destination#","messaging.temp_destination?"]
-- p21 UInt32 28
-- p22 Array(String) ["messaging.destination.anonymous=","messaging.destination.anonymous#","messaging.destination.anonymous?"]
-- p23 Array(String) ["messaging.destination.template="]
-- p24 UInt32 32
-- p25 Array(String) ["messaging.destination.name="]
-- p26 Array(String) ["messaging.destination="]
-- p27 UInt32 23
-- p28 Array(String) ["messaging.system="]
-- p29 UInt32 18
-- p30 Array(String) ["service.peer.name="]
-- p31 UInt32 19
-- p32 Array(String) ["peer.service="]
-- p33 UInt32 14
-- p34 Array(String) ["server.address="]
-- p35 UInt32 16
-- p36 Array(String) ["net.peer.name="]
-- p37 UInt32 15
-- p38 Array(String) ["net.sock.peer.name="]
-- p39 UInt32 20
-- p40 Array(String) ["http.host="]
-- p41 UInt32 11
-- p42 Array(String) ["url.full="]
-- p43 UInt32 10
-- p44 Array(String) ["http.url="]
-- p45 Array(String) ["network.peer.address="]
-- p46 UInt32 22
-- p47 Array(String) ["net.sock.peer.addr="]
-- p48 Array(String) ["net.peer.ip="]
-- p49 UInt32 13
-- p50 Array(String) ["messaging.system=","messaging.system#","messaging.system?"]
-- p51 Array(String) ["db.system.name=","db.system.name#","db.system.name?"]
-- p52 Array(String) ["db.system=","db.system#","db.system?"]
-- p53 Array(String) ["epg"]
-- p54 UInt16 2
-- p55 UInt32 500000
-- p56 UInt32 10000
-- p57 UInt64 "1767300000000000000"
-- p58 UInt64 "1767303600000000000"
