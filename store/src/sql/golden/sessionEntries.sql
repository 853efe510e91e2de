SELECT
  entries AS `entries`,
  count() AS `sessions`
FROM (SELECT
  session AS `session`,
  arrayCompact(arrayMap(e -> e.2, arraySlice(arraySort(groupArray(200)((at_ns, entry))), 1, {p0:UInt32}))) AS `entries`
FROM (SELECT
  any(session) AS `session`,
  min(at_ns) AS `at_ns`,
  argMin(entry, at_ns) AS `entry`
FROM (SELECT
  trace_id AS `trace_id`,
  session AS `session`,
  at_ns AS `at_ns`,
  entry AS `entry`
FROM (SELECT
  trace_id AS `trace_id`,
  replaceAll(replaceAll(substring(arrayFirst(x -> arrayExists(p -> startsWith(x, p), {p1:Array(String)}), arrayConcat(items, splitByChar('\x1e', rest))), {p2:UInt32}), {p3:String}, '\x1e'), {p4:String}, {p5:String}) AS `session`,
  toUnixTimestamp64Nano(ts) AS `at_ns`,
  concat(service, '\x1f', name) AS `entry`
FROM `spans`
WHERE (tenant = {p6:String}) AND (bucket >= toDateTime({p7:UInt32})) AND (bucket < toDateTime({p8:UInt32})) AND (toUnixTimestamp64Nano(ts) >= {p9:UInt64}) AND (toUnixTimestamp64Nano(ts) < {p10:UInt64}) AND (kind IN ({p11:UInt32}, {p12:UInt32})))
WHERE (session != ''))
GROUP BY trace_id)
GROUP BY session
ORDER BY cityHash64(session)
LIMIT {p13:UInt32})
GROUP BY entries
ORDER BY count() DESC, entries
LIMIT {p14:UInt32}
-- p0 UInt32 30
-- p1 Array(String) ["session.id=","session.id#","session.id?"]
-- p2 UInt32 12
-- p3 String "\u001d1"
-- p4 String "\u001d0"
-- p5 String "\u001d"
-- p6 String "acme"
-- p7 UInt32 1767299730
-- p8 UInt32 1767303600
-- p9 UInt64 "1767300030000000000"
-- p10 UInt64 "1767303600000000000"
-- p11 UInt32 2
-- p12 UInt32 5
-- p13 UInt32 100
-- p14 UInt32 2000
