SELECT
  lower(hex(trace_id)) AS `traceId`,
  toString(min(start_ns)) AS `startNs`,
  max(end_ns) - min(start_ns) AS `durationNs`,
  sum(errors) AS `errors`,
  count() OVER () AS `found`
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (cityHash64(trace_id) % {p3:UInt32} = 0)
GROUP BY trace_id
HAVING (min(start_ns) >= {p4:UInt64}) AND (min(start_ns) < {p5:UInt64}) AND (max(end_ns) - min(start_ns) >= {p6:UInt64})
ORDER BY cityHash64(trace_id)
LIMIT {p7:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
-- p3 UInt32 3
-- p4 UInt64 "1767300000000000000"
-- p5 UInt64 "1767303600000000000"
-- p6 UInt64 "5"
-- p7 UInt32 100
